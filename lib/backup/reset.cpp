// Reset: an empty database in place of the service's own.
#include "backup/reset.h"

#include "backup/interrupt.h"
#include "backup/replacement.h"

namespace backup {

void reset(const service::Site& site, const service::Service& service) {
    const Interrupt interrupt;
    const Session session{site, service, Use::changing};
    check_ties(session);
    Replacement replacement{session};
    replacement.make();
    Interrupt::check();
    replacement.put_in_place();
}

}  // namespace backup

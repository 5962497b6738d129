// Reset: an empty database in place of the service's own.
#include "transfer/reset.h"

#include "process/cancellation.h"
#include "transfer/staging_database.h"

namespace transfer {

void reset(const service::Service& service) {
    const process::Cancellation interrupt;
    const Session session{service, Use::changing};
    check_ties(session);
    StagingDatabase staging{session};
    staging.make();
    process::check_cancelled();
    staging.put_in_place();
}

}  // namespace transfer

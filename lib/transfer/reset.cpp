// Reset: an empty database in place of the service's own.
#include "transfer/reset.h"

#include "process/cancellation.h"
#include "server/operation.h"
#include "transfer/staging_database.h"

namespace transfer {

void reset(const service::Service& service) {
    const process::Cancellation interrupt;
    const Session session{service, Use::changing};
    check_ties(session);
    StagingDatabase staging{session};
    server::run(service, {.name = "reset",
                          .locks = server::Locks::held,
                          .plan =
                              [&](auto& journal, const auto&) {
                                  journal.memory["database"] = staging.name();
                                  return std::vector<server::Step>{
                                      {"make", [&] { staging.make(); }, [&] { staging.discard(); }},
                                      {"replace", [&] { staging.put_in_place(); }}};
                              },
                          .takes_over = changes_data,
                          .unfinished = unfinished_change_of_data()});
}

}  // namespace transfer

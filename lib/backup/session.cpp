// A service opened for work on its data: up, answering, and with the tools of its own image at
// hand.
#include "backup/session.h"

#include "pg/access.h"
#include "service/container.h"
#include "service/ready.h"
#include "service/words.h"

namespace backup {

namespace {

constexpr std::chrono::seconds patience{120};
constexpr std::size_t application_bytes = 8;

}  // namespace

Session::Session(const service::Site& site, const service::Service& service, Use use)
    : site_(site),
      service_(service),
      application_("dokku-postgres-" + service::random_hex(application_bytes)) {
    if (use == Use::changing) lock_.emplace(site, service::Lock::Of::service, service.name);
    auto found = service::container_of(site, service);
    if (!found || !found->running()) {
        std::optional<service::Lock> brief;
        if (use == Use::reading) brief.emplace(site, service::Lock::Of::service, service.name);
        found = service::bring_up(site, service);
    }
    container_ = service::wait_until_ready(site, service, patience, std::move(found));
    login_ = service::login(site, service, container_);
    auto connection = own();
    version_ = connection.version();
    const std::string method = pg::socket_method(connection, login_.user, login_.database);
    needs_password_ = method == "scram-sha-256" || method == "md5" || method == "password";
}

pg::Connection Session::own() const { return pg::Connection{login_}; }

pg::Connection Session::beside() const {
    constexpr const char* no_such_database = "3D000";
    pg::Login login = login_;
    login.database = "postgres";
    if (login_.database != login.database) {
        try {
            return pg::Connection{login};
        } catch (const pg::Failure& failure) {
            if (failure.sqlstate() != no_such_database) throw;
        }
    }
    login.database = "template1";
    return pg::Connection{login};
}

process::Command Session::tool(const std::vector<std::string>& words, const std::string& database,
                               bool input, const std::vector<std::string>& settings,
                               bool terminal) const {
    // The name in the environment is only a name; on a command line it could be a connection
    // string.
    std::vector<std::string> environment = {"LANG=C.UTF-8", "LC_ALL=C.UTF-8",
                                            "PGDATABASE=" + database, "PGUSER=" + login_.user,
                                            "PGAPPNAME=" + application_};
    std::string options;
    for (const auto& setting : settings) options += (options.empty() ? "-c " : " -c ") + setting;
    if (!options.empty()) environment.push_back("PGOPTIONS=" + options);
    // Without a value the client takes it from its own environment: no argv holds it.
    if (needs_password_) environment.emplace_back("PGPASSWORD");
    process::Command command =
        site_.engine.exec(container_.name, words, input, terminal, "postgres", environment);
    if (needs_password_) command.environment.emplace_back("PGPASSWORD", login_.password);
    return command;
}

}  // namespace backup

// Access to the data of a running service: connections to its server, and tools of its image.
#include "transfer/session.h"

#include "pg/access.h"
#include "process/cancellation.h"
#include "server/container.h"
#include "server/ready.h"
#include "server/settle.h"
#include "service/random.h"
#include "service/shell_words.h"
#include "service/unfinished.h"

namespace transfer {

namespace {

constexpr std::size_t application_bytes = 8;
constexpr std::size_t password_bytes = 16;
constexpr auto wrong_password = "28P01";

bool takes_password(const std::string& method) {
    return method == "scram-sha-256" || method == "md5" || method == "password";
}

// Removes timeouts that not every major has, and that a role or a database may have.
pg::Connection without_limits(const pg::Login& login) {
    pg::Connection connection{login};
    connection.query(
        "select set_config(name, '0', false) from pg_settings"
        " where name in ('idle_session_timeout', 'transaction_timeout') and setting <> '0'");
    return connection;
}

}  // namespace

Session::Session(const service::Service& service, Use use, std::chrono::seconds patience)
    : service_(service), application_("dokku-postgres-" + service::random_hex(application_bytes)) {
    std::optional<state::Lock> brief;  // until the server has started
    if (use == Use::changing) {
        server_lock_.emplace(service.environment(), state::Lock::Of::server, service.name);
        brief.emplace(service.environment(), state::Lock::Of::service, service.name);
    }
    if (use != Use::locked) service::check_finished(service);
    if (use == Use::changing) server::settle(service);
    auto found = server::container_of(service);
    if (use != Use::locked && (!found || !found->running())) {
        if (!brief) brief.emplace(service.environment(), state::Lock::Of::service, service.name);
        found = server::wake(service);
    }
    brief.reset();
    container_ = server::wait_until_ready(service, patience, {.seen = std::move(found)});
    if (use == Use::changing) server::settle_answering(service);
    login_ = server::login(service, container_);
    shared_->address = login_.host;
    auto connection = own();
    version_ = connection->version();
    needs_password_ = takes_password(pg::socket_method(connection, login_.user, login_.database));
}

PooledConnection Session::own() const { return to(login_.database); }

pg::Connection Session::dedicated() const { return log_in(login_.database); }

PooledConnection Session::to(const std::string& database) const {
    auto idle = pool_->take(database);
    return {pool_, database, idle ? std::move(*idle) : log_in(database)};
}

pg::Login Session::login(const std::string& database) const {
    pg::Login login = login_;
    login.host = shared_->address;
    login.database = database;
    return login;
}

pg::Connection Session::log_in(const std::string& database) const {
    pg::Login login = this->login(database);
    try {
        return without_limits(login);
    } catch (const pg::Failure& failure) {
        if (!failure.sqlstate().empty() && failure.sqlstate() != wrong_password) throw;
        shared_->address = present_address();
        if (shared_->address == login.host) throw;
        login.host = shared_->address;
    }
    return without_limits(login);
}

// During hours of work another command may move the container to other networks, and its old
// address may then belong to another server.
std::string Session::present_address() const {
    const auto container = server::container_of(service_);
    return container && container->running() ? server::address_of(*container) : shared_->address;
}

PooledConnection Session::beside() const {
    constexpr const char* usual = "postgres";
    constexpr const char* no_such_database = "3D000";
    if (login_.database != usual) {
        try {
            return to(usual);
        } catch (const pg::Failure& failure) {
            if (failure.sqlstate() != no_such_database) throw;
        }
    }
    return to("template1");
}

std::string new_password() { return service::random_hex(password_bytes); }

Role new_role(pg::Connection& server, const std::string& name, const std::string& database) {
    const std::string method = pg::socket_method(server, name, database);
    if (method == "trust") return {.name = name};
    return {.name = name, .password = new_password(), .over_tcp = !takes_password(method)};
}

process::Command Session::tool(const Tool& tool) const {
    const Role own{.name = login_.user,
                   .password = needs_password_ ? login_.password : std::string{}};
    const Role& role = tool.as ? *tool.as : own;
    // In the environment a database name is only a name; on a command line it could be a connection
    // string.
    std::vector<std::string> environment = {"LANG=C.UTF-8", "LC_ALL=C.UTF-8",
                                            "PGDATABASE=" + tool.database, "PGUSER=" + role.name,
                                            "PGAPPNAME=" + application_};
    if (role.over_tcp) environment.emplace_back("PGHOST=127.0.0.1");
    std::string options;
    for (const auto& setting : tool.settings)
        options += (options.empty() ? "-c " : " -c ") + setting;
    if (!options.empty()) environment.push_back("PGOPTIONS=" + options);
    // Without a value docker takes it from its own environment, so that it is in no argv.
    if (!role.password.empty()) environment.emplace_back("PGPASSWORD");
    process::Command command = service_.engine().exec(container_.name, tool.words,
                                                      {.input = tool.input,
                                                       .terminal = tool.terminal,
                                                       .user = "postgres",
                                                       .environment = environment});
    if (!role.password.empty()) command.environment.emplace_back("PGPASSWORD", role.password);
    return command;
}

// A shell in the container prints a last line, because the client's exit code does not distinguish
// the end of the tool from a lost connection to the engine (moby: a running exec has no exit code,
// which reads as 0).
process::Command Session::work(Tool tool) const {
    const std::vector<std::string> shell = {
        "sh", "-c", R"(end=$1; shift; "$@"; code=$?; echo "$end" >&2; exit $code)", "sh",
        application_};
    tool.words.insert(tool.words.begin(), shell.begin(), shell.end());
    ++shared_->tools_at_work;
    return this->tool(tool);
}

process::Result Session::outcome(process::Result result) const {
    const std::string end = application_ + "\n";
    if (result.err.ends_with(end)) {
        result.err.resize(result.err.size() - end.size());
        --shared_->tools_at_work;
    } else if (result.ok()) {
        result.status = 1;
        result.err += "error: the connection to the container was lost\n";
    }
    return result;
}

}  // namespace transfer

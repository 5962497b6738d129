// Handles of libpq, and the login, for the files of this folder.
#include "pg/handle.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <utility>

namespace pg {

namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

constexpr std::size_t sqlstate_length = 5;
// A path that cannot exist; libpq ignores a missing file.
constexpr const char* no_file = "/dev/null/none";

// Our caller may have PG* variables for other servers. libpq would use them for parameters that we
// do not set or leave empty, so all of them are removed.
void forget_environment(bool has_tls) {
    for (const char* name : {"PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR"}) ::unsetenv(name);
    const std::unique_ptr<PQconninfoOption, FreeOptions> options{PQconndefaults()};
    for (const auto* one = options.get(); one != nullptr && one->keyword != nullptr; ++one) {
        if (one->envvar != nullptr) ::unsetenv(one->envvar);
    }
    // Another program in the server's place must not ask for the password itself, or for a hash
    // that it could guess the password from. libpq before 16 ignores this variable, and has no
    // parameter for it.
    ::setenv("PGREQUIREAUTH", has_tls ? "!password" : "!password,!md5", 1);
}

// Notices, such as a changed collation version, would go to stderr.
void drop_notice(void*, const PGresult*) {}

// libpq's message on one line, without the server's LOCATION and the question that libpq adds if
// nothing listens.
std::string sentence(const char* words) {
    std::string line;
    std::istringstream lines{words == nullptr ? "" : words};
    for (std::string one; std::getline(lines, one);) {
        one.erase(0, one.find_first_not_of('\t'));
        if (one.empty() || one.starts_with("LOCATION:") || one.starts_with("Is the server "))
            continue;
        line += (line.empty() ? "" : "; ") + one;
    }
    return line;
}

// libpq does not expose the SQLSTATE of a refused login, but a verbose message has it between
// severity and text: `FATAL:  28P01: password authentication failed`.
std::string cut_sqlstate(std::string& message) {
    constexpr std::string_view before = ":  ";
    std::string first;
    for (auto at = message.find(before); at != std::string::npos;
         at = message.find(before, at + 1)) {
        const auto begin = at + before.size();
        const std::string code = message.substr(begin, sqlstate_length);
        const bool is_code =
            code.size() == sqlstate_length && std::all_of(code.begin(), code.end(), [](char one) {
                return (one >= '0' && one <= '9') || (one >= 'A' && one <= 'Z');
            });
        if (!is_code || message.compare(begin + sqlstate_length, 2, ": ") != 0) continue;
        message.erase(begin, sqlstate_length + 2);
        if (first.empty()) first = code;
    }
    return first;
}

// Settings of a role, a database or the server must not end our work. Every server since 9.6 knows
// these.
std::string options_of(const Login& login) {
    std::string options =
        "-c search_path=pg_catalog -c statement_timeout=0 -c lock_timeout=0"
        " -c idle_in_transaction_session_timeout=0 -c default_transaction_read_only=off"
        " -c default_transaction_deferrable=off -c default_transaction_isolation=read\\ committed"
        " -c row_security=on -c standard_conforming_strings=on";
    for (const auto& setting : login.settings) options += " -c " + setting;
    return options;
}

const char* mode_of(Tls tls) {
    switch (tls) {
        case Tls::if_offered:
            return "prefer";
        case Tls::verified:
            return "verify-ca";
        case Tls::required:
            return "require";
        case Tls::never:
            return "disable";
    }
    return "prefer";
}

Handle begin(const Login& login) {
    if (login.host.empty()) throw Failure{"no address to log in at", {}};
    forget_environment(login.tls != Tls::never);
    const std::string port = std::to_string(login.port);
    const std::string options = options_of(login);
    const bool is_verified = login.tls == Tls::verified;
    const std::array<std::pair<const char*, const char*>, 18> parameters = {{
        {"host", login.host.c_str()},
        {"port", port.c_str()},
        {"user", login.user.c_str()},
        {"password", login.password.c_str()},
        {"dbname", login.database.c_str()},
        {"application_name", login.application.c_str()},
        {"client_encoding", login.encoding.c_str()},
        {"options", options.c_str()},
        {"passfile", no_file},
        {"gssencmode", "disable"},
        {"sslmode", mode_of(login.tls)},
        {"sslcert", no_file},
        {"sslkey", no_file},
        {"sslrootcert", is_verified ? login.certificate.c_str() : no_file},
        {"sslcrl", no_file},
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "6"},
    }};
    std::array<const char*, parameters.size() + 1> keys{};
    std::array<const char*, parameters.size() + 1> values{};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        keys[i] = parameters[i].first;
        values[i] = parameters[i].second;
    }
    return Handle{PQconnectStartParams(keys.data(), values.data(), 0)};
}

// Waits until the socket is ready for libpq; false after the timeout.
bool wait_for(const PGconn* connection, PostgresPollingStatusType wish,
              std::chrono::steady_clock::time_point end) {
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd socket{.fd = PQsocket(connection), .events = POLLOUT, .revents = 0};
        if (wish == PGRES_POLLING_READING) socket.events = POLLIN;
        const int ready = ::poll(&socket, 1, static_cast<int>(left.count()));
        if (ready > 0) return true;
        if (ready == -1 && errno != EINTR) return false;
    }
}

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text == nullptr ? std::string{} : std::string{text};
}

}  // namespace

// In steps, because libpq's own timeout has whole seconds and at least two, and because messages
// during the login are only visible this way.
Handle log_in(const Login& login) {
    const auto end = std::chrono::steady_clock::now() + login.timeout;
    Handle handle = begin(login);
    if (!handle) throw Failure{"out of memory", {}};
    PQsetNoticeReceiver(handle.get(), drop_notice, nullptr);
    PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
    auto wish =
        PQstatus(handle.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (wish == PGRES_POLLING_READING || wish == PGRES_POLLING_WRITING) {
        if (!wait_for(handle.get(), wish, end)) {
            throw Failure{"no answer from " + login.host + " port " + std::to_string(login.port) +
                              " within " + std::to_string(login.timeout.count()) + " seconds",
                          {}};
        }
        wish = PQconnectPoll(handle.get());
    }
    if (wish == PGRES_POLLING_FAILED) {
        std::string message = sentence(PQerrorMessage(handle.get()));
        const std::string code = cut_sqlstate(message);
        throw Failure{message, code};
    }
    PQsetErrorVerbosity(handle.get(), PQERRORS_DEFAULT);
    return handle;
}

Failure failure_of(const PGresult* result, const PGconn* connection) {
    std::string message = result == nullptr ? "" : field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message.empty()) return Failure{sentence(PQerrorMessage(connection)), {}};
    const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    if (!detail.empty()) message += " (" + sentence(detail.c_str()) + ")";
    return Failure{message, field(result, PG_DIAG_SQLSTATE), field(result, PG_DIAG_CONTEXT)};
}

}  // namespace pg

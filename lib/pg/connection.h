// One connection to a PostgreSQL server, over TCP, by libpq.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "error/error.h"

namespace pg {

/// How a session is protected on the network.
enum class Tls {
    if_offered,  // nothing is known of the server
    verified,    // the server must show the certificate of the login
    required,    // its certificate cannot be verified
    never,       // the server has no TLS, as the caller knows
};

/// Where and how to log in.
struct Login {
    std::string host = {};  // an address
    int port = 5432;
    std::string user = "postgres";
    std::string password = {};
    std::string database = {};
    std::chrono::seconds timeout{10};
    std::string application = "dokku-postgres";
    std::string encoding = "UTF8";           // of all texts of the session
    std::vector<std::string> settings = {};  // of the session (`work_mem=64MB`)
    Tls tls = Tls::if_offered;
    std::string certificate = {};  // a file, for Tls::verified
};

/// An error of the server. `sqlstate` is its five-letter code, empty if there was no answer from a
/// server. `context` is the server's CONTEXT (`COPY t, line 3`).
class Failure : public Error {
public:
    Failure(const std::string& message, std::string sqlstate, std::string context = {})
        : Error(message), sqlstate_(std::move(sqlstate)), context_(std::move(context)) {}
    /// The five-letter code, empty without an answer.
    const std::string& sqlstate() const { return sqlstate_; }
    /// The server's CONTEXT.
    const std::string& context() const { return context_; }

private:
    std::string sqlstate_;
    std::string context_;
};

using Row = std::vector<std::optional<std::string>>;

/// The number in a field; 0 if it is null.
std::int64_t whole_number(const std::optional<std::string>& field);
/// The first field of every row; empty if it is null.
std::vector<std::string> first_column(const std::vector<Row>& rows);

/// A session. All our SQL statements are functions in pg/ or reports. The search path has only
/// pg_catalog, so that no function of a database hides one of the server's.
class Connection {
public:
    explicit Connection(const Login& login);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Runs one statement with text parameters; throws Failure.
    std::vector<Row> query(const std::string& sql,
                           const std::vector<std::optional<std::string>>& parameters = {});
    /// Whether it is open, in no transaction, and the server has sent nothing (as it does when it
    /// ends the session).
    bool is_idle() const;
    /// Whether the server answers within this time. If not, the connection cannot be used any more:
    /// the server's container may have left the network.
    bool answers(std::chrono::milliseconds within);
    /// The server's version as libpq numbers it (170002).
    int version() const;
    /// The server's major: 17.
    int major() const;
    /// A name, quoted for SQL. Throws Failure if PostgreSQL does not accept it.
    std::string identifier(const std::string& name);
    /// A text, quoted for SQL. Throws Failure if it holds a NUL byte.
    std::string literal(const std::string& text);
    /// The SCRAM verifier of a password for ALTER ROLE. It is computed here, so that the server
    /// never sees the password.
    std::string verifier(const std::string& role, const std::string& password);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The result of a login. not_identified: the server did not show the right certificate, and was
/// not sent the password.
enum class Answer { ready, starting, refused_login, no_database, no_answer, not_identified };
/// Tries to log in once. Does not throw if the login fails; `reason` then gets the server's
/// message.
Answer try_login(const Login& login, std::string* reason = nullptr);

}  // namespace pg

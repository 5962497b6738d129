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
};

/// The server refused or failed; `sqlstate` is its five-letter code, empty when there was no server
/// to answer. `context` is what the server says of where it was (`COPY t, line 3`).
class Failure : public Error {
public:
    Failure(const std::string& message, std::string sqlstate, std::string context = {})
        : Error(message), sqlstate_(std::move(sqlstate)), context_(std::move(context)) {}
    const std::string& sqlstate() const { return sqlstate_; }
    const std::string& context() const { return context_; }

private:
    std::string sqlstate_;
    std::string context_;
};

using Row = std::vector<std::optional<std::string>>;

/// The number that a field tells; 0 where it is null.
std::int64_t whole_number(const std::optional<std::string>& field);
/// The first field of every row, empty for one that is null.
std::vector<std::string> first_column(const std::vector<Row>& rows);

/// A logged-in session. Every statement of ours stands in pg/, as a function over this. It finds
/// the server's own functions and operators only, whatever a database has under like names.
class Connection {
public:
    explicit Connection(const Login& login);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// Runs one statement with text parameters; throws Failure.
    std::vector<Row> query(const std::string& sql,
                           const std::vector<std::optional<std::string>>& parameters = {});
    /// Whether it is open and in no transaction, and the server has sent nothing (that it ends us).
    bool is_idle() const;
    /// Whether the server answers within that time. Where it does not the connection is of no use
    /// any more: the server's container may have left the network.
    bool answers(std::chrono::milliseconds within);
    /// The server's version as libpq numbers it (170002).
    int version() const;
    /// A name as SQL takes it, quoted.
    std::string identifier(const std::string& name);
    /// A text as SQL takes it, quoted.
    std::string literal(const std::string& text);
    /// What ALTER ROLE takes instead of a password (SCRAM), computed here: the server never sees
    /// the password.
    std::string verifier(const std::string& role, const std::string& password);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// How a server answers a login.
enum class Answer { ready, starting, refused_login, no_database, no_answer };
/// Tries once to log in; never throws for what the server says. `reason` gets the server's text.
Answer try_login(const Login& login, std::string* reason = nullptr);

}  // namespace pg

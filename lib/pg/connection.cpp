// One connection to a PostgreSQL server, over TCP, by libpq.
#include "pg/connection.h"

#include <poll.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "pg/handle.h"
#include "pg/majors.h"
#include "process/cancellation.h"

namespace pg {

namespace {

constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1: the server would truncate a longer one

// Waits in steps, so that a signal can end the wait for a server that never answers.
Outcome answer_of(PGconn* connection) {
    while (PQisBusy(connection) == 1) {
        pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
        if (::poll(&socket, 1, -1) == -1 && errno == EINTR) {
            process::check_cancelled();
        } else if (PQconsumeInput(connection) == 0) {
            throw failure_of(nullptr, connection);
        }
    }
    Outcome result{PQgetResult(connection)};
    while (const Outcome further{PQgetResult(connection)}) continue;
    return result;
}

std::vector<Row> rows_of(const PGresult* result) {
    std::vector<Row> rows;
    for (int row = 0; row < PQntuples(result); ++row) {
        Row& cells = rows.emplace_back();
        for (int column = 0; column < PQnfields(result); ++column) {
            if (PQgetisnull(result, row, column) != 0) {
                cells.emplace_back();
            } else {
                cells.emplace_back(PQgetvalue(result, row, column));
            }
        }
    }
    return rows;
}

// libpq has no code for it.
bool is_about_identity(std::string_view message) {
    return message.find("certificate verify failed") != std::string_view::npos ||
           message.find("does not support SSL") != std::string_view::npos;
}

}  // namespace

struct Connection::State {
    Handle handle;
};

Connection::Connection(const Login& login)
    : state_(std::make_unique<State>(State{.handle = log_in(login)})) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

std::vector<Row> Connection::query(const std::string& sql,
                                   const std::vector<std::optional<std::string>>& parameters) {
    std::vector<const char*> values;
    for (const auto& parameter : parameters) {
        if (parameter && parameter->find('\0') != std::string::npos) {
            throw Failure{"a text for the server holds a NUL byte", {}};
        }
        values.push_back(parameter ? parameter->c_str() : nullptr);
    }
    PGconn* connection = state_->handle.get();
    if (PQsendQueryParams(connection, sql.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0)
        throw failure_of(nullptr, connection);
    const Outcome result = answer_of(connection);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        throw failure_of(result.get(), connection);
    }
    return rows_of(result.get());
}

bool Connection::is_idle() const {
    const PGconn* connection = state_->handle.get();
    if (PQstatus(connection) != CONNECTION_OK || PQtransactionStatus(connection) != PQTRANS_IDLE)
        return false;
    pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
    return ::poll(&socket, 1, 0) == 0;
}

bool Connection::answers(std::chrono::milliseconds within) {
    const auto end = std::chrono::steady_clock::now() + within;
    PGconn* connection = state_->handle.get();
    if (PQsendQuery(connection, "") == 0) return false;
    while (PQisBusy(connection) == 1) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
        if (left.count() <= 0 || ::poll(&socket, 1, static_cast<int>(left.count())) != 1 ||
            PQconsumeInput(connection) == 0)
            return false;
    }
    while (const Outcome result{PQgetResult(connection)}) continue;
    return is_idle();
}

int Connection::version() const { return PQserverVersion(state_->handle.get()); }

int Connection::major() const { return major_of(version()); }

std::string Connection::identifier(const std::string& name) {
    if (name.empty() || name.size() > longest_name || name.find('\0') != std::string::npos) {
        throw Failure{"'" + name + "' is not a valid name in PostgreSQL (1 to 63 bytes)", {}};
    }
    PGconn* connection = state_->handle.get();
    const Text quoted{PQescapeIdentifier(connection, name.data(), name.size())};
    if (!quoted) throw failure_of(nullptr, connection);
    return quoted.get();
}

std::string Connection::literal(const std::string& text) {
    if (text.find('\0') != std::string::npos) {
        throw Failure{"a text for the server holds a NUL byte", {}};
    }
    PGconn* connection = state_->handle.get();
    const Text quoted{PQescapeLiteral(connection, text.data(), text.size())};
    if (!quoted) throw failure_of(nullptr, connection);
    return quoted.get();
}

std::string Connection::verifier(const std::string& role, const std::string& password) {
    PGconn* connection = state_->handle.get();
    const Text made{
        PQencryptPasswordConn(connection, password.c_str(), role.c_str(), "scram-sha-256")};
    if (!made) throw failure_of(nullptr, connection);
    return made.get();
}

std::int64_t whole_number(const std::optional<std::string>& field) {
    std::int64_t value = 0;
    if (field) std::from_chars(field->data(), field->data() + field->size(), value);
    return value;
}

std::vector<std::string> first_column(const std::vector<Row>& rows) {
    std::vector<std::string> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(row.front().value_or(""));
    return values;
}

Answer try_login(const Login& login, std::string* reason) {
    try {
        const Connection connection{login};
        return Answer::ready;
    } catch (const Failure& failure) {
        if (reason != nullptr) *reason = failure.what();
        const std::string& code = failure.sqlstate();
        if (code.empty())
            return is_about_identity(failure.what()) ? Answer::not_identified : Answer::no_answer;
        if (code == "3D000") return Answer::no_database;
        // 28: wrong password or no such role; 42501: no right to connect to the database
        if (code.starts_with("28") || code == "42501") return Answer::refused_login;
        // 57P03: starting up or recovering; other errors are temporary too, such as too many
        // connections
        return Answer::starting;
    }
}

}  // namespace pg

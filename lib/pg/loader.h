// A session that loads rows and large objects without blocking.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pg/connection.h"

namespace pg {

/// Does one job at a time, a COPY or a large object. advance() does as much as it can without
/// blocking, and throws Failure for every error of the server.
class Loader {
public:
    explicit Loader(const Login& login);
    ~Loader();
    Loader(Loader&&) noexcept;
    Loader& operator=(Loader&&) noexcept;

    /// Whether the last job is done.
    bool is_idle() const;
    /// Whether a COPY has sent all its rows and was not ended.
    bool wants_more() const;

    /// Begins a COPY FROM stdin with rows in the text format. `schema` is put into the search path
    /// first, unless it is empty. `whole`: the rows end with a complete row.
    void copy(const std::string& statement, const std::string& schema, std::string rows,
              bool whole);
    /// The next rows of a COPY that wants more.
    void more(std::string rows, bool whole);
    /// No further rows follow, except the rest of an incomplete one. Ends the COPY after it.
    void end();
    /// The socket is readable. During a COPY that means an error, which libpq reports only after
    /// the end of the COPY, so this ends it.
    void on_readable();
    /// Begins to write bytes into a large object.
    void put(std::uint32_t oid, std::uint64_t offset, std::string bytes);

    /// The socket for poll, and whether it should also wait for writing.
    int socket() const;
    /// Whether data wait to be sent.
    bool wants_to_write() const;
    /// Goes on with the job without blocking. Throws Failure.
    void advance();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pg

// A session that takes rows and large objects in, and that nobody waits for meanwhile.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pg/connection.h"

namespace pg {

/// One work at a time is begun, a COPY or a large object; advance() does what of it can be done
/// without waiting. Every failure of the server's is thrown there.
class Loader {
public:
    explicit Loader(const Login& login);
    ~Loader();
    Loader(Loader&&) noexcept;
    Loader& operator=(Loader&&) noexcept;

    /// Whether the last work is done.
    bool is_idle() const;
    /// Whether a COPY is under way that has sent all its rows and was not ended.
    bool wants_more() const;

    /// Begins a COPY FROM stdin, with rows in the text format; `schema` goes into the search path
    /// first unless it is empty. `whole`: the last of them ends here.
    void copy(const std::string& statement, const std::string& schema, std::string rows,
              bool whole);
    /// The next rows of a COPY that wants more.
    void more(std::string rows, bool whole);
    /// No more rows come but the rest of the last one: ends the COPY behind them.
    void end();
    /// The server has sent something. Amid a COPY that is an error, which libpq tells of only
    /// behind the end: so this ends it.
    void hear();
    /// Writes bytes into a large object.
    void put(std::uint32_t oid, std::uint64_t offset, std::string bytes);

    /// What a poll has to look at.
    int socket() const;
    bool wants_to_write() const;
    void advance();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pg

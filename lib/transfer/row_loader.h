// Loads rows and large objects into a database by several sessions at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pg/loader.h"
#include "transfer/row_chunks.h"

namespace transfer {

/// The table of some rows.
struct CopyTarget {
    std::string statement;  // COPY .. FROM stdin
    std::string schema;     // for the search path; empty: unchanged
};

/// Rows or a large object that the server refused.
class RefusedRows : public pg::Failure {
public:
    RefusedRows(const pg::Failure& failure, const std::string& context, std::string statement)
        : pg::Failure(failure.what(), failure.sqlstate(), context),
          statement_(std::move(statement)) {}
    /// The COPY statement; empty for a large object.
    const std::string& statement() const { return statement_; }

private:
    std::string statement_;
};

/// Distributes chunks to the sessions. Waits only while all are busy, and holds only the chunks
/// they work on. A session loads all its chunks of a table with one COPY, because each COPY is a
/// transaction. Throws RefusedRows, with line numbers of the table instead of those of one session.
class RowLoader {
public:
    /// `tick` is called often while it waits, and may throw.
    RowLoader(std::vector<pg::Loader> sessions, std::function<void()> tick);

    /// The best size of a chunk in bytes, so that those of all sessions need little memory.
    std::size_t chunk_size() const;
    /// Loads a chunk by any session; the rest of a row goes to the session that has its beginning.
    void rows(const CopyTarget& target, RowChunk piece);
    /// The next rows belong to another table.
    void end_table();
    /// Begins to write bytes into a large object by any free session.
    void large_object(std::uint32_t oid, std::uint64_t offset, std::string bytes);
    /// Loads until the descriptor is readable, or a short time has passed.
    void wait(int descriptor);
    /// Waits until everything is loaded.
    void finish();

private:
    // How many lines precede a chunk.
    struct Place {
        std::uint64_t in_session = 0;
        std::uint64_t in_table = 0;
    };
    struct Session {
        pg::Loader loader;
        std::string statement = {};      // its current COPY
        std::vector<Place> places = {};  // of the chunks of this COPY
        std::uint64_t lines = 0;         // of all these chunks
    };

    template <class Wish>
    Session& next_session(const Wish& wish);
    static std::string counted_on(std::string context, const std::vector<Place>& places);
    static void advance(Session& session);
    void turn(int descriptor);

    std::vector<Session> sessions_;
    std::size_t next_ = 0;     // the next session to try
    Session* open_ = nullptr;  // the session with the beginning of an incomplete row
    std::function<void()> tick_;
};

}  // namespace transfer

// Rows and large objects on their way into a database, through several sessions at once.
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

/// A table that is given its rows.
struct Target {
    std::string statement;  // COPY .. FROM stdin
    std::string schema;     // for the search path; empty: none
};

/// What the server refused, of rows or a large object.
class RefusedRows : public pg::Failure {
public:
    RefusedRows(const pg::Failure& failure, const std::string& context, std::string statement)
        : pg::Failure(failure.what(), failure.sqlstate(), context),
          statement_(std::move(statement)) {}
    /// The COPY whose rows they are; empty: none.
    const std::string& statement() const { return statement_; }

private:
    std::string statement_;
};

/// Gives each session work and waits only while all of them are busy; holds no more than they are
/// at work on. A session takes all its pieces of a table by one COPY: one for each piece would be a
/// transaction for each. What the server refuses is a RefusedRows that counts
/// the lines of the table, not those that one session saw.
class RowLoader {
public:
    /// `tick` is called often meanwhile, and may throw.
    RowLoader(std::vector<pg::Loader> sessions, std::function<void()> tick);

    /// How large pieces should be, so that those of all sessions take little memory.
    std::size_t piece_size() const;
    /// Rows go to any session, the rest of a row to that which has its beginning.
    void rows(const Target& target, RowChunk piece);
    /// The rows that come next are another table's.
    void end_table();
    void large_object(std::uint32_t oid, std::uint64_t offset, std::string bytes);
    /// Goes on until something can be read from the descriptor, at most a moment.
    void wait(int descriptor);
    /// Waits until all is in the database.
    void finish();

private:
    // A piece as a session got it: how many lines stood before it.
    struct Place {
        std::uint64_t in_session = 0;
        std::uint64_t in_table = 0;
    };
    struct Session {
        pg::Loader loader;
        std::string statement = {};      // of the COPY that it is at work on
        std::vector<Place> places = {};  // of the pieces that this has got
        std::uint64_t lines = 0;         // of them all
    };

    template <class Wish>
    Session& next_session(const Wish& wish);
    static std::string counted_on(std::string context, const std::vector<Place>& places);
    static void advance(Session& session);
    void turn(int descriptor);

    std::vector<Session> sessions_;
    std::size_t next_ = 0;     // the session whose turn it is
    Session* open_ = nullptr;  // the one that has the beginning of a row
    std::function<void()> tick_;
};

}  // namespace transfer

// A session that loads rows and large objects without blocking.
#include "pg/loader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pg/handle.h"

namespace pg {

namespace {

// Rows are sent in pieces of this size, because libpq copies them.
constexpr std::size_t slice = std::size_t{64} * 1024;

// Most significant byte first.
template <std::size_t size>
std::array<char, size> big_endian(std::uint64_t value) {
    std::array<char, size> bytes{};
    for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, value >>= 8)
        *at = static_cast<char>(value & 0xff);
    return bytes;
}

}  // namespace

struct Loader::State {
    enum class At {
        idle,
        setting,  // the search path
        asking,   // for a COPY
        copying,
        waiting,  // for the result
    };

    explicit State(const Login& login) : handle(log_in(login)) {
        if (PQsetnonblocking(handle.get(), 1) != 0) throw failure();
    }

    Failure failure(const PGresult* result = nullptr) const {
        return failure_of(result, handle.get());
    }

    void send_copy() {
        if (PQsendQueryParams(handle.get(), statement.c_str(), 0, nullptr, nullptr, nullptr,
                              nullptr, 0) == 0)
            throw failure();
        at = At::asking;
    }

    void send_search_path(const std::string& schema) {
        const Text quoted{PQescapeIdentifier(handle.get(), schema.data(), schema.size())};
        if (!quoted) throw failure();
        const std::string path = std::string(quoted.get()) + ", pg_catalog";
        const char* const values[] = {path.c_str()};
        if (PQsendQueryParams(handle.get(),
                              "select pg_catalog.set_config('search_path', $1, false)", 1, nullptr,
                              values, nullptr, nullptr, 0) == 0)
            throw failure();
        in_path = schema;
        at = At::setting;
    }

    // Whether there may be more to do at once.
    bool step() {
        switch (at) {
            case At::idle:
                return false;
            case At::setting:
                if (!is_over()) return false;
                send_copy();
                return true;
            case At::asking:
                return begin_copy();
            case At::copying:
                return send_rows();
            case At::waiting:
                if (is_over()) at = At::idle;
                return false;
        }
        return false;
    }

    bool begin_copy() {
        if (PQisBusy(handle.get()) == 1) return false;
        const Outcome result{PQgetResult(handle.get())};
        const auto status = PQresultStatus(result.get());
        if (status == PGRES_FATAL_ERROR) throw failure(result.get());
        if (status != PGRES_COPY_IN)
            throw Failure{"the statement for rows is no COPY FROM stdin: " + statement, {}};
        at = At::copying;
        return true;
    }

    bool send_rows() {
        if (!is_flushed()) return false;
        if (sent < rows.size()) {
            const auto size = std::min(slice, rows.size() - sent);
            if (PQputCopyData(handle.get(), rows.data() + sent, static_cast<int>(size)) != 1)
                throw failure();
            sent += size;
            return true;
        }
        if (!ends || !whole) return false;
        if (PQputCopyEnd(handle.get(), nullptr) != 1) throw failure();
        at = At::waiting;
        return true;
    }

    bool is_flushed() {
        const int left = PQflush(handle.get());
        if (left < 0) throw failure();
        writes = left == 1;
        return !writes;
    }

    // Whether all results have arrived: a COPY that succeeded may still fail to commit.
    bool is_over() {
        while (PQisBusy(handle.get()) == 0) {
            const Outcome result{PQgetResult(handle.get())};
            if (!result) return true;
            const auto status = PQresultStatus(result.get());
            if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                throw failure(result.get());
        }
        return false;
    }

    Handle handle;
    At at = At::idle;
    std::string statement;
    std::string in_path;  // the schema in the search path
    std::string rows;
    std::size_t sent = 0;  // of the rows
    bool whole = true;     // the rows end with a complete row
    bool ends = false;     // no more rows follow
    bool writes = false;   // libpq has data to send
};

Loader::Loader(const Login& login) : state_(std::make_unique<State>(login)) {}
Loader::~Loader() = default;
Loader::Loader(Loader&&) noexcept = default;
Loader& Loader::operator=(Loader&&) noexcept = default;

bool Loader::is_idle() const { return state_->at == State::At::idle; }

bool Loader::wants_more() const {
    return state_->at == State::At::copying && !(state_->ends && state_->whole) &&
           state_->sent == state_->rows.size() && !state_->writes;
}

void Loader::copy(const std::string& statement, const std::string& schema, std::string rows,
                  bool whole) {
    state_->statement = statement;
    state_->ends = false;
    more(std::move(rows), whole);
    if (schema.empty() || schema == state_->in_path) {
        state_->send_copy();
    } else {
        state_->send_search_path(schema);
    }
}

void Loader::more(std::string rows, bool whole) {
    state_->rows = std::move(rows);
    state_->sent = 0;
    state_->whole = whole;
}

void Loader::end() { state_->ends = true; }

void Loader::on_readable() {
    if (state_->at == State::At::copying) state_->ends = true;
}

void Loader::put(std::uint32_t oid, std::uint64_t offset, std::string bytes) {
    constexpr std::array<Oid, 3> types = {26, 20, 17};  // oid, int8, bytea
    constexpr std::array<int, 3> binary = {1, 1, 1};
    const auto number = big_endian<4>(oid);
    const auto place = big_endian<8>(offset);
    const std::array<const char*, 3> values = {number.data(), place.data(), bytes.data()};
    const std::array<int, 3> lengths = {number.size(), place.size(),
                                        static_cast<int>(bytes.size())};
    if (PQsendQueryParams(state_->handle.get(), "select pg_catalog.lo_put($1, $2, $3)",
                          static_cast<int>(types.size()), types.data(), values.data(),
                          lengths.data(), binary.data(), 0) == 0)
        throw state_->failure();
    state_->at = State::At::waiting;
}

int Loader::socket() const { return PQsocket(state_->handle.get()); }

bool Loader::wants_to_write() const { return state_->writes; }

void Loader::advance() {
    if (PQconsumeInput(state_->handle.get()) == 0) throw state_->failure();
    do {
        if (state_->at != State::At::idle) state_->is_flushed();
    } while (state_->step());
}

}  // namespace pg

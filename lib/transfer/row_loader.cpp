// Loads rows and large objects into a database by several sessions at once.
#include "transfer/row_loader.h"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "transfer/disk_space.h"

namespace transfer {

RowLoader::RowLoader(std::vector<pg::Loader> sessions, std::function<void()> tick)
    : tick_(std::move(tick)) {
    for (auto& one : sessions) sessions_.push_back({.loader = std::move(one)});
}

std::size_t RowLoader::chunk_size() const {
    constexpr std::size_t all = std::size_t{12} * 1024 * 1024;
    constexpr std::size_t least = std::size_t{128} * 1024;
    constexpr std::size_t most = std::size_t{2} * 1024 * 1024;
    // one more chunk is being filled, and one is being passed on
    return std::clamp(all / (sessions_.size() + 2), least, most);
}

void RowLoader::rows(const CopyTarget& target, RowChunk piece) {
    if (!piece.continues)
        open_ =
            &next_session([](const pg::Loader& one) { return one.is_idle() || one.wants_more(); });
    while (piece.continues && !open_->loader.wants_more()) turn(-1);
    Session& session = *open_;
    const bool begins = session.loader.is_idle();
    if (begins) {
        session.statement = target.statement;
        session.places.clear();
        session.lines = 0;
    }
    if (!piece.continues) session.places.push_back({session.lines, piece.lines_before});
    session.lines += piece.lines;
    if (begins) {
        session.loader.copy(target.statement, target.schema, std::move(piece.bytes), piece.ends);
    } else {
        session.loader.more(std::move(piece.bytes), piece.ends);
    }
    advance(session);
}

void RowLoader::end_table() {
    for (auto& session : sessions_) {
        if (session.loader.is_idle()) continue;
        session.loader.end();
        advance(session);
    }
}

void RowLoader::large_object(std::uint32_t oid, std::uint64_t offset, std::string bytes) {
    Session& session = next_session([](const pg::Loader& one) { return one.is_idle(); });
    session.statement.clear();
    session.loader.put(oid, offset, std::move(bytes));
    advance(session);
}

// The next session whose loader fulfils the condition; waits for one.
template <class Wish>
RowLoader::Session& RowLoader::next_session(const Wish& wish) {
    while (true) {
        for (std::size_t i = 0; i < sessions_.size(); ++i) {
            Session& session = sessions_[next_];
            next_ = (next_ + 1) % sessions_.size();
            if (wish(session.loader)) return session;
        }
        turn(-1);
    }
}

// Changes the line in `COPY t, line 3, column i: "x"` from that of the session to that of the
// table.
std::string RowLoader::counted_on(std::string context, const std::vector<Place>& places) {
    constexpr std::string_view mark = ", line ";
    const auto at = context.starts_with("COPY ") ? context.find(mark) : std::string::npos;
    if (at == std::string::npos) return context;
    const char* const begin = context.data() + at + mark.size();
    std::uint64_t line = 0;
    const auto [end, error] = std::from_chars(begin, context.data() + context.size(), line);
    if (error != std::errc{}) return context;
    const auto behind = std::find_if(places.begin(), places.end(), [line](const Place& place) {
        return place.in_session >= line;
    });
    if (behind == places.begin()) return context;
    const Place& place = *std::prev(behind);
    return context.replace(at + mark.size(), static_cast<std::size_t>(end - begin),
                           std::to_string(line - place.in_session + place.in_table));
}

void RowLoader::advance(Session& session) {
    try {
        session.loader.advance();
    } catch (const pg::Failure& failure) {
        throw RefusedRows{failure, counted_on(failure.context(), session.places),
                          session.statement};
    }
}

// Waits once for any session, and for the descriptor unless it is -1.
void RowLoader::turn(int descriptor) {
    std::vector<pollfd> waiting;
    for (const auto& session : sessions_) {
        short events = POLLIN;
        if (session.loader.wants_to_write()) events = POLLIN | POLLOUT;
        waiting.push_back({.fd = session.loader.socket(), .events = events, .revents = 0});
    }
    waiting.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
    tick_();
    ::poll(waiting.data(), waiting.size(), static_cast<int>(disk_check_interval.count()));
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        if (waiting[i].revents == 0) continue;
        if ((waiting[i].revents & POLLIN) != 0) sessions_[i].loader.on_readable();
        advance(sessions_[i]);
    }
}

void RowLoader::wait(int descriptor) { turn(descriptor); }

void RowLoader::finish() {
    const auto is_busy = [](const Session& session) { return !session.loader.is_idle(); };
    while (std::any_of(sessions_.begin(), sessions_.end(), is_busy)) turn(-1);
}

}  // namespace transfer

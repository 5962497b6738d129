// Rows and large objects on their way into a database, through several sessions at once.
#include "backup/loading.h"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "backup/room.h"

namespace backup {

namespace {

// `COPY t, line 3, column i: "x"`, the line counted from where the session's rows begin.
std::string counted_on(std::string context, std::uint64_t lines_before) {
    constexpr std::string_view mark = ", line ";
    const auto at = context.starts_with("COPY ") ? context.find(mark) : std::string::npos;
    if (at == std::string::npos) return context;
    const char* const begin = context.data() + at + mark.size();
    std::uint64_t line = 0;
    const auto [end, error] = std::from_chars(begin, context.data() + context.size(), line);
    if (error != std::errc{}) return context;
    return context.replace(at + mark.size(), static_cast<std::size_t>(end - begin),
                           std::to_string(line + lines_before));
}

}  // namespace

Loading::Loading(std::vector<pg::Loader> sessions, std::function<void()> tick)
    : tick_(std::move(tick)) {
    for (auto& one : sessions) sessions_.push_back({.loader = std::move(one)});
}

std::size_t Loading::piece_size() const {
    constexpr std::size_t all = std::size_t{12} * 1024 * 1024;
    constexpr std::size_t least = std::size_t{128} * 1024;
    constexpr std::size_t most = std::size_t{4} * 1024 * 1024;
    // one more is being filled
    return std::clamp(all / (sessions_.size() + 1), least, most);
}

void Loading::rows(const Target& target, Piece piece) {
    if (piece.continues) {
        while (!open_->loader.wants_more()) turn(-1);
        open_->loader.more(std::move(piece.bytes), piece.ends);
        advance(*open_);
        return;
    }
    open_ = &idle_session();
    open_->lines_before = piece.lines_before;
    open_->statement = target.statement;
    open_->loader.copy(target.statement, target.schema, std::move(piece.bytes), piece.ends);
    advance(*open_);
}

void Loading::large_object(std::uint32_t oid, std::uint64_t offset, std::string bytes) {
    Session& session = idle_session();
    session.statement.clear();
    session.loader.put(oid, offset, std::move(bytes));
    advance(session);
}

Loading::Session& Loading::idle_session() {
    while (true) {
        for (std::size_t i = 0; i < sessions_.size(); ++i) {
            Session& session = sessions_[next_];
            next_ = (next_ + 1) % sessions_.size();
            if (session.loader.is_idle()) return session;
        }
        turn(-1);
    }
}

void Loading::advance(Session& session) {
    try {
        session.loader.advance();
    } catch (const pg::Failure& failure) {
        throw RefusedRows{failure, counted_on(failure.context(), session.lines_before),
                          session.statement};
    }
}

// One wait for any of them, and for the descriptor unless it is -1.
void Loading::turn(int descriptor) {
    std::vector<pollfd> waiting;
    for (const auto& session : sessions_) {
        short events = POLLIN;
        if (session.loader.wants_to_write()) events = POLLIN | POLLOUT;
        waiting.push_back({.fd = session.loader.socket(), .events = events, .revents = 0});
    }
    waiting.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
    tick_();
    ::poll(waiting.data(), waiting.size(), static_cast<int>(look_at_room.count()));
    for (std::size_t i = 0; i < sessions_.size(); ++i)
        if (waiting[i].revents != 0) advance(sessions_[i]);
}

void Loading::wait(int descriptor) { turn(descriptor); }

void Loading::finish() {
    const auto is_busy = [](const Session& session) { return !session.loader.is_idle(); };
    while (std::any_of(sessions_.begin(), sessions_.end(), is_busy)) turn(-1);
}

}  // namespace backup

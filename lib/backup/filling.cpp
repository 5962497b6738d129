// A dump on its way into a database, and the program that takes it in.
#include "backup/filling.h"

#include <utility>

#include "backup/advice.h"
#include "backup/interrupt.h"
#include "error/error.h"

namespace backup {

void Oversight::operator()() const {
    Interrupt::check();
    need_room(work_.session.service());
    if (!is_time_to_tell_()) return;
    if (handed_over_) {
        work_.replacement.tell_size(work_.how.filled);
    } else if (work_.how.taken) {
        work_.how.taken(work_.source.taken(), work_.source.all());
    }
}

void Oversight::handed_over() {
    if (work_.how.taken) work_.how.taken(work_.source.taken(), work_.source.all());
    handed_over_ = true;
}

Filling::Filling(const Work& work, const process::Command& command, Oversight& oversight,
                 std::size_t lines_before)
    : work_(work),
      complaints_(lines_before, work.session.application()),
      feed_(command),
      oversight_(oversight) {
    feed_.watch([this] { oversight_(); }, look_at_room);
    feed_.hear([this](std::string_view bytes) { complaints_.hear(bytes); });
}

void Filling::give(std::string_view bytes) {
    if (done_) return;
    if (feed_.write(bytes)) return;
    finish();
}

void Filling::finish() {
    if (done_) return;
    done_ = true;
    oversight_.handed_over();
    const process::Result result = work_.session.outcome(feed_.finish());
    complaints_.end();
    Interrupt::check();
    if (!result.ok()) {
        const auto& first = complaints_.first();
        fail(work_, first.empty() ? Complaint{.message = reason_of(result.err)} : first.front());
    }
    work_.complaints.take(complaints_);
}

void fail(const Work& work, const Complaint& complaint) {
    const Advice advice =
        advice_on(complaint.message, {.service = work.session.service().name,
                                      .confined = work.replacement.is_confined(),
                                      .merging = work.how.merge,
                                      .only_rows = work.rules.tables().empty()});
    std::string hint = explanation(complaint);
    if (!advice.hint.empty()) hint += (hint.empty() ? "" : "\n") + advice.hint;
    throw Error{"the dump cannot be imported: " + headline(complaint), hint, advice.code};
}

}  // namespace backup

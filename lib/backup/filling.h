// A dump on its way into a database, and the program that takes it in.
#pragma once

#include <string_view>

#include "backup/complaints.h"
#include "backup/format.h"
#include "backup/loading.h"
#include "backup/parts.h"
#include "backup/replacement.h"
#include "backup/restore.h"
#include "backup/room.h"
#include "backup/rules.h"
#include "backup/source.h"
#include "error/error.h"
#include "process/process.h"

namespace backup {

/// A restore of one service, as far as it is known before the first byte goes into it.
struct Work {
    const Session& session;
    Source& source;
    const Restoring& how;
    Head head;
    Replacement& replacement;  // not made yet
    Rules& rules;
    Complaints& complaints;  // what failed, where that does not end the work
    const Parts* parts;      // what must not vanish; null: anything may
};

/// Makes the database, or what lets it be added to, with the schemas and extensions that are to be
/// there first.
void make_ready(const Work& work);

/// What is looked at all the time, whoever waits for whom.
class Oversight {
public:
    explicit Oversight(const Work& work) : work_(work) {}

    void operator()() const;
    /// From here on the database grows without us.
    void handed_over();

private:
    const Work& work_;
    bool handed_over_ = false;
    mutable EverySecond is_time_to_tell_;
};

/// A program that takes a dump in, or a part of one.
class Filling {
public:
    Filling(const Work& work, const process::Command& command, const Oversight& oversight,
            std::size_t lines_before = 0);

    /// A program that ended well reads no more; the rest of the dump is only looked at.
    void give(std::string_view bytes);
    /// Throws Error with the first thing that failed, unless what fails is only counted.
    void finish();
    /// Looks so long for what the program says; false when it has ended.
    bool listen(std::chrono::milliseconds most) { return feed_.listen(most); }
    const Complaints& complaints() const { return complaints_; }

private:
    const Work& work_;
    Complaints complaints_;
    process::Feed feed_;
    bool done_ = false;
};

/// All that is left of a dump, piece by piece.
template <class Each>
void pump(Source& source, const Oversight& oversight, const Each& each) {
    for (auto bytes = source.read(); !bytes.empty(); bytes = source.read()) {
        oversight();
        each(bytes);
    }
}

/// What failed, with what to do about it.
Error refused(const Work& work, const Complaint& complaint);
/// What the server refused of the rows of an archive.
Error refused_rows(const Work& work, const RefusedRows& failure);

}  // namespace backup

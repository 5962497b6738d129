// A database on its way to be filled by a dump: what every way of filling shares.
#pragma once

#include <string>
#include <string_view>

#include "backup/format.h"
#include "backup/replacement.h"
#include "backup/restore.h"
#include "backup/source.h"
#include "backup/watch.h"
#include "pg/connection.h"
#include "process/process.h"

namespace backup {

/// A restore of one service, as far as it is known before the first byte goes into it.
struct Work {
    const Session& session;
    Source& source;
    const Restoring& how;
    Format format;
    Replacement& replacement;  // not made yet
};

/// What is looked at all the time, whoever waits for whom: signals, room, progress.
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
    Filling(const Work& work, const process::Command& command, const Oversight& oversight);

    /// A program that ended well reads no more; the rest of the dump is only looked at.
    void give(std::string_view bytes);
    /// Throws Error when the program ended badly.
    void finish();

private:
    const Work& work_;
    process::Feed feed_;
    bool done_ = false;
};

/// What the server refused of the rows of a dump.
Error refused_rows(const Work& work, const pg::Failure& failure);

}  // namespace backup

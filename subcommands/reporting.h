// How export, import and clone show what they do.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/invocation.h"
#include "cli/progress.h"
#include "cli/units.h"
#include "service/service.h"
#include "transfer/progress.h"

/// Shows data on their way: first the bytes that were handed over, then, while a server works on,
/// how large the database has become.
class Reporting {
public:
    Reporting(const cli::Invocation& given, const service::Context& context)
        : show_(cli::show_progress(context.environment.quiet, given.has("progress"),
                                   ::isatty(STDERR_FILENO) == 1)) {}

    transfer::ProgressCallback handed_over() {
        return [this](auto done, auto all) {
            bytes_ = done;
            tell(first_, done, all);
        };
    }
    // The size of a database is not asked for where nothing is shown.
    transfer::ProgressCallback filled() {
        if (show_ == cli::Show::nothing) return {};
        return [this](auto done, auto all) { tell(second_, done, all); };
    }
    /// Takes what is drawn away.
    void clear() {
        first_.reset();
        second_.reset();
    }
    /// The same, and tells what was handed over and how long it all took.
    std::string end() {
        clear();
        return cli::done_text(bytes_, std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::steady_clock::now() - begun_));
    }

private:
    void tell(std::optional<cli::Progress>& progress, std::uint64_t done,
              std::optional<std::uint64_t> all) {
        if (!progress) progress.emplace(show_);
        (*progress)(done, all);
    }

    cli::Show show_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::uint64_t bytes_ = 0;
    std::optional<cli::Progress> first_;
    std::optional<cli::Progress> second_;
};

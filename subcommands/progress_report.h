// The progress of export, import and clone.
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

/// Shows progress: first the bytes that were passed on, then, while the server goes on working, the
/// size of the database.
class ProgressReport {
public:
    ProgressReport(const cli::Invocation& given, const service::Context& context)
        : mode_(cli::progress_mode(context.environment.quiet, given.has("progress"),
                                   ::isatty(STDERR_FILENO) == 1)) {}

    transfer::ProgressCallback handed_over() {
        return [this](auto done, auto all) {
            bytes_ = done;
            tell(first_, done, all);
        };
    }
    // Empty if nothing is shown, so that the server is not asked for the size.
    transfer::ProgressCallback filled() {
        if (mode_ == cli::ProgressMode::nothing) return {};
        return [this](auto done, auto all) { tell(second_, done, all); };
    }
    /// Clears the drawn line.
    void clear() {
        first_.reset();
        second_.reset();
    }
    /// Clears the drawn line and returns the summary: the bytes that were passed on, and the time.
    std::string end() {
        clear();
        return cli::done_text(bytes_, std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::steady_clock::now() - begun_));
    }

private:
    void tell(std::optional<cli::Progress>& progress, std::uint64_t done,
              std::optional<std::uint64_t> all) {
        if (!progress) progress.emplace(mode_);
        (*progress)(done, all);
    }

    cli::ProgressMode mode_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::uint64_t bytes_ = 0;
    std::optional<cli::Progress> first_;
    std::optional<cli::Progress> second_;
};

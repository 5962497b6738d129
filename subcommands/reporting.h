// How import and clone show what they do.
#pragma once

#include <unistd.h>

#include <optional>

#include "backup/watch.h"
#include "cli/invocation.h"
#include "cli/progress.h"
#include "service/service.h"

/// Shows data on their way into a database: first the bytes that were handed over, then, while the
/// server works on, how large the database has become.
class Reporting {
public:
    Reporting(const cli::Invocation& given, const service::Site& site)
        : show_(cli::show_progress(site.environment.quiet, given.has("progress"),
                                   ::isatty(STDERR_FILENO) == 1)) {}

    backup::Watch handed_over() { return on(first_); }
    backup::Watch filled() { return on(second_); }

private:
    // Nobody is told where nothing is shown.
    backup::Watch on(std::optional<cli::Progress>& progress) {
        if (show_ == cli::Show::nothing) return {};
        return [this, &progress](auto done, auto all) {
            if (!progress) progress.emplace(show_);
            (*progress)(done, all);
        };
    }

    cli::Show show_;
    std::optional<cli::Progress> first_;
    std::optional<cli::Progress> second_;
};

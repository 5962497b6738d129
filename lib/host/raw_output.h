// Output without changes through the terminal that `ssh -t` puts between a program and a file.
#pragma once

#include <termios.h>

#include <optional>

#include "host/environment.h"

namespace host {

/// Whether stdout is a terminal that `ssh -t` made for one command. Nobody works at it, and the
/// client may write to a file. Such a terminal is the only kind that the dokku user has; other
/// users work in a login shell.
bool is_terminal_of_command(const Environment& environment);

/// During its lifetime the terminal behind stdout changes no byte, and stderr is dropped, because
/// both end in the file of ssh's caller. Throws Error.
class RawOutput {
public:
    RawOutput();
    ~RawOutput();
    RawOutput(const RawOutput&) = delete;
    RawOutput& operator=(const RawOutput&) = delete;

private:
    std::optional<termios> before_;
    int errors_ = -1;  // what standard error was
};

}  // namespace host

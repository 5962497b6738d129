// A terminal that hands bytes on: what `ssh -t` puts between a program and a file.
#pragma once

#include <termios.h>

#include <optional>

#include "host/environment.h"

namespace host {

/// Whether standard output is the terminal that `ssh -t` made for one command: nobody works at it,
/// and behind it may be a file. Dokku's own user has no other one; anybody else works in a login
/// shell.
bool is_terminal_of_command(const Environment& environment);

/// While it lives, the terminal behind standard output changes no byte, and nothing that is written
/// to standard error is shown on it: both end in the file that the caller of ssh named.
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

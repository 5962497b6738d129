// A terminal that hands bytes on: what `ssh -t` puts between a program and a file.
#pragma once

#include <termios.h>

#include <optional>

namespace host {

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

// A terminal that hands bytes on: what `ssh -t` puts between a program and a file.
#include "host/raw_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "error/error.h"

namespace host {

RawOutput::RawOutput() {
    termios now{};
    if (tcgetattr(STDOUT_FILENO, &now) != 0) return;
    before_ = now;
    now.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    if (tcsetattr(STDOUT_FILENO, TCSADRAIN, &now) != 0)
        throw Error{std::string("the terminal would change the bytes: ") + std::strerror(errno),
                    "Leave -t of ssh out."};
    if (isatty(STDERR_FILENO) != 1) return;
    errors_ = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (errors_ >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
}

RawOutput::~RawOutput() {
    if (before_) tcsetattr(STDOUT_FILENO, TCSADRAIN, &*before_);
    if (errors_ < 0) return;
    dup2(errors_, STDERR_FILENO);
    close(errors_);
}

}  // namespace host

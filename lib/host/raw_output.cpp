// Output without changes through the terminal that `ssh -t` puts between a program and a file.
#include "host/raw_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "error/error.h"

namespace host {

namespace {

std::string of_process(pid_t process, const char* file) {
    std::ifstream in("/proc/" + std::to_string(process) + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// The parent is the second field after the name, and the name may hold anything: `7 (a) b) S 6 ..`.
pid_t parent_of(pid_t process) {
    const std::string stat = of_process(process, "stat");
    const auto end = std::min(stat.rfind(')'), stat.size());
    pid_t parent = 0;
    const char* const begin = stat.data() + std::min(end + 4, stat.size());
    std::from_chars(begin, stat.data() + stat.size(), parent);
    return parent;
}

bool is_below_login_shell() {
    for (pid_t process = getppid(); process > 1; process = parent_of(process))
        if (of_process(process, "cmdline").starts_with('-')) return true;
    return false;
}

}  // namespace

bool is_terminal_of_command(const Environment& environment) {
    if (!environment.ssh_terminal || isatty(STDOUT_FILENO) != 1) return false;
    return environment.ssh_user == environment.system_user || !is_below_login_shell();
}

RawOutput::RawOutput() {
    termios now{};
    if (tcgetattr(STDOUT_FILENO, &now) != 0) return;
    before_ = now;
    now.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOCTL);  // no echo of keys into the data
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

// One child process: its descriptors, its time limit, its end.
#include "process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/version.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <string_view>
#if BOOST_VERSION >= 108600
#include <boost/process/v1/child.hpp>
#include <boost/process/v1/error.hpp>
#include <boost/process/v1/extend.hpp>
#else
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/extend.hpp>
#endif

#include "error/error.h"

namespace process {

#if BOOST_VERSION >= 108600
namespace bp = boost::process::v1;
#else
namespace bp = boost::process;
#endif

namespace {

constexpr std::chrono::seconds grace{2};
constexpr std::chrono::milliseconds blind_wait{20};
constexpr unsigned last_descriptor = ~0U;

std::function<void(const std::vector<std::string>&)>& observer() {
    static std::function<void(const std::vector<std::string>&)> one;
    return one;
}

std::string reason(int error) { return std::generic_category().message(error); }

// A NUL would silently cut the word short in execve.
void refuse_nul(const std::string& word, const std::string& program) {
    if (word.find('\0') != std::string::npos) {
        throw Error{"cannot run '" + program + "': an argument holds a NUL byte"};
    }
}

bool is_program(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

std::string look_up(const std::string& program, std::string_view path) {
    if (program.find('/') != std::string::npos) return program;
    while (!path.empty()) {
        const auto colon = path.find(':');
        const auto folder = path.substr(0, colon);
        path = colon == std::string_view::npos ? std::string_view{} : path.substr(colon + 1);
        // An empty entry means the working directory, which we never search.
        if (folder.empty()) continue;
        std::string candidate = std::string{folder} + "/" + program;
        if (is_program(candidate)) return candidate;
    }
    throw Error{"cannot run '" + program + "': no such program in PATH"};
}

// If we were started without a standard stream, a pipe of Boost would get its number. If we ignored
// SIGCHLD, which survives execve, every exit code would be lost.
void prepare_once() {
    static const bool done = [] {
        for (int number = 0; number <= 2; ++number) {
            // open() returns the lowest free number, which is this one. It stays open.
            if (::fcntl(number, F_GETFD) == -1) static_cast<void>(::open("/dev/null", O_RDWR));
        }
        struct sigaction now {};
        if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) {
            ::signal(SIGCHLD, SIG_DFL);
        }
        return true;
    }();
    static_cast<void>(done);
}

// Descriptors are marked instead of closed: Boost needs its own to report that execve failed.
void close_rest_on_exec() {
#ifdef SYS_close_range
    constexpr unsigned cloexec = 1U << 2U;
    if (::syscall(SYS_close_range, 3U, last_descriptor, cloexec) == 0) return;
#endif
    const long most = std::min(::sysconf(_SC_OPEN_MAX), 65536L);
    for (int number = 3; number < most; ++number) ::fcntl(number, F_SETFD, FD_CLOEXEC);
}

// Gives Boost.Process our arguments of execve. Its own code reads the first byte of each argument,
// which an empty one does not have.
struct Setup : bp::extend::handler {
    Setup(ExecImage& image_of, const Streams& streams_of)
        : image(&image_of), streams(streams_of), parent(::getpid()) {}

    template <class Executor>
    void on_setup(Executor& executor) const {
        executor.exe = image->path();
        executor.cmd_line = image->argv();
        executor.env = image->environment();
    }

    template <class Executor>
    void on_exec_setup(Executor& executor) const {
        // If we die, even by SIGKILL, the child gets SIGTERM.
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(127);
        default_signals();
        const bool good = take_streams(streams) &&
                          (image->directory() == nullptr || ::chdir(image->directory()) == 0);
        if (!good) {
            executor.set_error(std::error_code(errno, std::generic_category()), "setup");
            ::_exit(127);
        }
    }

    template <class Executor>
    void on_error(Executor& executor, const std::error_code&) const {
        // Boost does not wait for a child whose execve failed, and may leave a zombie.
        if (executor.pid > 0) ::waitpid(executor.pid, nullptr, 0);
    }

    ExecImage* image;
    Streams streams;
    pid_t parent;
};

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        number_ = other.release();
    }
    return *this;
}

int Descriptor::release() {
    const int number = number_;
    number_ = -1;
    return number;
}

void Descriptor::close() {
    if (number_ != -1) ::close(release());
}

Pipe::Pipe() {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) == -1) throw Error{"cannot open a pipe: " + reason(errno)};
    read = Descriptor{ends[0]};
    write = Descriptor{ends[1]};
}

void make_nonblocking(const Descriptor& descriptor) {
    const int flags = ::fcntl(descriptor.get(), F_GETFL);
    ::fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK);
}

ExecImage::ExecImage(const Command& command) : directory_(command.directory), words_(command.argv) {
    if (words_.empty() || words_.front().empty()) throw std::logic_error("no program to run");
    for (const auto& word : words_) refuse_nul(word, words_.front());
    std::map<std::string, std::string, std::less<>> variables;
    for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
        const std::string_view line = *one;
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace(line.substr(0, equals), line.substr(equals + 1));
    }
    for (const auto& [name, value] : command.environment) {
        variables.erase(name);
        if (value) variables.emplace(name, *value);
    }
    const auto path = variables.find("PATH");
    path_ = look_up(words_.front(), path == variables.end() ? "/usr/local/bin:/usr/bin:/bin"
                                                            : std::string_view{path->second});
    for (const auto& [name, value] : variables) variables_.push_back(name + "=" + value);
    for (auto& variable : variables_) {
        refuse_nul(variable, words_.front());
        environment_.push_back(variable.data());
    }
    for (auto& word : words_) argv_.push_back(word.data());
    argv_.push_back(nullptr);
    environment_.push_back(nullptr);
}

void announce(const Command& command) {
    if (observer()) observer()(command.argv);
}

void observe(std::function<void(const std::vector<std::string>&)> told) {
    observer() = std::move(told);
}

// A file instead of a pipe: nobody has to write to it, and the program cannot wait for us.
Descriptor input_of(const Command& command) {
    if (!command.input) return {};
    Descriptor file{::memfd_create("input", MFD_CLOEXEC)};
    if (!file.open())
        throw Error{"cannot hold the input of '" + command.argv.front() + "': " + reason(errno)};
    std::string_view rest = *command.input;
    while (!rest.empty()) {
        const auto written = ::write(file.get(), rest.data(), rest.size());
        if (written == -1 && errno == EINTR) continue;
        if (written == -1)
            throw Error{"cannot hold the input of '" + command.argv.front() +
                        "': " + reason(errno)};
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

bool take_streams(const Streams& streams) {
    const int wanted[3] = {streams.in, streams.out, streams.err};
    int held[3] = {-1, -1, -1};
    // Duplicated to high numbers first, so that none is overwritten before it is copied.
    for (int i = 0; i < 3; ++i) {
        int from = wanted[i];
        if (from == -1) from = ::open("/dev/null", (i == 0 ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
        held[i] = from == -1 ? -1 : ::fcntl(from, F_DUPFD_CLOEXEC, 3);
        if (held[i] == -1) return false;
    }
    for (int i = 0; i < 3; ++i) {
        if (::dup2(held[i], i) == -1) return false;
    }
    close_rest_on_exec();
    return true;
}

void default_signals() {
    // Other signals may be ignored because our caller wants that (nohup). execve resets handlers.
    ::signal(SIGPIPE, SIG_DFL);
    ::signal(SIGCHLD, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

Child::Child(const Command& command, const Streams& streams) {
    prepare_once();
    ExecImage image{command};
    struct stat found {};
    if (image.directory() != nullptr &&
        (::stat(image.directory(), &found) == -1 || !S_ISDIR(found.st_mode))) {
        throw Error{"cannot run '" + command.argv.front() + "': no folder '" + command.directory +
                    "'"};
    }
    announce(command);
    const Descriptor input = input_of(command);
    Streams taken = streams;
    if (input.open()) taken.in = input.get();
    if (command.merged) taken.err = taken.out;

    std::error_code error;
    bp::child started{Setup{image, taken}, error};
    if (error || !started.valid()) {
        throw Error{"cannot run '" + command.argv.front() + "'" +
                    (error ? ": " + error.message() : std::string{})};
    }
    pid_ = started.id();
    started.detach();
#ifdef SYS_pidfd_open
    handle_ = Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0U))};
#endif
    if (command.limit) deadline_ = Clock::now() + *command.limit;
}

std::optional<std::chrono::milliseconds> Child::patience() const {
    std::optional<std::chrono::milliseconds> left;
    const auto until = [&](Clock::time_point when) {
        const auto wait =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(when - Clock::now()),
                     std::chrono::milliseconds{0});
        left = left ? std::min(*left, wait) : wait;
    };
    if (!running()) return left;
    if (kill_at_) {
        if (!killed_) until(*kill_at_);
    } else if (deadline_) {
        until(*deadline_);
    }
    if (!handle_.open()) left = left ? std::min(*left, blind_wait) : blind_wait;
    return left;
}

void Child::tick() {
    if (!running()) return;
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
        status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        handle_.close();
    } else if (ended == -1 && errno == ECHILD) {
        status_ = 255;  // the exit code was lost: not a success
        handle_.close();
    } else if (!kill_at_ && deadline_ && Clock::now() >= *deadline_) {
        timed_out_ = true;
        terminate();
    } else if (kill_at_ && !killed_ && Clock::now() >= *kill_at_) {
        killed_ = true;
        ::kill(pid_, SIGKILL);
    }
}

void Child::terminate() {
    ::kill(pid_, SIGTERM);
    ::kill(pid_, SIGCONT);  // a stopped program would not get SIGTERM
    kill_at_ = Clock::now() + grace;
}

void Child::end() {
    tick();
    if (running() && !kill_at_) terminate();
    while (running()) {
        const auto wait = patience();
        pollfd end{.fd = handle_.get(), .events = POLLIN, .revents = 0};
        ::poll(&end, handle_.open() ? 1 : 0, wait ? static_cast<int>(wait->count()) : -1);
        tick();
    }
}

}  // namespace process

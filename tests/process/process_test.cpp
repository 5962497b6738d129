// Programs that are run: what they are given, what comes back, and that nothing of theirs or ours
// stays behind.
#include "process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "error/error.h"
#include "fakes/catch.h"

namespace {

using process::Command;
using process::run;
using namespace std::chrono_literals;

Command shell(const std::string& script, std::vector<std::string> words = {}) {
    Command command{.argv = {"/bin/sh", "-c", script, "sh"}};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    return command;
}

// A folder of its own for a test.
struct Folder {
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "process-XXXXXX";
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

// Until it is so, or a minute is over: the machine may be busy.
template <class Condition>
bool becomes(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 120s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

std::string content(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

bool alive(pid_t pid) {
    if (::kill(pid, 0) == -1) return false;
    // A dead one that nobody has waited for yet is dead.
    const std::string stat = content("/proc/" + std::to_string(pid) + "/stat");
    const auto close = stat.rfind(") ");
    return close != std::string::npos && stat[close + 2] != 'Z' && stat[close + 2] != 'X';
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        static_cast<void>(entry);
        ++count;
    }
    return count;
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace

TEST_CASE("arguments arrive as they are", "[process]") {
    const std::vector<std::string> words = {"",  " ", "a b", "*",    "$HOME", "'", "\"", "\\",
                                            "-", ";", "\n",  "\x01", "é",     "",  "--", ""};
    const auto result = run(shell("for w; do printf '<%s>' \"$w\"; done", words));
    std::string expected;
    for (const auto& word : words) expected += "<" + word + ">";
    CHECK(result.out == expected);
    CHECK(result.ok());
}

TEST_CASE("an argument with a NUL byte is refused, not cut", "[process]") {
    CHECK_THROWS_AS(run({.argv = {"/bin/echo", std::string("a\0b", 3)}}), Error);
}

TEST_CASE("a program is looked up in PATH", "[process]") {
    const Folder folder;
    const auto program = folder.path / "hello";
    std::ofstream{program} << "#!/bin/sh\necho hello\n";
    SECTION("found") {
        ::chmod(program.c_str(), 0755);
        CHECK(
            run({.argv = {"hello"}, .environment = {{"PATH", "/nowhere:" + folder.path.string()}}})
                .out == "hello\n");
    }
    SECTION("not when it may not be run") {
        CHECK_THROWS_WITH(run({.argv = {"hello"}, .environment = {{"PATH", folder.path.string()}}}),
                          "cannot run 'hello': no such program in PATH");
    }
    SECTION("not in the working directory") {
        ::chmod(program.c_str(), 0755);
        CHECK_THROWS_AS(
            run({.argv = {"hello"}, .environment = {{"PATH", ""}}, .directory = folder.path}),
            Error);
        CHECK_THROWS_AS(
            run({.argv = {"hello"}, .environment = {{"PATH", ":"}}, .directory = folder.path}),
            Error);
    }
}

TEST_CASE("a program that cannot be started is an error and leaves nothing", "[process]") {
    const Folder folder;
    const auto before = open_descriptors();
    CHECK_THROWS_AS(run({.argv = {"/no/such/program"}}), Error);
    CHECK_THROWS_AS(run({.argv = {folder.path.string()}}), Error);
    CHECK_THROWS_WITH(run({.argv = {"true"}, .directory = "/no/such/folder"}),
                      "cannot run 'true': no folder '/no/such/folder'");
    CHECK_THROWS_AS(run({.argv = {"/bin/true", std::string(8 * 1024 * 1024, 'x')}}), Error);
    CHECK(open_descriptors() == before);
    CHECK_FALSE(has_children());
}

TEST_CASE("every end is told", "[process]") {
    CHECK(run(shell("exit 0")).ok());
    CHECK(run(shell("exit 42")).status == 42);
    CHECK(run(shell("kill -9 $$")).status == 128 + 9);
    CHECK(process::run_on(shell("exit 7"), {.in = -1, .out = -1, .err = -1}) == 7);
    CHECK_FALSE(has_children());
}

TEST_CASE("both outputs are read while the input is fed", "[process]") {
    // Each is larger than any pipe: whoever reads one after the other stands still.
    Command command = shell("head -c 3000000 /dev/zero >&2; cat; head -c 3000000 /dev/zero >&2");
    command.input = std::string(5'000'000, 'i');
    const auto result = run(command);
    CHECK(result.out == *command.input);
    CHECK(result.err.size() == 6'000'000);
}

TEST_CASE("without input a program reads nothing", "[process]") {
    CHECK(run({.argv = {"cat"}}).out.empty());
    Command empty{.argv = {"cat"}};
    empty.input = "";
    CHECK(run(empty).out.empty());
}

TEST_CASE("merged streams keep their order", "[process]") {
    Command command = shell("for i in 1 2 3; do echo out$i; echo err$i >&2; done");
    command.merged = true;
    CHECK(run(command).out == "out1\nerr1\nout2\nerr2\nout3\nerr3\n");
}

TEST_CASE("the environment is ours with the changes asked for", "[process]") {
    ::setenv("PROCESS_TEST_KEPT", "kept", 1);
    ::setenv("PROCESS_TEST_GONE", "gone", 1);
    Command command =
        shell("echo \"$PROCESS_TEST_KEPT|${PROCESS_TEST_GONE-none}|$PROCESS_TEST_NEW\"");
    command.environment = {{"PROCESS_TEST_GONE", std::nullopt}, {"PROCESS_TEST_NEW", "a=b c"}};
    CHECK(run(command).out == "kept|none|a=b c\n");
    ::unsetenv("PROCESS_TEST_KEPT");
    ::unsetenv("PROCESS_TEST_GONE");
}

TEST_CASE("a program inherits three descriptors and no more", "[process]") {
    const int leak = ::open("/dev/null", O_RDONLY);  // on purpose without close-on-exec
    // ls itself opens the folder that it lists, as 3
    const auto result = run({.argv = {"ls", "/proc/self/fd"}});
    CHECK(result.out == "0\n1\n2\n3\n");
    ::close(leak);
}

TEST_CASE("given streams are used as they are, in any order", "[process]") {
    const Folder folder;
    const std::string a = folder.path / "a";
    const std::string b = folder.path / "b";
    const int to_a = ::open(a.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const int to_b = ::open(b.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(process::run_on(shell("echo out; echo err >&2"), {.in = -1, .out = to_b, .err = to_a}) ==
          0);
    ::close(to_a);
    ::close(to_b);
    CHECK(content(a) == "err\n");
    CHECK(content(b) == "out\n");
}

TEST_CASE("signals have their usual meaning in a program", "[process]") {
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    const auto result = run({.argv = {"grep", "-E", "SigIgn|SigBlk", "/proc/self/status"}});
    ::signal(SIGPIPE, before);
    std::istringstream lines{result.out};
    std::string name;
    std::string mask;
    while (lines >> name >> mask) {
        const auto bits = std::stoull(mask, nullptr, 16);
        CHECK((bits & (1ULL << (SIGPIPE - 1))) == 0);
        CHECK((bits & (1ULL << (SIGCHLD - 1))) == 0);
    }
}

TEST_CASE("a program over its limit is ended", "[process]") {
    SECTION("one that listens") {
        Command command = shell("echo begun; exec sleep 600");
        command.limit = 300ms;
        const auto result = run(command);
        CHECK(result.timed_out);
        CHECK(result.status == 128 + SIGTERM);
        CHECK_FALSE(result.ok());
    }
    SECTION("one that does not") {
        Command command = shell("trap '' TERM; echo begun; while :; do sleep 0.05; done");
        command.limit = 500ms;
        const auto result = run(command);
        CHECK(result.timed_out);
        CHECK(result.status == 128 + SIGKILL);
        CHECK(result.out == "begun\n");
    }
    CHECK_FALSE(has_children());
}

TEST_CASE("a daemon that holds the output does not hold us", "[process]") {
    const auto result = run(shell("sleep 600 & echo $!"));
    CHECK(result.ok());
    const pid_t daemon = std::stoi(result.out);
    CHECK(alive(daemon));
    ::kill(daemon, SIGKILL);
}

TEST_CASE("bytes go from one program into another untouched", "[process]") {
    const Folder folder;
    const std::string file = folder.path / "copy";
    const auto [source, target] = process::run_piped(
        shell("head -c 4000000 /dev/zero; printf '\\000\\377\\r\\n'; echo warned >&2; exit 3"),
        shell("cat > \"$1\"; echo done >&2", {file}));
    CHECK(source.status == 3);
    CHECK(source.err == "warned\n");
    CHECK(target.ok());
    CHECK(target.err == "done\n");
    const std::string copy = content(file);
    CHECK(copy.size() == 4000004);
    CHECK(copy.ends_with(std::string("\0\377\r\n", 4)));
}

TEST_CASE("a source ends when its target does", "[process]") {
    const auto [source, target] =
        process::run_piped(shell("exec cat /dev/zero"), shell("head -c 10 >/dev/null; exit 4"));
    CHECK(target.status == 4);
    CHECK(source.status == 128 + SIGPIPE);
}

TEST_CASE("bytes on their way are counted", "[process]") {
    const Folder folder;
    const std::string file = folder.path / "copy";
    // a file that is opened for appending is one that the kernel does not splice into
    for (const int flags : {O_WRONLY | O_CREAT | O_TRUNC, O_WRONLY | O_APPEND | O_TRUNC}) {
        const int out = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
        REQUIRE(out != -1);
        std::vector<std::uint64_t> told;
        const auto result =
            process::run_to(shell("head -c 3000000 /dev/zero; echo warned >&2; exit 3"), out,
                            [&](std::uint64_t bytes) { told.push_back(bytes); });
        ::close(out);
        CHECK(result.status == 3);
        CHECK(result.err == "warned\n");
        CHECK(content(file).size() == 3000000);
        REQUIRE_FALSE(told.empty());
        CHECK(told.back() == 3000000);
        CHECK(std::is_sorted(told.begin(), told.end()));
    }
}

TEST_CASE("an output that cannot be written ends the program that writes it", "[process]") {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full != -1);
    CHECK_THROWS_AS(process::run_to(shell("exec cat /dev/zero"), full), Error);
    ::close(full);
    CHECK_FALSE(has_children());
}

TEST_CASE("who watches the bytes can end both programs", "[process]") {
    const auto refuse = [](std::uint64_t) { throw Error{"enough"}; };
    CHECK_THROWS_AS(
        process::run_piped(shell("exec cat /dev/zero"), shell("exec cat >/dev/null"), refuse),
        Error);
    CHECK_FALSE(has_children());
}

TEST_CASE("only the end of a long standard error is kept", "[process]") {
    const auto [source, target] = process::run_piped(
        shell("head -c 1000000 /dev/zero >&2; echo the end >&2"), {.argv = {"cat"}});
    CHECK(source.err.size() == 64 * 1024);
    CHECK(source.err.ends_with("the end\n"));
}

TEST_CASE("a fed program gets every byte", "[process]") {
    const Folder folder;
    const std::string file = folder.path / "copy";
    process::Feed feed{shell("cat > \"$1\"; echo seen >&2; exit 5", {file})};
    const std::string block(300000, 'b');
    for (int i = 0; i < 20; ++i) CHECK(feed.write(block));
    const auto result = feed.finish();
    CHECK(result.status == 5);
    CHECK(result.err == "seen\n");
    CHECK(std::filesystem::file_size(file) == 6'000'000);
}

TEST_CASE("a fed program that reads no more is told by write", "[process]") {
    process::Feed feed{shell("exec <&-; exit 9")};
    const std::string block(100000, 'b');
    CHECK(becomes([&] { return !feed.write(block); }));
    CHECK(feed.finish().status == 9);
}

TEST_CASE("a watch is called while a full pipe waits", "[process]") {
    const Folder folder;
    const std::string gate = folder.path / "gate";
    process::Feed feed{shell("while [ ! -e \"$1\" ]; do sleep 0.02; done; cat >/dev/null", {gate})};
    SECTION("and may let it go on") {
        feed.watch([&] { std::ofstream{gate} << "open"; });
        CHECK(feed.write(std::string(8'000'000, 'x')));
        CHECK(feed.finish().ok());
    }
    SECTION("and may end the program") {
        feed.watch([] { throw Error{"enough"}; });
        CHECK_THROWS_WITH(feed.write(std::string(8'000'000, 'x')), "enough");
        CHECK_FALSE(has_children());
    }
    SECTION("in finish as well") {
        feed.watch([] { throw Error{"enough"}; });
        CHECK_THROWS_WITH(feed.finish(), "enough");
        CHECK_FALSE(has_children());
    }
}

TEST_CASE("a fed program is ended before it can take the end of its input for the whole",
          "[process]") {
    const Folder folder;
    const std::string file = folder.path / "committed";
    {
        process::Feed feed{shell("cat >/dev/null; echo > \"$1\"", {file})};
        CHECK(feed.write("half"));
        SECTION("by kill") { feed.kill(); }
        SECTION("by going out of sight") {}
    }
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK_FALSE(has_children());
}

TEST_CASE("a drained program is read to its end", "[process]") {
    process::Drain drain{
        shell("head -c 500000 /dev/zero; head -c 500000 /dev/zero >&2; echo e >&2; exit 6")};
    std::vector<char> buffer(65536);
    std::size_t total = 0;
    while (const auto count = drain.read(buffer.data(), buffer.size())) total += count;
    CHECK(total == 500000);
    const auto result = drain.finish();
    CHECK(result.status == 6);
    CHECK(result.err.size() == 64 * 1024);
    CHECK(result.err.ends_with("e\n"));
}

TEST_CASE("a drained program reads the descriptor it is given", "[process]") {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    REQUIRE(::write(ends[1], "through", 7) == 7);
    ::close(ends[1]);
    process::Drain drain{{.argv = {"cat"}}, ends[0]};
    ::close(ends[0]);
    std::string text(64, ' ');
    text.resize(drain.read(text.data(), text.size()));
    CHECK(text == "through");
    CHECK(drain.finish().ok());
}

TEST_CASE("who watches a drained program may end it", "[process]") {
    process::Drain drain{shell("echo begun; exec sleep 600")};
    bool begun = false;
    int seen = 0;
    drain.watch(
        [&] {
            if (begun && ++seen == 3) throw Error{"enough"};
        },
        1ms);
    std::string text(64, ' ');
    text.resize(drain.read(text.data(), text.size()));
    CHECK(text == "begun\n");
    begun = true;
    CHECK_THROWS_WITH(drain.read(text.data(), text.size()), "enough");
    CHECK(seen == 3);
    CHECK_FALSE(has_children());
}

TEST_CASE("what cannot be written is said, a reader that went away as well", "[process]") {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    process::write_to(ends[1], "through");
    std::string text(64, ' ');
    text.resize(static_cast<std::size_t>(::read(ends[0], text.data(), text.size())));
    CHECK(text == "through");
    ::close(ends[0]);
    CHECK_THROWS_WITH(process::write_to(ends[1], "gone"),
                      "the output cannot be written: Broken pipe");
    ::close(ends[1]);
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full != -1);
    CHECK_THROWS_WITH(process::write_to(full, "much"),
                      "the output cannot be written: No space left on device");
    ::close(full);
}

TEST_CASE("a write that waits is ended by a signal", "[process]") {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    struct sigaction nothing {};
    struct sigaction before {};
    nothing.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &nothing, &before);
    const pthread_t us = ::pthread_self();
    std::atomic<bool> over = false;
    std::thread sender{[&] {
        while (!over) {
            ::pthread_kill(us, SIGUSR1);
            std::this_thread::sleep_for(5ms);
        }
    }};
    CHECK_THROWS_WITH(process::write_to(ends[1], std::string(4 * 1024 * 1024, 'x'),
                                        [] { throw Error{"interrupted"}; }),
                      "interrupted");
    over = true;
    sender.join();
    ::sigaction(SIGUSR1, &before, nullptr);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("a drained program that we leave is ended", "[process]") {
    std::string first(1, ' ');
    {
        process::Drain drain{shell("exec cat /dev/zero")};
        CHECK(drain.read(first.data(), 1) == 1);
    }
    CHECK_FALSE(has_children());
    process::Drain drain{shell("exec cat /dev/zero")};
    CHECK(drain.read(first.data(), 1) == 1);
    CHECK(drain.finish().status == 128 + SIGPIPE);
}

TEST_CASE("programs die with us, even when we are killed", "[process]") {
    const Folder folder;
    const std::string file = folder.path / "pid";
    const pid_t us = ::fork();
    if (us == 0) {
        try {
            run(shell("echo $$ > \"$1.new\"; mv \"$1.new\" \"$1\"; exec sleep 600", {file}));
        } catch (...) {
        }
        ::_exit(0);
    }
    REQUIRE(becomes([&] { return std::filesystem::exists(file); }));
    const pid_t child = std::stoi(content(file));
    ::kill(us, SIGKILL);
    ::waitpid(us, nullptr, 0);
    CHECK(becomes([&] { return !alive(child); }));
}

TEST_CASE("nothing is left after many programs", "[process]") {
    run(shell("true"));
    const auto before = open_descriptors();
    for (int i = 0; i < 50; ++i) {
        run({.argv = {"true"}});
        process::run_piped({.argv = {"true"}}, {.argv = {"cat"}});
        process::Feed feed{{.argv = {"cat"}}};
        process::Drain drain{{.argv = {"true"}}};
    }
    CHECK(open_descriptors() == before);
    CHECK_FALSE(has_children());
}

TEST_CASE("a process is replaced by a program", "[process]") {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t us = ::fork();
    if (us == 0) {
        ::dup2(ends[1], 1);
        try {
            process::replace_by(shell("printf %s \"$1\"; exit 8", {""}));
        } catch (...) {
        }
        ::_exit(99);
    }
    ::close(ends[1]);
    int status = 0;
    ::waitpid(us, &status, 0);
    ::close(ends[0]);
    CHECK(WEXITSTATUS(status) == 8);
    CHECK_THROWS_AS(process::replace_by({.argv = {"no-such-program-at-all"}}), Error);
}

TEST_CASE("a tracer is told of every program", "[process]") {
    std::vector<std::vector<std::string>> told;
    process::observe([&](const std::vector<std::string>& argv) { told.push_back(argv); });
    run({.argv = {"true", "one"}});
    process::run_piped({.argv = {"true"}}, {.argv = {"cat"}});
    process::observe({});
    CHECK(told == std::vector<std::vector<std::string>>{{"true", "one"}, {"true"}, {"cat"}});
}

// The life of a program, from its words to its exit code, in a process of its own.
#include "cli/main.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "error/error.h"
#include "fakes/catch.h"

namespace {

struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
};

/// A folder for what the process reads and writes.
class Folder {
public:
    Folder() {
        char path[] = "/tmp/cli-main-test.XXXXXX";
        REQUIRE(mkdtemp(path) != nullptr);
        path_ = path;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    std::string read(const std::string& name) const {
        std::ifstream file(*this / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::string path_;
};

void redirect(int fd, const std::string& path, int flags) {
    const int file = open(path.c_str(), flags, 0600);
    if (file == -1 || dup2(file, fd) == -1) _exit(99);
    if (file != fd) close(file);
}

/// Runs `body` in a child whose stdout goes to `stdout_path` (empty: a file that is read back;
/// "closed": nowhere).
Outcome in_child(const std::function<int()>& body, const std::string& input = "",
                 const std::string& stdout_path = "") {
    const Folder folder;
    std::ofstream(folder / "in") << input;
    // what the parent has not written yet must not be written by the child again
    std::fflush(nullptr);
    const pid_t child = fork();
    REQUIRE(child != -1);
    if (child == 0) {
        redirect(0, folder / "in", O_RDONLY);
        redirect(2, folder / "err", O_WRONLY | O_CREAT);
        if (stdout_path == "closed")
            close(1);
        else
            redirect(1, stdout_path.empty() ? folder / "out" : stdout_path, O_WRONLY | O_CREAT);
        const int code = body();
        std::fflush(nullptr);
        _exit(code);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), folder.read("out"),
            folder.read("err")};
}

constexpr cli::Argument arguments[] = {{"service", "valid name for the service", cli::optional}};
constexpr cli::Command command{.name = "probe", .summary = "probe it", .arguments = arguments};
constexpr cli::Command front{.name = "default", .summary = "help", .hidden = true};

using Run = std::function<void(const cli::Invocation&)>;

int call(const cli::Command& table, const Run& run, std::vector<std::string> words) {
    words.insert(words.begin(), "program");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    return cli::main(table, run, static_cast<int>(words.size()), argv.data());
}

Outcome outcome(const Run& run, const std::vector<std::string>& words = {},
                const std::string& input = "", const std::string& stdout_path = "") {
    return in_child([&] { return call(command, run, words); }, input, stdout_path);
}

void echo(const cli::Invocation& given) {
    cli::print("[" + given.find("service").value_or("none") + "]\n");
}

}  // namespace

TEST_CASE("the command's name is dropped where Dokku repeats it", "[cli]") {
    CHECK(outcome(echo, {"postgres:probe", "db"}).out == "[db]\n");
    CHECK(outcome(echo, {"db"}).out == "[db]\n");
    CHECK(outcome(echo, {"postgres:probe"}).out == "[none]\n");
    CHECK(outcome(echo, {"postgres:other"}).out == "[postgres:other]\n");
    const auto bare = [](const std::string& word) {
        return in_child([&] { return call(front, [](const auto&) { cli::print("ok"); }, {word}); });
    };
    CHECK(bare("postgres").out == "ok");
    CHECK(bare("postgres:default").out == "ok");
    CHECK(bare("mysql").code == 2);
}

TEST_CASE("help and renderings are answered without running", "[cli]") {
    const Run never = [](const cli::Invocation&) { throw std::logic_error("ran"); };
    const auto help = outcome(never, {"postgres:probe", "--help"});
    CHECK(help.code == 0);
    CHECK(help.out.starts_with("Usage: dokku postgres:probe [<service>]\n"));
    CHECK(outcome(never, {"--render=help-row"}).out ==
          "    postgres:probe [<service>], probe it\n");
    CHECK(outcome(never, {"--render=nonsense"}).code == 2);
}

TEST_CASE("an error is reported in Dokku's form with its exit code", "[cli]") {
    const auto failed = outcome([](const cli::Invocation&) {
        cli::print("first\n");
        throw Error("it broke", "Mend it.\nThen try again.", Exit::degraded);
    });
    CHECK(failed.code == 5);
    CHECK(failed.out == "first\n");
    CHECK(failed.err == " !     it broke\n !     Mend it.\n !     Then try again.\n");

    const auto silent = outcome([](const cli::Invocation&) { throw Error("", {}, Exit::failed); });
    CHECK(silent.code == 1);
    CHECK(silent.err.empty());
}

TEST_CASE("an error shows where it was thrown only when traced", "[cli]") {
    const Run fail = [](const cli::Invocation&) { throw Error("it broke"); };
    CHECK(outcome(fail).err == " !     it broke\n");
    CHECK(outcome(fail, {"--trace"}).err.find("\n ?     cli/main_test.cpp:") != std::string::npos);
    const auto asked = outcome([](const cli::Invocation&) {
        cli::tracing(true);
        throw Error("it broke");
    });
    CHECK(asked.err.find("cli/main_test.cpp:") != std::string::npos);
}

TEST_CASE("other exceptions are failures too, our own mistakes named as such", "[cli]") {
    const auto ours = outcome([](const cli::Invocation&) { throw std::logic_error("no way"); });
    CHECK(ours.code == 1);
    CHECK(ours.err == " !     internal error: no way\n");
    const auto other = outcome([](const cli::Invocation&) { throw std::runtime_error("odd"); });
    CHECK(other.code == 1);
    CHECK(other.err == " !     odd\n");
}

TEST_CASE("a hostile name cannot draw on the terminal or forge a line", "[cli]") {
    const auto said = outcome([](const cli::Invocation&) {
        throw Error("no '\x1b[2J\n !     forged\r\x7f\xc2\x9b\xff caf\xc3\xa9'");
    });
    CHECK(said.err ==
          " !     no '\\x1b[2J\\n !     forged\\x0d\\x7f\\xc2\\x9b\\xff caf\xc3\xa9'\n");
}

TEST_CASE("a standard output that cannot be written is a failure", "[cli]") {
    for (const char* path : {"/dev/full", "closed"}) {
        const auto lost = outcome(echo, {"db"}, "", path);
        CHECK(lost.code == 1);
        CHECK(lost.err.starts_with(" !     standard output could not be written: "));
    }
    // nothing to say, nothing lost
    CHECK(outcome([](const cli::Invocation&) {}, {}, "", "closed").code == 0);
}

TEST_CASE("a reader that went away is an error and no death by signal", "[cli]") {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    const auto lost = outcome(echo, {}, "", "/dev/fd/" + std::to_string(ends[1]));
    close(ends[1]);
    CHECK(lost.code == 1);
    CHECK(lost.err == " !     standard output could not be written: Broken pipe\n");
}

TEST_CASE("programs that we start do not inherit an ignored SIGPIPE", "[cli]") {
    const auto asked = outcome([](const cli::Invocation&) {
        struct sigaction now = {};
        sigaction(SIGPIPE, nullptr, &now);
        cli::print(now.sa_handler == SIG_IGN ? "ignored" : "handled");
    });
    CHECK(asked.out == "handled");
}

TEST_CASE("a file that is opened never becomes a closed standard output", "[cli]") {
    const auto opened = outcome(
        [](const cli::Invocation&) {
            const int fd = open("/dev/null", O_RDONLY);
            if (fd < 3) throw Error("fd " + std::to_string(fd));
        },
        {}, "", "closed");
    CHECK(opened.code == 0);
}

TEST_CASE("destruction is confirmed by typing the name", "[cli]") {
    const Run ask = [](const cli::Invocation&) {
        cli::confirm("This command will destroy db.", "db");
        cli::print("gone\n");
    };
    const std::string warning =
        " !     WARNING: Potentially Destructive Action\n"
        " !     This command will destroy db.\n"
        " !     To proceed, type \"db\"\n";
    const auto yes = outcome(ask, {}, "db\nmore\n");
    CHECK(yes.code == 0);
    CHECK(yes.out == "> gone\n");
    CHECK(yes.err == warning);
    for (const char* answer : {"db2\n", "\n", "", "DB\n", " db\n"}) {
        const auto no = outcome(ask, {}, answer);
        CHECK(no.code == 4);
        CHECK(no.out == "> ");
        CHECK(no.err == warning + " !     Confirmation did not match db. Aborted.\n");
    }
    CHECK(outcome(ask, {}, "db").code == 0);
    CHECK(outcome(ask, {}, "db\r\n").code == 0);
}

TEST_CASE("a hook gets its words as they are and is no command", "[cli]") {
    const auto hook = [](std::vector<std::string> words) {
        return in_child([&] {
            words.insert(words.begin(), "pre-delete");
            std::vector<char*> argv;
            for (std::string& word : words) argv.push_back(word.data());
            argv.push_back(nullptr);
            return cli::hook(
                [](const std::vector<std::string>& given) {
                    cli::print(cli::joined(given, "|"));
                    if (given.empty()) throw Error("no app", {}, Exit::no_app);
                },
                static_cast<int>(words.size()), argv.data());
        });
    };
    CHECK(hook({"shop", "--help", ""}).out == "shop|--help|");
    CHECK(hook({}).code == 20);
    const auto refused = hook({"postgres:../pre-delete", "shop"});
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK(refused.err.starts_with(" !     'postgres:../pre-delete' is not a command\n"));
}

TEST_CASE("words are joined by what stands between them", "[cli]") {
    CHECK(cli::joined({}, ", ").empty());
    CHECK(cli::joined({"a"}, ", ") == "a");
    CHECK(cli::joined({"a", "", "c"}, ", ") == "a, , c");
}

TEST_CASE("a crash leaves no core file", "[cli]") {
    // in a folder of its own, with nothing but the program's own wish against a core
    const auto dumps = [](const std::function<int()>& body) {
        const Folder folder;
        const pid_t child = fork();
        REQUIRE(child != -1);
        if (child == 0) {
            const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
            const bool ready =
                chdir((folder / "").c_str()) == 0 && setrlimit(RLIMIT_CORE, &unlimited) == 0;
            std::signal(SIGSEGV, SIG_DFL);
            _exit(ready ? body() : 99);
        }
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        return WCOREDUMP(status);
    };
    const auto crash = [](const cli::Invocation&) { std::raise(SIGSEGV); };
    CHECK_FALSE(dumps([&] { return call(command, crash, {}); }));
    // the same crash without it: some hosts keep no core of anything
    if (!dumps([] { return std::raise(SIGSEGV); })) WARN("this host keeps no core files");
}

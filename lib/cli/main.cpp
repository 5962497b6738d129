// The main function of every program: the only place that catches an Error, prints it and chooses
// the exit code.
#include "cli/main.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

#include "cli/format.h"
#include "cli/render.h"
#include "cli/text.h"
#include "cli/words.h"
#include "error/error.h"

namespace cli {

namespace {

bool traced = false;

std::string warning_line(std::string_view text) { return " !     " + terminal_safe(text) + "\n"; }

void to_stderr(const std::string& text) {
    // keeps the order if both go to one terminal
    static_cast<void>(std::fflush(stdout));
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

void report(const Error& error) {
    std::string text;
    if (*error.what() != '\0') text += warning_line(error.what());
    std::string_view hint = error.hint();
    while (!hint.empty()) {
        const std::size_t end = std::min(hint.find('\n'), hint.size());
        text += warning_line(hint.substr(0, end));
        hint.remove_prefix(std::min(end + 1, hint.size()));
    }
    if (traced) {
        const std::string file = error.where().file_name();
        const std::size_t slash = file.rfind('/', file.rfind('/') - 1);
        text += " ?     " +
                terminal_safe(slash == std::string::npos ? file : file.substr(slash + 1)) + ":" +
                std::to_string(error.where().line()) + "\n";
    }
    to_stderr(text);
}

Error unwritable() {
    return Error("standard output could not be written: " + std::string(std::strerror(errno)));
}

/// Opens closed standard streams, so that no other file gets their numbers.
void hold_standard_descriptors() {
    for (const int fd : {0, 1, 2})
        // read-only: writing to an output that was closed must still fail
        if (fcntl(fd, F_GETFD) == -1) static_cast<void>(open("/dev/null", O_RDONLY));
}

void catch_sigpipe() {
    // a handler instead of SIG_IGN, which the programs that we start would inherit
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    static_cast<void>(sigaction(SIGPIPE, &action, nullptr));
}

/// A crash must leave no core file, because it may hold a password. Not being dumpable also works
/// for handlers of cores and keeps other programs of the same user out of our memory, but programs
/// that we start do not inherit it. They inherit the limit: with one byte the kernel writes no file
/// and calls no handler (do_coredump in fs/coredump.c).
void keep_memory_private() {
    static_cast<void>(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    rlimit cores = {};
    static_cast<void>(getrlimit(RLIMIT_CORE, &cores));
    cores.rlim_cur = std::min<rlim_t>(1, cores.rlim_max);
    static_cast<void>(setrlimit(RLIMIT_CORE, &cores));
}

int run_program(const std::function<void()>& run) {
    keep_memory_private();
    hold_standard_descriptors();
    catch_sigpipe();
    try {
        run();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw unwritable();
        return static_cast<int>(Exit::ok);
    } catch (const Error& e) {
        report(e);
        return static_cast<int>(e.code());
    } catch (const std::logic_error& e) {
        to_stderr(warning_line(std::string("internal error: ") + e.what()));
    } catch (const std::exception& e) {
        to_stderr(warning_line(e.what()));
    } catch (...) {
        to_stderr(warning_line("internal error: unknown exception"));
    }
    return static_cast<int>(Exit::failed);
}

}  // namespace

int main(const Command& command, const std::function<void(const Invocation&)>& run, int argc,
         char** argv) {
    return run_program([&] {
        const auto words = words_of(command.name, {argv + std::min(argc, 1), argv + argc});
        constexpr std::string_view render_flag = "--render=";
        if (words.size() == 1 && words[0].starts_with(render_flag)) {
            print(render(command, words[0].substr(render_flag.size())));
            return;
        }
        const Invocation given = parse(command, words);
        if (given.has("trace")) tracing(true);
        if (given.has("help")) return print(help(command));
        // a wrong format is refused before anything is done
        if (has_format(command)) wants_json(given);
        run(given);
    });
}

int hook(const std::function<void(const std::vector<std::string>&)>& run, int argc, char** argv) {
    return run_program([&] {
        const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
        // `dokku postgres:../pre-delete app` or `./postgres:..` would run a hook as the dokku user.
        // No trigger has a colon in its first word.
        if (!words.empty() && words[0].find(':') != std::string::npos)
            throw usage_error("'" + words[0] + "' is not a command",
                              "Type 'dokku postgres:help' for the commands there are.");
        run(words);
    });
}

void tracing(bool on) { traced = on; }

void confirm(std::string_view warning, const std::string& name) {
    to_stderr(warning_line("WARNING: Potentially Destructive Action") + warning_line(warning) +
              warning_line("To proceed, type \"" + name + "\""));
    print("> ");
    if (std::fflush(stdout) != 0) throw unwritable();

    char* line = nullptr;
    std::size_t capacity = 0;
    const ssize_t length = getline(&line, &capacity, stdin);
    const std::unique_ptr<char, decltype(&std::free)> owner(line, &std::free);
    std::string_view answer(length > 0 ? line : "",
                            static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    while (answer.ends_with('\n') || answer.ends_with('\r')) answer.remove_suffix(1);
    if (answer != name)
        throw Error("Confirmation did not match " + name + ". Aborted.", {}, Exit::refused);
}

void print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) throw unwritable();
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string out;
    for (const std::string& word : words) {
        if (&word != &words.front()) out += separator;
        out += word;
    }
    return out;
}

}  // namespace cli

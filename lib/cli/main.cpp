// The life of a program: the only place that catches, reports and decides the exit code.
#include "cli/main.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

#include "cli/render.h"
#include "error/error.h"

namespace cli {

namespace {

bool traced = false;

/// How many bytes the UTF-8 character that begins so has, or 0 when none begins so.
std::size_t utf8_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    if (first < 0xe0) return 2;
    return first < 0xf0 ? 3 : 4;
}

bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    // U+0080 to U+009F are control characters too
    return first < 0x20 || first == 0x7f ||
           (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

/// The bytes of the character at the front, or 0 when it is none that a terminal may be given.
std::size_t printable_length(std::string_view text) {
    const std::size_t length = utf8_length(static_cast<unsigned char>(text[0]));
    if (length == 0 || length > text.size()) return 0;
    const std::string_view character = text.substr(0, length);
    const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    const bool whole = std::all_of(character.begin() + 1, character.end(), follows);
    return whole && !is_control(character) ? length : 0;
}

/// The text with every control character shown as an escape: a hostile name must not draw on the
/// terminal.
std::string harmless(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (const std::size_t length = printable_length(text); length > 0) {
            out += text.substr(0, length);
            text.remove_prefix(length);
            continue;
        }
        constexpr char digits[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(text[0]);
        if (byte == '\n')
            out += "\\n";
        else if (byte == '\t')
            out += ' ';
        else
            out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        text.remove_prefix(1);
    }
    return out;
}

std::string warning_line(std::string_view text) { return " !     " + harmless(text) + "\n"; }

void to_stderr(const std::string& text) {
    // after what was printed before it, where both go to one terminal
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
        text += " ?     " + harmless(slash == std::string::npos ? file : file.substr(slash + 1)) +
                ":" + std::to_string(error.where().line()) + "\n";
    }
    to_stderr(text);
}

Error unwritable() {
    return Error("standard output could not be written: " + std::string(std::strerror(errno)));
}

/// Keeps the next file that is opened from becoming stdin, stdout or stderr.
void hold_standard_descriptors() {
    for (const int fd : {0, 1, 2})
        // an output that was closed stays one that cannot be written
        if (fcntl(fd, F_GETFD) == -1) static_cast<void>(open("/dev/null", O_RDONLY));
}

void stand_sigpipe() {
    // a handler and not SIG_IGN: the programs that we start must not inherit it
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    static_cast<void>(sigaction(SIGPIPE, &action, nullptr));
}

int live(const std::function<void()>& run) {
    hold_standard_descriptors();
    stand_sigpipe();
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
        to_stderr(warning_line("internal error: an exception of no known kind"));
    }
    return static_cast<int>(Exit::failed);
}

}  // namespace

int main(const Command& command, const std::function<void(const Invocation&)>& run, int argc,
         char** argv) {
    return live([&] {
        std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
        const std::string full = "postgres:" + std::string(command.name);
        if (!words.empty() &&
            (words[0] == full || (command.name == "default" && words[0] == "postgres")))
            words.erase(words.begin());

        constexpr std::string_view render_flag = "--render=";
        if (words.size() == 1 && words[0].starts_with(render_flag)) {
            print(render(command, words[0].substr(render_flag.size())));
            return;
        }
        const Invocation given = parse(command, words);
        if (given.has("trace")) tracing(true);
        if (given.has("help"))
            print(help(command));
        else
            run(given);
    });
}

int hook(const std::function<void(const std::vector<std::string>&)>& run, int argc, char** argv) {
    return live([&] {
        const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
        // `dokku postgres:../pre-delete app` would run it as the dokku user
        if (!words.empty() && words[0].starts_with("postgres:"))
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

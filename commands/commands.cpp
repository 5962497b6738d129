// What Dokku runs for every command that it does not know itself: rows for `dokku help`, help for
// `dokku postgres`, a hint in place of the official plugin's backup commands, suggestions for a
// mistyped command, and exit code 10 for everything that is not ours.
#include <unistd.h>

#include <exception>
#include <string>
#include <string_view>

#include "cli/main.h"
#include "cli/manual.h"
#include "error/error.h"
#include "service/official_cron.h"

/// Whether `dokku help --all` was typed. Dokku does not pass the flag on, but it is our parent
/// process.
static bool parent_lists_all() {
    // with a zero byte on both sides, the first and the last word look like the others
    const std::string words =
        std::string(1, '\0') + cli::file_text("/proc/" + std::to_string(getppid()) + "/cmdline");
    constexpr std::string_view wanted{"\0--all\0", 7};
    return words.find(wanted) != std::string::npos;
}

static void print_rows() {
    std::string rows;
    if (parent_lists_all()) rows = cli::rows(cli::plugin_folder());
    cli::print(rows.empty() ? "    postgres, manage PostgreSQL services\n" : rows);
}

static bool is_backup(std::string_view word) {
    constexpr std::string_view backup = "postgres:backup";
    return word == backup || word.starts_with("postgres:backup-");
}

// The service that was typed, if it is safe in a line of cron.
static std::string service_in(std::string_view word) {
    constexpr std::string_view bytes =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    const bool plain = !word.empty() && word[0] != '-' && word[0] != '.' &&
                       word.find_first_not_of(bytes) == std::string_view::npos;
    return plain ? std::string(word) : "SERVICE";
}

[[noreturn]] static void refuse_backup(const std::string& name, const std::string& service) {
    throw Error{name + " is not in this version: backups come with a later one",
                "Until then this line in /etc/cron.d/dokku-postgres-" + service +
                    " makes a dump each night:\n" + service::export_line("0 3 * * *", service)};
}

/// Whether the word is similar to one of our commands; other words may be another plugin's
/// commands.
static bool is_mistyped(std::string_view word) {
    return word.starts_with("postgres:") &&
           !cli::near_commands(cli::rows(cli::plugin_folder()), word).empty();
}

static int answer(int argc, char** argv) {
    const std::string_view word = argc > 1 ? argv[1] : "";
    const bool manual = word == "postgres" || word == "postgres:default" || word == "postgres:help";
    const bool backup = is_backup(word);
    if (word != "help" && !manual && !backup) {
        if (!is_mistyped(word)) return static_cast<int>(Exit::not_ours);
        static constexpr cli::Command unknown{.name = "unknown", .summary = "a mistyped command"};
        const auto refuse = [&](const cli::Invocation&) {
            cli::refuse_command(cli::plugin_folder(), word);
        };
        return cli::main(unknown, refuse, 0, argv);
    }

    const auto run = [&](const cli::Invocation& given) {
        if (backup)
            refuse_backup(argv[1], service_in(argc > 2 ? argv[2] : ""));
        else if (manual)
            cli::show_manual(cli::plugin_folder(), given.find("command").value_or(""));
        else
            print_rows();
    };
    static constexpr cli::Argument arguments[] = {{"command", "one command", cli::optional}};
    static constexpr cli::Command command{
        .name = "help", .summary = "list the commands", .arguments = arguments};
    // the words after `help` are not for us, and must never break the list of all plugins
    return cli::main(command, run, manual ? argc - 1 : 1, argv + 1);
}

int main(int argc, char** argv) {
    // Dokku runs this for every command that it does not know itself: our failure must not stop
    // another plugin's command.
    try {
        return answer(argc, argv);
    } catch (const std::exception&) {
        return static_cast<int>(Exit::not_ours);
    }
}

// Command lines, against the tables of real commands.
#include "cli/invocation.h"

// All that the commands below include comes first, outside their namespaces.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>

#include "../../subcommands/creation.h"
#include "../../subcommands/wait_timeout.h"
#include "cli/main.h"
#include "cli/manual.h"
#include "cli/render.h"
#include "cli/report.h"
#include "cli/words.h"
#include "error/error.h"
#include "fuzz.h"
#include "host/log.h"
#include "linking/link.h"
#include "process/cancellation.h"
#include "report/figures.h"
#include "server/container.h"
#include "server/create.h"
#include "server/info.h"
#include "server/notices.h"
#include "server/upgrade.h"
#include "service/links.h"
#include "service/service.h"
#include "service/unfinished.h"
#include "service/variables.h"
#include "transfer/session.h"

namespace connect_command {
#include "../../subcommands/connect.cpp"
}
namespace create_command {
#include "../../subcommands/create.cpp"
}
namespace enter_command {
#include "../../subcommands/enter.cpp"
}
namespace info_command {
#include "../../subcommands/info.cpp"
}
namespace link_command {
#include "../../subcommands/link.cpp"
}
namespace logs_command {
#include "../../subcommands/logs.cpp"
}
namespace set_command {
#include "../../subcommands/set.cpp"
}

namespace {

constexpr const cli::Command* commands[] = {
    &connect_command::command, &create_command::command, &enter_command::command,
    &info_command::command,    &link_command::command,   &logs_command::command,
    &set_command::command,
};

bool is_flag(const cli::Command& command, const std::string& name) {
    return std::any_of(command.flags.begin(), command.flags.end(),
                       [&](const cli::Flag& flag) { return flag.name == name; });
}

bool takes_value(const cli::Command& command, const std::string& name) {
    return name == "app" ||
           std::any_of(command.flags.begin(), command.flags.end(), [&](const cli::Flag& flag) {
               return flag.name == name && !flag.value.empty();
           });
}

// Words that say the same: every flag as `--name=value`, `--`, every argument.
std::vector<std::string> canonical(const cli::Command& command, const cli::Invocation& given) {
    std::vector<std::string> words;
    std::vector<std::string> plain;
    const auto is_argument = [&](const std::string& name) {
        return std::any_of(command.arguments.begin(), command.arguments.end(),
                           [&](const cli::Argument& one) { return one.name == name; });
    };
    for (const auto& [name, values] : given.values) {
        if (is_argument(name) && !is_flag(command, name)) continue;
        const bool valued = takes_value(command, name);
        for (const auto& value : values) words.push_back("--" + name + (valued ? "=" + value : ""));
    }
    words.emplace_back("--");
    for (const auto& argument : command.arguments) {
        const auto values = given.all(argument.name);
        const bool one = argument.need == cli::Need::required || argument.need == cli::optional;
        if (values.empty() && one) plain.emplace_back();
        plain.insert(plain.end(), values.begin(), values.end());
    }
    while (!plain.empty() && plain.back().empty() && command.arguments.size() >= plain.size() &&
           command.arguments[plain.size() - 1].need == cli::optional)
        plain.pop_back();
    words.insert(words.end(), plain.begin(), plain.end());
    return words;
}

void call(const cli::Command& command, const std::vector<std::string>& words) {
    const auto given = cli::parse(command, words);
    if (given.has("help")) return;
    for (const auto& argument : command.arguments)
        fuzz::hold(argument.need != cli::Need::required || !given[argument.name].empty(),
                   "a required argument is there");
    const auto again = cli::parse(command, canonical(command, given));
    fuzz::hold(again.values == given.values, "the same call in other words");
    for (const auto& flag : command.flags) {
        fuzz::refusal([&] { static_cast<void>(given.number(flag.name, 1, 600)); });
        if (flag.name == "format" && given.has("format"))
            fuzz::refusal([&] { static_cast<void>(cli::wants_json(given)); });
    }
}

// A usage Error, and none that repeats what may be a password.
void refuse_secret(const cli::Command& command, std::vector<std::string> words) {
    words.insert(words.begin(), "--passwrod=hunter2secret");
    try {
        cli::parse(command, words);
    } catch (const Error& error) {
        fuzz::hold(error.code() == Exit::usage, "bad words are a usage error");
        fuzz::hold(std::string(error.what()).find("hunter2secret") == std::string::npos &&
                       error.hint().find("hunter2secret") == std::string::npos,
                   "the value of an unknown flag is not shown");
        return;
    }
}

}  // namespace

// A byte for the command, then words with a NUL after each.
void attack(std::string_view bytes) {
    const auto& command = *commands[fuzz::take_byte(bytes) % std::size(commands)];
    const auto typed = fuzz::parts(bytes, '\0');
    const auto words = cli::words_of(command.name, typed);
    fuzz::hold(words.size() + 1 >= typed.size() && words.size() <= typed.size(),
               "the command's own name at most is dropped");
    fuzz::refusal([&] { call(command, words); });
    if (fuzz::is_one_in(4, bytes)) refuse_secret(command, words);
    fuzz::refusal([&] { static_cast<void>(cli::render(command, typed.front())); });
}

// Parses the words of a call by the command's table, with Boost.Program_options.
#include "cli/invocation.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "error/error.h"

namespace cli {

namespace po = boost::program_options;

namespace {

/// The flags of every command: those that Dokku leaves among the words, and help.
constexpr Flag common_flags[] = {
    {0, "app", "APP", ""}, {0, "quiet", "", ""},  {0, "trace", "", ""},
    {0, "force", "", ""},  {'h', "help", "", ""},
};

/// The flags of the table, and the common ones that the table does not define itself.
std::vector<Flag> known_flags(const Command& command) {
    std::vector<Flag> flags(command.flags.begin(), command.flags.end());
    const auto claimed = [&](const auto& same) {
        return std::any_of(command.flags.begin(), command.flags.end(), same);
    };
    for (Flag flag : common_flags) {
        if (claimed([&](const Flag& other) { return other.name == flag.name; })) continue;
        if (claimed([&](const Flag& other) { return other.letter == flag.letter; }))
            flag.letter = 0;
        flags.push_back(flag);
    }
    return flags;
}

Error wrong_usage(const Command& command, const std::string& message) {
    return usage_error(message, "Type 'dokku postgres:help " + std::string(command.name) +
                                    "' for its arguments and flags.");
}

/// The example shows where a file belongs: behind the shell's `<` or `>`.
Error surplus_word(const Command& command, const std::string& word) {
    auto error = wrong_usage(command, "'" + word + "' is a word too many");
    if (command.examples.empty()) return error;
    const std::string example{command.examples.front().line};
    return usage_error(error.what(), "For example: " + example + "\n" + error.hint());
}

/// Messages of the official plugin, which scripts may match.
constexpr std::pair<std::string_view, const char*> official_messages[] = {
    {"service", "Please specify a valid name for the service"},
    {"new-service", "Please specify a name for the new service"},
    {"app", "Please specify an app to run the command on"},
    {"key", "No key specified"},
};

Error missing(const Command& command, std::string_view argument) {
    for (const auto& [name, text] : official_messages)
        if (name == argument) return wrong_usage(command, text);
    return wrong_usage(command, "missing argument '" + std::string(argument) + "'");
}

bool takes_next_word(const std::vector<Flag>& flags, std::string_view word) {
    const auto valued = [&](const auto& same) {
        return std::any_of(flags.begin(), flags.end(),
                           [&](const Flag& flag) { return !flag.value.empty() && same(flag); });
    };
    if (word.starts_with("--"))
        return valued([&](const Flag& flag) { return flag.name == word.substr(2); });
    for (std::size_t i = 1; i < word.size(); ++i)
        if (valued([&](const Flag& flag) { return flag.letter == word[i]; }))
            return i + 1 == word.size();
    return false;
}

/// The index of the first word of a `verbatim` argument; the number of words if there is none.
std::size_t verbatim_begin(const Command& command, const std::vector<Flag>& flags,
                           const std::vector<std::string>& words) {
    const auto argument =
        std::find_if(command.arguments.begin(), command.arguments.end(),
                     [](const Argument& each) { return each.need == Need::verbatim; });
    if (argument == command.arguments.end()) return words.size();
    auto before = argument - command.arguments.begin();
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (before == 0) return i;
        // no word after it is a flag anyway
        if (words[i] == "--") return words.size();
        if (words[i].size() < 2 || words[i][0] != '-')
            --before;
        else if (takes_next_word(flags, words[i]))
            ++i;
    }
    return words.size();
}

/// Accepts `--flag=`, an empty value, which Program_options refuses.
std::vector<po::option> empty_value(const std::vector<Flag>& flags,
                                    std::vector<std::string>& words) {
    const std::string& word = words.front();
    for (const Flag& flag : flags) {
        if (flag.value.empty() || word != "--" + std::string(flag.name) + "=") continue;
        po::option found(std::string(flag.name), {""});
        found.original_tokens = {word};
        words.erase(words.begin());
        return {found};
    }
    return {};
}

std::vector<po::option> split(const Command& command, const std::vector<Flag>& flags,
                              const std::vector<std::string>& words) {
    po::options_description known;
    for (const Flag& flag : flags) {
        std::string name(flag.name);
        if (flag.letter != 0) name += std::string(",") + flag.letter;
        if (flag.value.empty())
            known.add_options()(name.c_str(), "");
        else
            known.add_options()(name.c_str(), po::value<std::string>());
    }
    constexpr int style = po::command_line_style::unix_style &
                          ~static_cast<int>(po::command_line_style::allow_guessing);
    try {
        return po::command_line_parser(words)
            .options(known)
            .style(style)
            .extra_style_parser(
                [&flags](std::vector<std::string>& left) { return empty_value(flags, left); })
            .run()
            .options;
    } catch (const po::unknown_option& e) {
        // its value may be a secret
        const std::string word = e.get_option_name();
        throw wrong_usage(command, "unknown flag '" + word.substr(0, word.find('=')) + "'");
    } catch (const po::invalid_command_line_syntax& e) {
        // Not what(): it loops forever for a flag that is named like one of its placeholders.
        const std::string word = e.get_option_name();
        const std::string flag = "flag '" + word.substr(0, word.find('=')) + "'";
        if (e.kind() == po::invalid_syntax::missing_parameter)
            throw wrong_usage(command, flag + " needs a value");
        const bool is_known = std::any_of(flags.begin(), flags.end(), [&](const Flag& one) {
            return flag == "flag '--" + std::string(one.name) + "'";
        });
        if (e.kind() == po::invalid_syntax::extra_parameter || is_known)
            throw wrong_usage(command, flag + " takes no value");
        throw wrong_usage(command, "unknown " + flag);
    }
}

/// Assigns the word at `next`, if there is one, to an argument of one word.
void assign_one(const Command& command, const Argument& argument,
                const std::vector<std::string>& words, std::size_t& next, Invocation& given) {
    const std::string name(argument.name);
    const std::string word = next < words.size() ? words[next++] : std::string{};
    // an empty word counts as an argument without a value
    if (word.empty()) {
        if (argument.need == Need::required) throw missing(command, name);
        return;
    }
    if (const auto flagged = given.find(name); flagged && *flagged != word)
        throw wrong_usage(command,
                          "two apps are given, '" + word + "' and --app '" + *flagged + "'");
    given.values[name] = {word};
}

/// Assigns the words that are not flags to the arguments, in order.
void assign(const Command& command, const std::vector<std::string>& words, Invocation& given) {
    std::size_t next = 0;
    std::size_t wanted = command.arguments.size();
    for (const Argument& argument : command.arguments) {
        // `--app X` takes the place of the missing word
        const bool elsewhere =
            argument.name == "app" && given.has("app") && words.size() - next < wanted;
        --wanted;
        if (elsewhere) continue;
        if (argument.need == Need::rest || argument.need == Need::verbatim)
            for (; next < words.size(); ++next)
                given.values[std::string(argument.name)].push_back(words[next]);
        else
            assign_one(command, argument, words, next, given);
    }
    if (next < words.size()) throw surplus_word(command, words[next]);
}

}  // namespace

const std::string& Invocation::operator[](std::string_view name) const {
    const auto found = values.find(name);
    if (found == values.end() || found->second.empty())
        throw std::logic_error("nothing was given for '" + std::string(name) + "'");
    return found->second.back();
}

std::optional<std::string> Invocation::find(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return (*this)[name];
}

bool Invocation::has(std::string_view name) const {
    const auto found = values.find(name);
    return found != values.end() && !found->second.empty();
}

std::vector<std::string> Invocation::all(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>{} : found->second;
}

std::optional<long> Invocation::number(std::string_view name, long least, long most) const {
    const auto text = find(name);
    if (!text) return std::nullopt;
    long value = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, failure] = std::from_chars(text->data(), end, value);
    if (failure != std::errc{} || stop != end || value < least || value > most)
        throw usage_error("'" + *text + "' is not a value for --" + std::string(name),
                          "Give a whole number from " + std::to_string(least) + " to " +
                              std::to_string(most) + ".");
    return value;
}

Invocation parse(const Command& command, const std::vector<std::string>& words) {
    const std::vector<Flag> flags = known_flags(command);
    const auto cut =
        words.begin() + static_cast<std::ptrdiff_t>(verbatim_begin(command, flags, words));

    Invocation given;
    std::vector<std::string> plain;
    for (const po::option& option : split(command, flags, {words.begin(), cut})) {
        if (option.string_key.empty()) {
            plain.push_back(option.value.front());
            continue;
        }
        auto& values = given.values[option.string_key];
        values.push_back(option.value.empty() ? std::string{} : option.value.front());
    }
    if (given.has("app") && given["app"].empty()) given.values.erase("app");
    if (given.has("help")) return given;

    const auto own = [&](std::string_view name) {
        return std::any_of(command.flags.begin(), command.flags.end(),
                           [&](const Flag& flag) { return flag.name == name; });
    };
    for (const std::string_view name : {"quiet", "force"})
        if (!own(name)) given.values.erase(std::string(name));
    // `enter svc -- ls` and `enter svc ls` are the same
    plain.insert(plain.end(), cut != words.end() && *cut == "--" ? cut + 1 : cut, words.end());
    assign(command, plain, given);
    return given;
}

}  // namespace cli

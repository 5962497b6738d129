// The texts about a command: for the terminal, for `dokku help`, for README and its page of
// commands, for the man page and for completion.
#include "cli/render.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "error/error.h"

namespace cli {

namespace {

constexpr std::size_t line_width = 80;

std::string text(std::string_view view) { return std::string(view); }

std::string full_name(const Command& command) { return "postgres:" + text(command.name); }

std::string argument_syntax(const Argument& argument) {
    std::string name = "<" + text(argument.name) + ">";
    switch (argument.need) {
        case Need::required:
            return name;
        case Need::optional:
            return "[" + name + "]";
        case Need::rest:
        case Need::verbatim:
            return "[" + name + "...]";
    }
    return name;
}

/// `-i, --image IMAGE`, or with another separator.
std::string flag_syntax(const Flag& flag, std::string_view separator) {
    std::string out;
    if (flag.letter != 0) out += std::string("-") + flag.letter + text(separator);
    out += "--" + text(flag.name);
    if (!flag.value.empty()) out += " " + text(flag.value);
    return out;
}

/// The syntax, split where a line may be broken.
std::vector<std::string> syntax_words(const Command& command) {
    std::vector<std::string> words = {full_name(command)};
    // our flags must precede the words for another program
    for (const Flag& flag : command.flags)
        words.push_back("[" + flag_syntax(flag, "|") + "]" + (flag.repeats ? "..." : ""));
    for (const Argument& argument : command.arguments) words.push_back(argument_syntax(argument));
    return words;
}

/// Wraps words into lines of at most `line_width`. The first line begins at `column`, the others
/// are indented.
std::string wrapped(const std::vector<std::string>& words, std::size_t column, std::size_t indent) {
    std::string out;
    bool first = true;
    for (const std::string& word : words) {
        if (!first && column + 1 + word.size() > line_width) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        first = false;
    }
    return out;
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(" \n"), line.size());
        if (end > 0) words.push_back(text(line.substr(0, end)));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

std::vector<std::string> paragraphs(std::string_view details) {
    std::vector<std::string> out;
    while (!details.empty()) {
        const std::size_t end = std::min(details.find("\n\n"), details.size());
        std::string_view paragraph = details.substr(0, end);
        while (paragraph.starts_with('\n')) paragraph.remove_prefix(1);
        while (paragraph.ends_with('\n')) paragraph.remove_suffix(1);
        if (!paragraph.empty()) out.push_back(text(paragraph));
        details.remove_prefix(std::min(end + 2, details.size()));
    }
    return out;
}

/// A paragraph that begins with a space is not wrapped.
bool preformatted(const std::string& paragraph) { return paragraph.starts_with(' '); }

/// Two columns: a name and what it means.
std::string table(const std::vector<std::pair<std::string, std::string>>& rows) {
    std::size_t width = 0;
    for (const auto& row : rows)
        width = std::max(width, std::min<std::size_t>(row.first.size(), 30));
    std::string out;
    for (const auto& [name, meaning] : rows) {
        out += "  " + name;
        const std::size_t indent = width + 4;
        out += name.size() > width ? "\n" + std::string(indent, ' ')
                                   : std::string(width - name.size() + 2, ' ');
        out += wrapped(words_of(meaning), indent, indent) + "\n";
    }
    return out;
}

std::string replaced(std::string_view in,
                     const std::vector<std::pair<char, std::string_view>>& changes) {
    std::string out;
    for (const char c : in) {
        const auto change = std::find_if(changes.begin(), changes.end(),
                                         [&](const auto& each) { return each.first == c; });
        if (change == changes.end())
            out += c;
        else
            out += change->second;
    }
    return out;
}

/// The meaning of a flag, and that it may be repeated.
std::string flag_meaning(const Flag& flag) {
    return text(flag.meaning) + (flag.repeats ? " (may be repeated)" : "");
}

std::string argument_table(const Command& command) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Argument& argument : command.arguments)
        rows.emplace_back("<" + text(argument.name) + ">", argument.meaning);
    return table(rows);
}

std::string flag_table(const Command& command) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Flag& flag : command.flags)
        rows.emplace_back((flag.letter == 0 ? "    " : "") + flag_syntax(flag, ", "),
                          flag_meaning(flag));
    return table(rows);
}

std::string help_row(const Command& command) {
    std::string row = "    " + full_name(command);
    for (const Argument& argument : command.arguments) row += " " + argument_syntax(argument);
    if (!command.flags.empty()) row += " [--" + text(command.name) + "-flags...]";
    // Dokku splits the columns at the comma
    return row + ", " + replaced(command.summary, {{',', ";"}}) + "\n";
}

// -- README and docs/commands.md

std::string markdown(std::string_view in) {
    return replaced(in, {{'<', "&lt;"}, {'*', "\\*"}, {'|', "\\|"}, {'\n', " "}});
}

/// In a Markdown table a bar ends the cell, even in a code span.
std::string code_cell(const std::string& code) {
    return "`" + replaced(code, {{'|', "\\|"}}) + "`";
}

/// The command in a table, with a link to its section of the page of commands.
std::string readme_row(const Command& command) {
    const std::string name = full_name(command);
    // the anchor of a heading: its letters and dashes
    return "| [`" + name + "`](docs/commands.md#" + replaced(name, {{':', ""}}) + ") | " +
           markdown(command.summary) + " |\n";
}

std::string section(const Command& command) {
    std::string out = "### " + full_name(command) + "\n\n" + markdown(command.summary) + "\n\n";
    out += "```shell\n# usage\ndokku " + wrapped(syntax_words(command), 6, 4) + "\n```\n\n";
    for (const std::string& paragraph : paragraphs(command.details))
        out += (preformatted(paragraph) ? "```\n" + paragraph + "\n```" : markdown(paragraph)) +
               "\n\n";
    if (!command.flags.empty()) {
        out += "| flag | meaning |\n| --- | --- |\n";
        for (const Flag& flag : command.flags)
            out += "| " + code_cell(flag_syntax(flag, ", ")) + " | " +
                   markdown(flag_meaning(flag)) + " |\n";
        out += "\n";
    }
    if (!command.examples.empty()) {
        out += "```shell\n";
        for (const Example& example : command.examples) {
            if (&example != &command.examples.front()) out += "\n";
            out += "# " + text(example.meaning) + "\n" + text(example.line) + "\n";
        }
        out += "```\n\n";
    }
    return out;
}

// -- man page

/// Escapes a line for roff, so that it does not begin with a request by accident.
std::string roff(std::string_view in) {
    const std::string out = replaced(in, {{'\\', "\\e"},
                                          {'-', "\\-"},
                                          {'\'', "\\(aq"},
                                          {'`', "\\(ga"},
                                          {'^', "\\(ha"},
                                          {'~', "\\(ti"}});
    return out.starts_with('.') ? "\\&" + out : out;
}

std::string roff_lines(std::string_view in) {
    std::string out;
    while (!in.empty()) {
        const std::size_t end = std::min(in.find('\n'), in.size());
        out += roff(in.substr(0, end)) + "\n";
        in.remove_prefix(std::min(end + 1, in.size()));
    }
    return out;
}

std::string roff_item(const std::string& name, std::string_view meaning) {
    return ".TP\n\\fB" + roff(name) + "\\fR\n" + roff_lines(meaning);
}

std::string man(const Command& command) {
    std::string usage;
    for (const std::string& word : syntax_words(command)) usage += " " + word;
    std::string out = ".SS " + roff(full_name(command)) + "\n" + roff_lines(command.summary) +
                      ".PP\n\\fBdokku" + roff(usage) + "\\fR\n";
    for (const std::string& paragraph : paragraphs(command.details))
        out += preformatted(paragraph) ? ".PP\n.nf\n" + roff_lines(paragraph) + ".fi\n"
                                       : ".PP\n" + roff_lines(paragraph);
    for (const Argument& argument : command.arguments)
        out += roff_item("<" + text(argument.name) + ">", argument.meaning);
    for (const Flag& flag : command.flags)
        out += roff_item(flag_syntax(flag, ", "), flag_meaning(flag));
    for (const Example& example : command.examples)
        out += ".PP\n" + roff(text(example.meaning) + ":") + "\n.PP\n.RS\n.nf\n" +
               roff_lines(example.line) + ".fi\n.RE\n";
    return out;
}

// -- completion

/// The kind of words that completion offers: `words:` and a list, or the kind that the name in the
/// table stands for.
std::string kind_of(std::string_view name, std::string_view offers) {
    if (offers.find('|') != std::string_view::npos)
        return "words:" + replaced(offers, {{'|', ","}});
    if (!offers.empty()) return text(offers);
    if (name == "service" || name == "SERVICE") return "service";
    if (name == "app" || name == "APP") return "app";
    return "text";
}

std::string kind_of(const Argument& argument) { return kind_of(argument.name, argument.offers); }

std::string kind_of(const Flag& flag) {
    const bool is_list = flag.value.find('|') != std::string_view::npos;
    return kind_of(flag.value, is_list ? flag.value : std::string_view{});
}

/// `name|kinds of arguments|flags`; a flag with a value is followed by `=` and the kind of the
/// value.
std::string completion(const Command& command) {
    std::vector<std::string> kinds;
    for (const Argument& argument : command.arguments) {
        kinds.push_back(kind_of(argument));
        if (argument.need == Need::rest) kinds.back() += "...";
    }
    std::vector<std::string> flags;
    for (const Flag& flag : command.flags) {
        const std::string value = flag.value.empty() ? "" : "=" + kind_of(flag);
        flags.push_back("--" + text(flag.name) + value);
        if (flag.letter != 0) flags.push_back(std::string("-") + flag.letter + value);
    }
    const auto list = [](const std::vector<std::string>& words) {
        std::string out;
        for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
        return out;
    };
    return text(command.name) + "|" + list(kinds) + "|" + list(flags) + "\n";
}

}  // namespace

std::string syntax(const Command& command) {
    std::string out;
    for (const std::string& word : syntax_words(command)) out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string help(const Command& command) {
    constexpr std::string_view lead = "Usage: dokku ";
    std::string out = text(lead) + wrapped(syntax_words(command), lead.size(), lead.size() + 2);
    out += "\n\n  " + wrapped(words_of(command.summary), 2, 2) + "\n";
    for (const std::string& paragraph : paragraphs(command.details))
        out += "\n" +
               (preformatted(paragraph) ? paragraph : "  " + wrapped(words_of(paragraph), 2, 2)) +
               "\n";

    if (!command.arguments.empty()) out += "\nArguments:\n" + argument_table(command);
    if (!command.flags.empty()) out += "\nFlags:\n" + flag_table(command);
    if (!command.examples.empty()) {
        out += "\nExamples:\n";
        for (const Example& example : command.examples)
            out += "  # " + text(example.meaning) + "\n  " + text(example.line) + "\n";
    }
    return out;
}

std::string render(const Command& command, std::string_view format) {
    if (format == "help") return help(command);
    constexpr std::pair<std::string_view, std::string (*)(const Command&)> collected[] = {
        {"help-row", help_row}, {"readme-row", readme_row}, {"section", section},
        {"man", man},           {"completion", completion},
    };
    for (const auto& [name, text_of] : collected)
        if (name == format) return command.hidden ? std::string{} : text_of(command);
    throw usage_error("unknown text '" + std::string(format) + "'",
                      "The texts are help, help-row, readme-row, section, man and completion.");
}

}  // namespace cli

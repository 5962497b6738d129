// Prints the collected rows, or runs one command's own help.
#include "cli/manual.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "cli/main.h"
#include "error/error.h"

namespace cli {

namespace {

std::string parent(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_command_name(std::string_view name) {
    return !name.empty() && name.front() != '-' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

constexpr std::string_view prefix = "postgres:";

std::string_view without_prefix(std::string_view command) {
    if (command.starts_with(prefix)) command.remove_prefix(prefix.size());
    return command;
}

/// The edit distance of two names; exchanging two neighbouring letters counts as one edit.
std::size_t distance(std::string_view from, std::string_view to) {
    using Row = std::vector<std::size_t>;
    Row before_last;
    Row last(to.size() + 1);
    for (std::size_t i = 0; i < last.size(); ++i) last[i] = i;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        Row row(to.size() + 1, i);
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t change = from[i - 1] == to[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = std::exchange(last, std::move(row));
    }
    return last.back();
}

/// The names that the rows begin with.
std::vector<std::string> names_of(std::string_view rows) {
    std::vector<std::string> names;
    while (!rows.empty()) {
        const std::size_t end = std::min(rows.find('\n'), rows.size());
        std::string_view row = rows.substr(0, end);
        rows.remove_prefix(std::min(end + 1, rows.size()));
        const std::size_t begin = row.find(prefix);
        if (begin == std::string_view::npos) continue;
        row.remove_prefix(begin + prefix.size());
        names.emplace_back(row.substr(0, row.find_first_of(" ,")));
    }
    return names;
}

[[noreturn]] void become(const std::string& program) {
    std::string path = program;
    std::string flag = "--help";
    char* const words[] = {path.data(), flag.data(), nullptr};
    static_cast<void>(std::fflush(stdout));
    execv(path.c_str(), words);
    throw Error("'" + path + "' could not be started: " + std::strerror(errno));
}

}  // namespace

std::string plugin_folder() {
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0) return ".";
    std::string folder = parent({path, static_cast<std::size_t>(length)});
    return folder.ends_with("/subcommands") ? parent(folder) : folder;
}

std::string file_text(const std::string& path) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
    std::string text;
    if (!file) return text;
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get()))
        text.append(buffer, count);
    return text;
}

std::string rows(const std::string& plugin) { return file_text(plugin + "/share/rows"); }

std::string overview(std::string_view rows) {
    std::vector<std::pair<std::string_view, std::string_view>> parts;
    std::size_t width = 0;
    while (!rows.empty()) {
        const std::size_t end = std::min(rows.find('\n'), rows.size());
        const std::string_view row = rows.substr(0, end);
        rows.remove_prefix(std::min(end + 1, rows.size()));
        const std::size_t comma = row.find(", ");
        if (comma == std::string_view::npos) continue;
        parts.emplace_back(row.substr(0, comma), row.substr(comma + 2));
        width = std::max(width, comma);
    }
    std::string text =
        "Usage: dokku postgres[:COMMAND]\n\nManage PostgreSQL services\n\nCommands:\n";
    for (const auto& [syntax, summary] : parts) {
        text += syntax;
        text.append(width + 2 - syntax.size(), ' ');
        text.append(summary).append("\n");
    }
    return text + "\n'dokku postgres:help COMMAND' shows all about one of them.\n";
}

std::vector<std::string> near_commands(std::string_view rows, std::string_view name) {
    constexpr std::size_t most = 2;
    constexpr std::size_t letters_for_each = 3;
    const std::string_view typed = without_prefix(name);
    std::vector<std::string> found;
    std::size_t best = std::min(most, typed.size() / letters_for_each);
    if (best == 0) return found;
    for (const std::string& one : names_of(rows)) {
        if (one == typed) return {};
        // the beginning of a name counts as one edit
        const std::size_t apart = one.starts_with(typed) ? 1 : distance(typed, one);
        if (apart > best) continue;
        if (apart < best) found.clear();
        best = apart;
        found.push_back(one);
    }
    return found;
}

void refuse_command(const std::string& plugin, std::string_view command) {
    std::string meant;
    for (const std::string& one : near_commands(rows(plugin), command))
        meant += (meant.empty() ? "Did you mean '" : " or '") + std::string(prefix) + one + "'";
    if (!meant.empty()) meant += "?\n";
    throw usage_error("'" + std::string(command) + "' is not a command of this plugin",
                      meant + "Type 'dokku postgres:help' for the commands there are.");
}

void show_manual(const std::string& plugin, std::string_view command) {
    if (command.empty()) {
        print(overview(rows(plugin)));
        return;
    }
    const std::string_view name = without_prefix(command);
    const std::string program = plugin + "/subcommands/" + std::string(name);
    if (!is_command_name(name) || access(program.c_str(), X_OK) != 0)
        refuse_command(plugin, command);
    become(program);
}

}  // namespace cli

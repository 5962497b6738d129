// Reads the collected rows and starts the sibling program that is asked about.
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
    return text + "\n'dokku postgres:help COMMAND' tells more of one of them.\n";
}

void show_manual(const std::string& plugin, std::string_view command) {
    if (command.empty()) {
        print(overview(rows(plugin)));
        return;
    }
    std::string_view name = command;
    if (name.starts_with("postgres:")) name.remove_prefix(std::strlen("postgres:"));
    const std::string program = plugin + "/subcommands/" + std::string(name);
    if (!is_command_name(name) || access(program.c_str(), X_OK) != 0)
        throw usage_error("'" + std::string(command) + "' is not a command of this plugin",
                          "Type 'dokku postgres:help' for the commands there are.");
    become(program);
}

}  // namespace cli

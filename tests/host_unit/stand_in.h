// A host of scripts in a temporary folder: every helper program of Dokku records how it was called.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/environment.h"

namespace host_unit {

namespace fs = std::filesystem;

/// A temporary folder, removed at the end.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "host-unit-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const fs::path& path() const { return path_; }
    fs::path operator/(const fs::path& below) const { return path_ / below; }

private:
    fs::path path_;
};

/// A variable of our own environment, put back at the end.
class Variable {
public:
    Variable(std::string name, const std::optional<std::string>& value) : name_(std::move(name)) {
        if (const char* before = std::getenv(name_.c_str())) before_ = before;
        set(value);
    }
    ~Variable() { set(before_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    void set(const std::optional<std::string>& value) {
        if (value) {
            setenv(name_.c_str(), value->c_str(), 1);
        } else {
            unsetenv(name_.c_str());
        }
    }

    std::string name_;
    std::optional<std::string> before_;
};

/// How a helper was called once.
struct Call {
    std::string program;
    std::vector<std::string> args;
    std::string directory;
    std::map<std::string, std::string> environment;
    std::string input;
};

/// The host: helpers where Dokku has them, plugn and its plugins.
class StandIn {
public:
    StandIn()
        : path_{"PATH", (folder_ / "bin").string() + ":/usr/local/bin:/usr/bin:/bin"},
          events_{"DOKKU_EVENTS", std::nullopt} {
        environment.dokku_root = folder_ / "home";
        environment.lib_root = folder_.path();
        environment.lib_host_root = folder_.path();
        environment.plugin_path = folder_ / "plugins";
        environment.plugin_enabled = folder_ / "plugins/enabled";
        environment.plugin_available = folder_ / "plugins/available";
        environment.core_available = folder_ / "core-plugins/available";
        environment.ssh_user = "dokku";
        environment.ssh_name = "anna";
        fs::create_directories(environment.plugin_enabled);
    }

    host::Environment environment;

    fs::path common() const { return environment.core_available / "common/common"; }
    fs::path prop() const { return environment.core_available / "common/prop"; }
    fs::path plugn() const { return folder_ / "bin/plugn"; }
    fs::path config_sub() const { return environment.plugin_available / "config/config_sub"; }
    fs::path subcommand(const std::string& plugin, const std::string& name) const {
        return environment.plugin_available / plugin / "subcommands" / name;
    }
    fs::path hook(const std::string& plugin, const std::string& name) const {
        return environment.plugin_enabled / plugin / name;
    }

    /// Writes a program that records its call and then runs these lines of sh.
    void script(const fs::path& program, const std::string& body) const {
        fs::create_directories(program.parent_path());
        std::ofstream file{program};
        file << "#!/bin/sh\n"
             << "log='" << calls_.path().string() << "'\n"
             << "mine=$(mktemp \"$log/XXXXXX\")\n"
             << "{ printf 'program %s\\n' \"$0\"\n"
             << "  for word; do printf 'arg %s\\n' \"$word\"; done\n"
             << "  printf 'cwd %s\\n' \"$(pwd)\"\n"
             << "  env | sed 's/^/env /'\n"
             << "  cat | sed 's/^/in /'; } >\"$mine\"\n"
             << "number=$(cat '" << counter() << "' 2>/dev/null || echo 100)\n"
             << "echo $((number + 1)) >'" << counter() << "'\n"
             << "mv \"$mine\" \"$log/call-$number\"\n"
             << body << "\n";
        file.close();
        fs::permissions(program, fs::perms{0755});
    }

    /// Every call up to now, in order, and forgets them.
    std::vector<Call> calls() const {
        std::map<std::string, fs::path> files;
        for (const auto& entry : fs::directory_iterator{calls_.path()}) {
            files.emplace(entry.path().filename().string(), entry.path());
        }
        std::vector<Call> all;
        for (const auto& [name, path] : files) {
            all.push_back(read(path));
            fs::remove(path);
        }
        return all;
    }

private:
    std::string counter() const { return (folder_ / "number").string(); }

    static Call read(const fs::path& path) {
        Call call;
        std::ifstream file{path};
        std::string line;
        while (std::getline(file, line)) {
            const auto space = line.find(' ');
            const std::string rest = line.substr(space + 1);
            const std::string kind = line.substr(0, space);
            if (kind == "program") call.program = fs::path{rest}.filename().string();
            if (kind == "arg") call.args.push_back(rest);
            if (kind == "cwd") call.directory = rest;
            if (kind == "in") call.input += rest;
            if (kind == "env") {
                const auto equals = rest.find('=');
                if (equals != std::string::npos) {
                    call.environment[rest.substr(0, equals)] = rest.substr(equals + 1);
                }
            }
        }
        return call;
    }

    Folder folder_;
    Folder calls_;
    Variable path_;
    Variable events_;
};

}  // namespace host_unit

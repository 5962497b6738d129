// A Dokku in memory, for tests of the folders above lib/host.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "error/error.h"
#include "host/dokku.h"

namespace fakes {

/// Apps, config, properties and options are maps that a test fills and reads. Each call is logged.
class FakeDokku : public host::Dokku {
public:
    ~FakeDokku() override;

    /// One app of the host.
    struct App {
        host::Config config = {};
        bool deployed = false;
        bool restores = true;
        bool hidden = false;  // the app exists, but the caller may not see it
        std::string scheduler = "docker-local";
        std::map<std::string, std::vector<std::string>> options = {};  // phase -> options
    };

    std::map<std::string, App> app_map;
    /// service -> key -> value
    std::map<std::string, std::map<std::string, std::string>> properties;
    /// Services that a filter hides from the caller.
    std::set<std::string> hidden_services;
    /// Whether a plugin decides what the caller may see.
    bool filtered = false;
    /// How often visible_apps() was called.
    int filterings = 0;
    /// Whether a plugin has the triggers.
    bool heard = true;
    /// A line per changing call, in order: `set_config app KEY=VALUE KEY=VALUE`, `unset_config app
    /// KEY`, `deploy app`, `trigger name arg arg`, `set_property service key value`,
    /// `destroy_properties service`, `add_docker_option app option`, `remove_docker_option ..`.
    std::vector<std::string> calls;
    /// A line per reading call, in order: `verify_app app`, `config app`, ..
    std::vector<std::string> reads;
    /// Called before every call, with its line. If it throws, the call throws the same.
    std::function<void(const std::string&)> before;

    /// Adds an app and returns it.
    App& add(const std::string& app, host::Config config = {}, bool deployed = false) {
        App& made = app_map[app];
        made.config = std::move(config);
        made.deployed = deployed;
        return made;
    }

    /// From now on every call whose line begins with these words throws. An empty message ends
    /// that.
    void fail(const std::string& beginning, const std::string& message = "as told",
              Exit code = Exit::failed) {
        failures_.erase(beginning);
        if (!message.empty()) failures_.emplace(beginning, Error{message, {}, code});
    }

    /// How many changing calls begin with these words.
    std::size_t count(const std::string& beginning) const {
        return static_cast<std::size_t>(
            std::count_if(calls.begin(), calls.end(),
                          [&](const std::string& call) { return call.starts_with(beginning); }));
    }

    void verify_app(const std::string& app) override {
        read("verify_app " + app);
        if (!host::is_app_name(app)) {
            throw usage_error("app name '" + app + "' is not valid");
        }
        const auto found = app_map.find(app);
        if (found == app_map.end() || found->second.hidden) {
            throw Error{"App " + app + " does not exist", {}, Exit::no_app};
        }
    }

    bool app_exists(const std::string& app) override {
        read("app_exists " + app);
        return app_map.contains(app);
    }

    std::vector<std::string> apps() override {
        read("apps");
        std::vector<std::string> names;
        for (const auto& [name, app] : app_map) names.push_back(name);
        return names;
    }

    host::Config config(const std::string& app) override {
        read("config " + app);
        const auto found = app_map.find(app);
        return found == app_map.end() ? host::Config{} : found->second.config;
    }

    void set_config(const std::string& app, const host::Config& variables) override {
        std::string line = "set_config " + app;
        for (const auto& [key, value] : variables) line += " " + key + "=" + value;
        change(line);
        for (const auto& [key, value] : variables) find(app).config[key] = value;
    }

    void unset_config(const std::string& app, const std::vector<std::string>& keys) override {
        change(joined("unset_config " + app, keys));
        for (const auto& key : keys) find(app).config.erase(key);
    }

    bool deployed(const std::string& app) override {
        read("deployed " + app);
        const auto found = app_map.find(app);
        return found != app_map.end() && found->second.deployed;
    }

    bool restores(const std::string& app) override {
        read("restores " + app);
        const auto found = app_map.find(app);
        return found == app_map.end() || found->second.restores;
    }

    void deploy(const std::string& app) override { change("deploy " + app); }

    std::string scheduler(const std::string& app) override {
        read("scheduler " + app);
        const auto found = app_map.find(app);
        return found == app_map.end() ? "docker-local" : found->second.scheduler;
    }

    void trigger(const std::string& name, const std::vector<std::string>& args) override {
        change(joined("trigger " + name, args));
    }

    bool listens(const std::string& /*name*/) override { return heard; }

    std::vector<std::string> visible(const std::vector<std::string>& services) override {
        read(joined("visible", services));
        std::vector<std::string> seen;
        for (const auto& service : services) {
            if (!hidden_services.contains(service)) seen.push_back(service);
        }
        return seen;
    }

    std::vector<std::string> visible_apps(const std::vector<std::string>& apps) override {
        ++filterings;
        std::vector<std::string> seen;
        for (const auto& app : apps) {
            const auto found = app_map.find(app);
            if (found == app_map.end() || !found->second.hidden) seen.push_back(app);
        }
        return seen;
    }

    bool is_filtered() override { return filtered; }

    std::string property(const std::string& service, const std::string& key) override {
        read("property " + service + " " + key);
        const auto found = properties.find(service);
        if (found == properties.end()) return {};
        const auto value = found->second.find(key);
        return value == found->second.end() ? std::string{} : value->second;
    }

    void set_property(const std::string& service, const std::string& key,
                      const std::string& value) override {
        change("set_property " + service + " " + key + " " + value);
        properties[service][key] = value;
    }

    void destroy_properties(const std::string& service) override {
        change("destroy_properties " + service);
        properties.erase(service);
    }

    void add_docker_option(const std::string& app, const std::string& option) override {
        change("add_docker_option " + app + " " + option);
        for (const char* phase : {"build", "deploy", "run"}) {
            find(app).options[phase].push_back(option);
        }
    }

    void remove_docker_option(const std::string& app, const std::string& option) override {
        change("remove_docker_option " + app + " " + option);
        for (auto& [phase, options] : find(app).options) std::erase(options, option);
    }

    std::vector<std::string> docker_options(const std::string& app,
                                            const std::string& phase) override {
        read("docker_options " + app + " " + phase);
        const auto found = app_map.find(app);
        if (found == app_map.end()) return {};
        const auto options = found->second.options.find(phase);
        return options == found->second.options.end() ? std::vector<std::string>{}
                                                      : options->second;
    }

private:
    static std::string joined(std::string line, const std::vector<std::string>& words) {
        for (const auto& word : words) line += " " + word;
        return line;
    }

    // Dokku's helpers accept any name, but a test that gets here without an app is wrong.
    App& find(const std::string& app) {
        const auto found = app_map.find(app);
        if (found == app_map.end()) throw std::logic_error("no app '" + app + "' in FakeDokku");
        return found->second;
    }

    void read(const std::string& line) {
        reads.push_back(line);
        check(line);
    }

    void change(const std::string& line) {
        calls.push_back(line);
        check(line);
    }

    void check(const std::string& line) const {
        if (before) before(line);
        for (const auto& [beginning, error] : failures_) {
            if (line.starts_with(beginning)) throw error;
        }
    }

    std::map<std::string, Error> failures_;
};

}  // namespace fakes

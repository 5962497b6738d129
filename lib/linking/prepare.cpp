// Prepares the services of a linked app before a container of the app starts.

#include "linking/prepare.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "error/error.h"
#include "host/log.h"
#include "linking/adoption.h"
#include "linking/refresh.h"
#include "process/process.h"
#include "server/container.h"
#include "server/expose.h"
#include "server/linked_apps.h"
#include "server/settle.h"
#include "service/links.h"
#include "state/files.h"
#include "state/lock.h"

namespace linking {

namespace fs = std::filesystem;

namespace {

// The beginning of a warning from one of our programs.
constexpr std::string_view warning = " !     ";

// A service that its apps cannot reach, or whose published port is not served.
struct UnreachableService {
    service::Service service;
    std::string container_id;  // the container it has, or empty
    bool serves = false;       // its apps can reach it
};

bool serves(const service::Service& service, const engine::Container& container) {
    const auto* end = container.running() ? container.on(std::string(service::network)) : nullptr;
    return end != nullptr && std::find(end->aliases.begin(), end->aliases.end(), service.host()) !=
                                 end->aliases.end();
}

// A container of its own publishes the port on the host.
bool is_exposed(const service::Service& service) {
    return !state::read_trimmed(service.file("PORT")).value_or("").empty();
}

std::vector<UnreachableService> unreachable_services(
    const service::Context& context, const std::vector<service::Service>& services) {
    std::vector<std::string> names;
    for (const auto& service : services) {
        names.push_back(service.container());
        if (is_exposed(service)) names.push_back(service.ambassador());
    }
    const auto containers = context.engine.find_all(names);
    const auto named = [&](const std::string& name) {
        return std::find_if(containers.begin(), containers.end(),
                            [&](const auto& one) { return one.name == name; });
    };
    const auto forwards = [&](const service::Service& service) {
        const auto forwarder = named(service.ambassador());
        return std::find(names.begin(), names.end(), service.ambassador()) == names.end() ||
               (forwarder != containers.end() && forwarder->running());
    };
    std::vector<UnreachableService> unreachable;
    for (const auto& service : services) {
        const auto found = named(service.container());
        const bool is_there = found != containers.end();
        const bool is_serving = is_there && serves(service, *found);
        if (is_serving && forwards(service)) continue;
        unreachable.push_back({service, is_there ? found->id : std::string{}, is_serving});
    }
    return unreachable;
}

// Apps do not need the published port, so a failure is a warning. The caller holds the lock.
void forward_or_warn(const service::Service& service) {
    if (!is_exposed(service)) return;
    try {
        server::settle(service);
        server::forward(service, service::read_record(service));
    } catch (const Error& error) {
        host::warn("the port of Postgres service " + service.name +
                   " is not served: " + error.what());
    }
}

void start_one(const service::Context& context, const UnreachableService& unreachable,
               const std::string& app) {
    const service::Service& service = unreachable.service;
    std::string id = unreachable.container_id;
    {
        const state::Lock lock(context.environment, state::Lock::Of::service, service.name);
        if (!unreachable.serves) {
            const auto container = server::wake(service);
            server::join_our_network(service, container);
            id = container.id;
        }
        forward_or_warn(service);
    }
    if (id != unreachable.container_id) server::follow_new_container(service, false, app);
}

template <class Take>
void each_line(std::string_view text, const Take& take) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// The output of one of our programs as an Error: the first line is the message, the others are the
// hint.
Error error_of(const service::Service& service, const process::Result& result) {
    std::string message;
    std::string hint;
    each_line(result.err, [&](std::string_view line) {
        if (line.starts_with(warning)) line.remove_prefix(warning.size());
        if (line.empty()) return;
        if (message.empty()) {
            message = line;
        } else {
            hint += (hint.empty() ? "" : "\n") + std::string(line);
        }
    });
    if (message.empty()) message = "Postgres service " + service.name + " does not answer";
    const bool known = result.status > 0 && result.status <= static_cast<int>(Exit::timed_out);
    return Error{message, hint, known ? static_cast<Exit>(result.status) : Exit::failed};
}

// A program that succeeded may have printed warnings.
void pass_on(const process::Result& result) {
    each_line(result.err, [](std::string_view line) {
        if (line.starts_with(warning)) host::warn(line.substr(warning.size()));
    });
}

process::Command wait_command(const fs::path& wait, const service::Service& service) {
    // A hook acts for the host: it does not matter whether this user may see the service.
    return {.argv = {wait.string(), "--for-hook", service.name},
            .environment = {{"DOKKU_APP_NAME", {}}},
            .input = {},
            .limit = {},
            .directory = "/"};
}

void wait_for_all(const std::vector<service::Service>& services, const fs::path& wait) {
    std::vector<std::unique_ptr<process::Drain>> running;
    running.reserve(services.size());
    for (const auto& service : services) {
        running.push_back(std::make_unique<process::Drain>(wait_command(wait, service)));
    }
    std::vector<Error> errors;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const auto result = running[i]->finish();
        if (result.ok())
            pass_on(result);
        else
            errors.push_back(error_of(services[i], result));
    }
    if (errors.empty()) return;
    for (std::size_t i = 1; i < errors.size(); ++i) host::warn(errors[i].what());
    throw Error{std::move(errors.front())};
}

}  // namespace

std::vector<std::string> prepare(const service::Context& context, const std::string& app,
                                 const fs::path& wait) {
    const auto services = service::services_of(context, app);
    if (services.empty()) return {};
    for (const auto& unreachable : unreachable_services(context, services))
        start_one(context, unreachable, app);
    for (const auto& service : services) take_over(service, app);
    wait_for_all(services, wait.empty() ? wait_program() : wait);
    return refresh(context, app);
}

void bring_up_linked(const service::Context& context) {
    auto services = service::all(context);
    std::erase_if(services, [](const service::Service& service) {
        return service::linked_apps(service).empty();
    });
    if (services.empty()) return;
    for (const auto& unreachable : unreachable_services(context, services)) {
        try {
            start_one(context, unreachable, {});
        } catch (const Error& error) {
            host::warn("Postgres service " + unreachable.service.name +
                       " does not start: " + error.what());
        }
    }
}

fs::path wait_program() {
    return fs::read_symlink("/proc/self/exe").parent_path() / "subcommands" / "wait";
}

bool bakes_config(const service::Context& context, const std::string& app, const std::string& tag) {
    const auto image = context.engine.image("dokku/" + app + ":" + (tag.empty() ? "latest" : tag));
    if (!image) return false;
    const auto builder = image->labels.find("com.dokku.builder-type");
    return builder != image->labels.end() && builder->second == "herokuish";
}

}  // namespace linking

// What every command tells people in the same words.

#include "server/notices.h"

#include <filesystem>

#include "host/log.h"
#include "service/links.h"
#include "service/shell_words.h"
#include "service/unfinished.h"
#include "state/files.h"

namespace server {

namespace {

bool has_data(const service::Service& service) {
    std::error_code unreadable;
    return std::filesystem::is_directory(service.file("data"), unreadable);
}

}  // namespace

bool is_stopped(const std::optional<engine::Container>& container) {
    return !container || (container->status == "exited" && container->exit_code == 0);
}

std::string stopped(const service::Service& service) {
    return "Postgres service " + service.name + " is stopped";
}

std::string how_to_start(const service::Service& service) {
    return "Start it: dokku postgres:start " + service.name;
}

std::string status_in_words(const service::Service& service, const std::string& status) {
    if (status != "exited" && status != "missing") return status;
    const service::Record record = service::read_record(service);
    const bool has_image = status == "exited" || !record.image.empty();
    const auto left = service::unfinished(service);
    const bool is_whole = has_image && !(left && left->blocks) && has_data(service) &&
                          state::read_trimmed(service.file("PASSWORD")).has_value();
    return is_whole ? "stopped" : status;
}

std::string why_not_running(const service::Service& service,
                            const std::optional<engine::Container>& container) {
    if (is_stopped(container)) return stopped(service) + ". " + how_to_start(service);
    if (container->status == "exited")
        return "Its server ended with exit code " + std::to_string(container->exit_code) + ". " +
               how_to_start(service);
    return "The container is " + container->status + ". Look at: dokku postgres:logs " +
           service.name;
}

void say_started(const service::Service& service) {
    host::info1(service.name + " was stopped: started it");
}

void say_connections_end(const service::Service& service, Apps apps) {
    const auto linked = service::visible_linked_apps(service);
    host::info1("All connections to " + service.name + " end now");
    if (linked.empty()) return;
    host::verbose("Linked apps: " + service::joined(linked, ", "));
    if (apps == Apps::lose_database)
        host::verbose("They have no database until it is started again.");
    else if (apps == Apps::are_deployed)
        host::verbose("They are deployed afterwards.");
    else
        for (const auto& app : linked)
            host::verbose("If " + app + " does not connect again by itself: dokku ps:restart " +
                          app);
}

}  // namespace server

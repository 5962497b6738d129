// Operations that began on a service and have not ended: at work, or cut short.
#include "service/unfinished.h"

#include "error/error.h"
#include "service/record.h"
#include "state/files.h"
#include "state/yaml.h"

namespace service {

namespace {

state::Yaml own_file(const Service& service) {
    const auto path = service.file("service.yml");
    const auto text = state::read_trimmed(path);
    return text ? state::parse_yaml(*text, path.string()) : state::Yaml{};
}

// Older versions kept no journal: service.yml had a state, and the image that ran before.
std::optional<state::Journal> from_mark(const Service& service) {
    const auto own = own_file(service);
    const auto& state = own["state"].text;
    if (state == "creating") return unfinished_creation(service, "create");
    if (state == "failed") return unfinished_removal(service);
    if (state != "remaking") return {};
    return state::Journal{.operation = "recreate",
                          .step = "container",
                          .memory = {{"image", own["former-image"].text}}};
}

}  // namespace

std::optional<state::Journal> unfinished(const Service& service) {
    auto found = state::read_journal(service.folder);
    if (!found) found = from_mark(service);
    // No app is linked to what a create of ours has not finished: another plugin took it over
    // since.
    if (found && is_creation(*found) && !state::read_lines(service.file("LINKS")).empty())
        return {};
    return found;
}

bool is_creation(const state::Journal& journal) {
    return journal.operation == "create" || journal.operation == "clone";
}

void forget_unfinished(const Service& service) {
    state::remove_journal(service.folder);
    // a record that is written has no mark
    if (from_mark(service)) write_record(service, read_record(service));
}

void check_finished(const Service& service) {
    check_exists(service);
    const auto left = unfinished(service);
    if (left && left->blocks) throw Error{left->found, left->finish, Exit::refused};
}

state::Journal unfinished_creation(const Service& service, const std::string& operation) {
    return {.operation = operation,
            .blocks = true,
            .found = "service " + service.name + " is not finished",
            .finish =
                "If its create or clone was interrupted, run that again, or 'dokku "
                "postgres:destroy " +
                service.name + "'."};
}

state::Journal unfinished_removal(const Service& service) {
    return {.operation = "destroy",
            .blocks = true,
            .found = "service " + service.name + " is half removed",
            .finish = "Finish that: dokku postgres:destroy " + service.name};
}

}  // namespace service

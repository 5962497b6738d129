// Clone: a new service like another, its data by a stream.
#include "backup/copy.h"

#include <algorithm>
#include <csignal>

#include "backup/dump.h"
#include "backup/interrupt.h"
#include "backup/replacement.h"
#include "backup/restore.h"
#include "backup/room.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "service/container.h"
#include "service/record.h"

namespace backup {

namespace {

void check_free_name(const service::Site& site, const std::string& name) {
    service::check_new_name(site, name);
    if (!service::exists(site, name)) return;
    const auto record = service::read_record(site, service::at(site, name));
    if (record.state == service::State::creating) return;  // a killed one: made anew
    throw Error{"Invalid service name " + name +
                ". Verify the service name is not already in use."};
}

// An adopted service may be known by its container alone.
service::Record record_of(const service::Site& site, const service::Service& source,
                          const engine::Container& container) {
    auto record = service::read_record(site, source);
    if (record.image.empty()) service::set_reference(record, container.image);
    return record;
}

void check_major(const service::Site& site, const service::Settings& settings,
                 const Session& from) {
    service::Record record;
    service::apply(settings, record);
    const std::string reference = record.reference();
    const int major = service::major_of(service::image_of(site, reference), reference);
    if (major >= from.major()) return;
    throw Error{"PostgreSQL " + std::to_string(major) + " cannot take the data of PostgreSQL " +
                    std::to_string(from.major()),
                "Choose an image of the same or a later major."};
}

void check_ends(const process::Result& dump, const process::Result& restore) {
    Interrupt::check();
    // The end that failed by itself tells more than the one that lost its partner.
    const bool lost_partner =
        dump.status == 128 + SIGPIPE || reason_of(dump.err).ends_with("Broken pipe");
    if (!dump.ok() && (restore.ok() || !lost_partner)) {
        throw Error{"the data could not be copied: " + reason_of(dump.err)};
    }
    if (!restore.ok()) throw Error{"the data could not be copied: " + reason_of(restore.err)};
}

void copy_data(const Session& from, const Session& to) {
    Replacement replacement{to};
    const auto [dump, restore] = process::run_piped(
        from.tool(dump_words({.format = "custom", .compress = "none"}, from.major()),
                  from.database(), false),
        to.tool(archive_words(false, replacement.name(), true), replacement.name(), true,
                filling_settings(to.container().memory)));
    check_ends(dump, restore);
    replacement.put_in_place();
}

}  // namespace

service::Settings settings_like(const service::Record& record, const service::Settings& wanted) {
    const auto listed = [](const std::vector<std::string>& names) {
        std::string list;
        for (const auto& name : names) list += (list.empty() ? "" : ",") + name;
        return list;
    };
    std::string custom_env = record.custom_env;
    std::replace(custom_env.begin(), custom_env.end(), '\n', ';');
    service::Settings settings{.image = record.image,
                               .image_version = record.image_version,
                               .config_options = record.config_options,
                               .custom_env = custom_env,
                               .memory = record.memory,
                               .shm_size = record.shm_size,
                               .initial_network = listed(record.initial_network),
                               .post_create_network = listed(record.post_create_network),
                               .post_start_network = listed(record.post_start_network)};
    const auto take = [](const std::optional<std::string>& from, std::optional<std::string>& to) {
        if (from) to = from;
    };
    if (wanted.image) {
        // A version that stands in the image's name takes the place of the source's.
        service::Record named;
        service::set_reference(named, *wanted.image);
        settings.image = named.image;
        if (!named.image_version.empty()) settings.image_version = named.image_version;
    }
    take(wanted.image_version, settings.image_version);
    take(wanted.config_options, settings.config_options);
    take(wanted.custom_env, settings.custom_env);
    take(wanted.memory, settings.memory);
    take(wanted.shm_size, settings.shm_size);
    take(wanted.initial_network, settings.initial_network);
    take(wanted.post_create_network, settings.post_create_network);
    take(wanted.post_start_network, settings.post_start_network);
    return settings;
}

service::Service clone(const service::Site& site, const service::Service& source,
                       const std::string& name, const service::Options& options) {
    check_free_name(site, name);
    const Interrupt interrupt;
    const Session from{site, source, Use::reading};
    service::Options like = options;
    like.settings = settings_like(record_of(site, source, from.container()), options.settings);
    check_major(site, like.settings, from);
    {
        auto server = from.own();
        need_room(service::at(site, name),
                  static_cast<std::uint64_t>(pg::size(server, from.database())));
    }
    // No service before it has its data: killed on the way it is made anew by the next clone or
    // create of the name, and a failure takes it away.
    like.fill = [&](const service::Service& made) {
        host::info1("Copying data from " + source.name + " to " + name);
        copy_data(from, Session{site, made, Use::filling});
    };
    return service::create(site, name, like);
}

}  // namespace backup

// What a service is and does, as its owner asks for it.

#include "server/info.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>

#include "error/error.h"
#include "process/process.h"
#include "report/figures.h"
#include "server/container.h"
#include "server/expose.h"
#include "server/notices.h"
#include "server/settle.h"
#include "service/links.h"
#include "service/record.h"
#include "service/settings_table.h"
#include "service/shell_words.h"
#include "service/unfinished.h"
#include "service/variables.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

using service::Setting;
using value::Fields;
using value::List;
using value::Value;

namespace {

Value shown_url(const service::Service& service) {
    try {
        return service::masked(service::url_of(service));
    } catch (const Error&) {
        return {};  // without a password there is none
    }
}

std::string address(const std::optional<engine::Container>& container) {
    if (!container || !container->running()) return {};
    try {
        return address_of(*container);
    } catch (const Error&) {
        return {};
    }
}

Value port_value(const HostPort& where, bool is_bound) {
    const std::string text =
        "5432->" + to_string(where) + (is_bound ? std::string{} : " (not bound)");
    return value::shown_as(Fields{{"address", value::text_or_null(where.ip)},
                                  {"host-port", std::int64_t{where.port}},
                                  {"container-port", std::int64_t{5432}},
                                  {"bound", is_bound}},
                           text);
}

// Another plugin may have written anything into it.
Value wanted_port(const std::string& text) {
    try {
        return port_value(parse_host_port(text), false);
    } catch (const Error&) {
        return "5432->" + text + " (not bound)";
    }
}

// What is really bound, from the forwarding container; what should be, when that is down.
List ports(const service::Record& record, const std::optional<engine::Container>& ambassador) {
    if (!ambassador || !ambassador->running()) {
        if (record.ports.empty()) return {};
        return {wanted_port(record.ports)};
    }
    List bound;
    for (const auto& port : ambassador->ports) {
        const bool any = port.ip == "0.0.0.0" || port.ip == "::";
        Value one = port_value({any ? std::string{} : port.ip, port.host}, true);
        const bool is_known = std::any_of(bound.begin(), bound.end(), [&](const Value& other) {
            return other.shown == one.shown;
        });
        if (!is_known) bound.push_back(std::move(one));
    }
    return bound;
}

// What people see of a list: words with a space between them, a dash for none.
Value spaced(const List& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : " ") + one.shown.value_or("");
    return value::shown_as(list, text.empty() ? "-" : text);
}

// The text itself where another plugin wrote what is no size.
Value limit(const std::string& text, std::int64_t unit) {
    const auto bytes = value::parse_limit(text, unit);
    if (!bytes) return value::text_or_null(text);
    return *bytes;
}

List texts(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

// As `mount` takes them; what an image made the engine make is nobody's to take away.
List mounts(const service::Record& record) {
    List found;
    for (const auto& volume : record.volumes) {
        if (!volume.source.starts_with('/')) continue;
        found.push_back(
            value::shown_as(Fields{{"source", volume.source},
                                   {"target", volume.target},
                                   {"read-only", volume.read_only}},
                            volume.source + ":" + volume.target + (volume.read_only ? ":ro" : "")));
    }
    return found;
}

// Names alone: a value may be a secret.
List variable_names(const std::string& custom_env) {
    List names;
    for (const auto& line : service::split(custom_env, '\n'))
        if (line.front() != '#') names.emplace_back(line.substr(0, line.find('=')));
    return names;
}

Value setting_value(const service::SettingRow& row, const service::Record& record) {
    switch (row.kind) {
        case service::Kind::image:
            return record.*row.text;
        case service::Kind::one_network:
            return value::text_or_null(service::joined(record.*row.networks, ","));
        case service::Kind::networks:
            return texts(record.*row.networks);
        case service::Kind::size:
            return limit(record.*row.text, row.unit);
        case service::Kind::words:
            return value::text_or_null(record.*row.text);
        case service::Kind::variables:
            return variable_names(record.*row.text);
    }
    return {};
}

// One that cannot be read tells nothing here: `link` and the hooks say what is wrong with it.
std::vector<service::Link> readable_details(const service::Service& service) {
    try {
        return service::link_details(service);
    } catch (const Error&) {
        return {};
    }
}

Value link_value(const std::string& key, const std::string& name, const std::string& app,
                 const std::vector<service::Link>& details) {
    const auto link = std::find_if(details.begin(), details.end(),
                                   [&](const service::Link& one) { return one.app == app; });
    List names;
    std::string text;
    if (link != details.end()) {
        for (const auto& variable : link->variables) {
            names.emplace_back(variable.name);
            text += (text.empty() ? "" : ", ") + variable.name;
        }
    }
    return value::shown_as(
        Fields{{key, name}, {"variables", names.empty() ? Value{} : Value{names}}},
        text.empty() ? name : name + " (" + text + ")");
}

List link_values(const service::Service& service, const std::vector<std::string>& apps) {
    List links;
    if (apps.empty()) return links;
    const auto details = readable_details(service);
    for (const auto& app : apps) links.push_back(link_value("app", app, app, details));
    return links;
}

// The apps that each is linked to and that the caller may see: one question for all of them.
std::vector<std::vector<std::string>> visible_links(const service::Context& context,
                                                    const std::vector<service::Service>& services) {
    std::vector<std::vector<std::string>> links;
    std::vector<std::string> apps;
    for (const auto& service : services) {
        links.push_back(service::linked_apps(service));
        apps.insert(apps.end(), links.back().begin(), links.back().end());
    }
    std::sort(apps.begin(), apps.end());
    apps.erase(std::unique(apps.begin(), apps.end()), apps.end());
    const auto seen = context.dokku.visible_apps(apps);
    for (auto& each : links) {
        std::erase_if(each, [&](const std::string& app) {
            return !std::binary_search(seen.begin(), seen.end(), app);
        });
    }
    return links;
}

// Whether a command holds the lock under which the operation runs.
bool is_at_work(const service::Service& service, const state::Journal& journal) {
    const auto kind =
        service::is_creation(journal) ? state::Lock::Of::service : state::Lock::Of::server;
    return !state::Lock::at_once(service.environment(), kind, service.name);
}

// An operation that is on its way, or was cut short.
Value operation(const service::Service& service, const state::Journal& journal) {
    const bool at_work = is_at_work(service, journal);
    const std::string finish = at_work ? "" : how_to_finish(service, journal);
    return value::shown_as(Fields{{"name", journal.operation},
                                  {"step", journal.step},
                                  {"at-work", at_work},
                                  {"finish", value::text_or_null(finish)}},
                           journal.operation + (at_work ? ", at work on '" : ", interrupted at '") +
                               journal.step + "'" + (at_work ? "" : ". " + finish));
}

}  // namespace

Fields info(const service::Service& service) {
    const service::Record record = service::read_record(service);
    const auto containers = service.engine().find_all({service.container(), service.ambassador()});
    const auto container = engine::named(containers, service.container());
    const auto ambassador = engine::named(containers, service.ambassador());
    const auto setting = [&](Setting which) -> std::pair<std::string, Value> {
        const auto& row = service::row_of(which);
        return {std::string{row.name}, setting_value(row, record)};
    };
    const std::string data = service.file("data").string();
    const auto id =
        container ? container->id : state::read_trimmed(service.file("ID")).value_or("");
    Fields facts = {
        {"config-dir", data},
        setting(Setting::config_options),
        {"data-dir", data},
        {"dsn", shown_url(service)},
        {"exposed-ports", spaced(ports(record, ambassador))},
        {"id", value::text_or_null(id)},
        {"internal-ip", value::text_or_null(address(container))},
        setting(Setting::initial_network),
        {"links", spaced(links(service))},
        setting(Setting::post_create_network),
        setting(Setting::post_start_network),
        {"service-root", service.folder.string()},
        {"status", container ? container->status : "missing"},
        {"version", container ? container->image : record.reference()},
        setting(Setting::image),
        setting(Setting::image_version),
        setting(Setting::memory),
        setting(Setting::shm_size),
        {"mounts", mounts(record)},
        setting(Setting::custom_env),
    };
    if (const auto journal = service::unfinished(service))
        facts.emplace_back("operation", operation(service, *journal));
    return facts;
}

Fields in_words(const service::Service& service, Fields facts) {
    const auto status = std::find_if(facts.begin(), facts.end(),
                                     [](const auto& fact) { return fact.first == "status"; });
    if (status != facts.end())
        status->second = status_in_words(service, std::get<std::string>(status->second));
    return facts;
}

Fields figures(const service::Service& service, const std::string& address,
               const std::filesystem::path& wait) {
    constexpr std::chrono::seconds patience{5};
    if (address.empty()) return report::typed(report::figures, {});
    const auto result = process::run({.argv = {wait.string(), "--for-info", service.name, address},
                                      .limit = patience,
                                      .directory = "/"});
    const auto rows = report::unpacked(report::figures, result.out);
    const bool told = result.ok() && rows && !rows->empty();
    return report::typed(report::figures, told ? rows->front() : report::Row{});
}

List links(const service::Service& service) {
    return link_values(service, service::visible_linked_apps(service));
}

List links_of(const service::Context& context, const std::string& app) {
    List links;
    for (const auto& service : service::visible(context, service::services_of(context, app)))
        links.push_back(link_value("service", service.name, app, readable_details(service)));
    return links;
}

List summaries(const service::Context& context, const std::vector<service::Service>& services) {
    if (services.empty()) return {};
    // The files are read while the engine thinks.
    auto asked = std::async(std::launch::async,
                            [&context] { return context.engine.states("dokku.service=postgres"); });
    const auto apps = visible_links(context, services);
    std::vector<Fields> rows;
    for (const auto& service : services) {
        const auto image = state::read_trimmed(service.file("IMAGE")).value_or("");
        const auto tag = state::read_trimmed(service.file("IMAGE_VERSION")).value_or("");
        rows.push_back({{"name", service.name},
                        {"status", "missing"},
                        {"version", value::text_or_null(tag.empty() ? image : image + ":" + tag)},
                        {"links", link_values(service, apps[rows.size()])}});
    }
    const auto states = asked.get();
    List list;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto state = states.find(services[i].container());
        if (state != states.end()) rows[i][1].second = state->second;
        list.emplace_back(std::move(rows[i]));
    }
    return list;
}

}  // namespace server

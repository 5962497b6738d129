// What a service is and does, as its owner asks for it.

#include "service/info.h"

#include <algorithm>
#include <future>

#include "error/error.h"
#include "host/log.h"
#include "service/container.h"
#include "service/files.h"
#include "service/links.h"
#include "service/notice.h"
#include "service/record.h"
#include "service/variables.h"
#include "service/words.h"

namespace service {

namespace {

std::string or_dash(std::string text) { return text.empty() ? "-" : std::move(text); }

std::string shown_url(const Service& service) {
    try {
        return masked(url_of(service));
    } catch (const Error&) {
        return "-";  // without a password there is none
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

// What is really bound, from the forwarding container; what should be, when that is down.
std::string ports(const Record& record, const std::optional<engine::Container>& ambassador) {
    if (!ambassador || !ambassador->running()) {
        return record.ports.empty() ? "-" : "5432->" + record.ports + " (not bound)";
    }
    std::vector<std::string> bound;
    for (const auto& port : ambassador->ports) {
        const bool six = port.ip.find(':') != std::string::npos;
        const std::string ip = six ? "[" + port.ip + "]" : port.ip;
        const bool any = ip.empty() || ip == "0.0.0.0" || ip == "[::]";
        std::string one = "5432->" + (any ? "" : ip + ":") + std::to_string(port.host);
        if (std::find(bound.begin(), bound.end(), one) == bound.end()) bound.push_back(one);
    }
    return or_dash(joined(bound, " "));
}

std::string megabytes(const std::string& memory) {
    return memory.find_first_not_of("0123456789") == std::string::npos && !memory.empty()
               ? memory + "m"
               : memory;
}

// The apps that each is linked to and that the caller may see: one question for all of them.
std::vector<std::vector<std::string>> visible_links(const Site& site,
                                                    const std::vector<Service>& services) {
    std::vector<std::vector<std::string>> links;
    std::vector<std::string> apps;
    for (const auto& service : services) {
        links.push_back(linked_apps(service));
        apps.insert(apps.end(), links.back().begin(), links.back().end());
    }
    std::sort(apps.begin(), apps.end());
    apps.erase(std::unique(apps.begin(), apps.end()), apps.end());
    const auto seen = site.dokku.visible_apps(apps);
    for (auto& each : links) {
        std::erase_if(each, [&](const std::string& app) {
            return !std::binary_search(seen.begin(), seen.end(), app);
        });
    }
    return links;
}

}  // namespace

Facts info(const Site& site, const Service& service) {
    const Record record = read_record(site, service);
    const auto containers = site.engine.find_all({service.container(), service.ambassador()});
    const auto container = engine::named(containers, service.container());
    const auto ambassador = engine::named(containers, service.ambassador());
    const std::string data = service.file("data").string();
    return {
        {"config-dir", data},
        {"config-options", record.config_options},
        {"data-dir", data},
        {"dsn", shown_url(service)},
        {"exposed-ports", ports(record, ambassador)},
        {"id", container ? container->id : read_trimmed(service.file("ID")).value_or("")},
        {"internal-ip", address(container)},
        {"initial-network", joined(record.initial_network, ",")},
        {"links", or_dash(joined(visible_linked_apps(site, service), " "))},
        {"post-create-network", joined(record.post_create_network, ",")},
        {"post-start-network", joined(record.post_start_network, ",")},
        {"service-root", service.folder.string()},
        {"status", container ? container->status : "missing"},
        {"version", container ? container->image : record.reference()},
        {"image", record.image},
        {"image-version", record.image_version},
        {"memory", megabytes(record.memory)},
        {"shm-size", record.shm_size},
    };
}

Facts in_words(const Site& site, const Service& service, Facts facts) {
    const auto status = std::find_if(facts.begin(), facts.end(),
                                     [](const auto& fact) { return fact.first == "status"; });
    if (status != facts.end())
        status->second = status_in_words(service, read_record(site, service), status->second);
    return facts;
}

std::string table(const Facts& facts) {
    std::string text;
    for (const auto& [key, value] : facts) {
        std::string name = key + ":";
        std::replace(name.begin(), name.end(), '-', ' ');
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        if (name.size() < 20) name.resize(20, ' ');
        text += "       " + name + " " + host::printable(value) + "\n";
    }
    return text;
}

std::vector<Facts> summaries(const Site& site, const std::vector<Service>& services) {
    if (services.empty()) return {};
    // The files are read while the engine thinks.
    auto asked = std::async(std::launch::async,
                            [&site] { return site.engine.states("dokku.service=postgres"); });
    const auto links = visible_links(site, services);
    std::vector<Facts> rows;
    for (const auto& service : services) {
        const auto image = read_trimmed(service.file("IMAGE")).value_or("");
        const auto tag = read_trimmed(service.file("IMAGE_VERSION")).value_or("");
        rows.push_back({{"name", service.name},
                        {"status", "missing"},
                        {"version", tag.empty() ? image : image + ":" + tag},
                        {"links", joined(links[rows.size()], " ")}});
    }
    const auto states = asked.get();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto state = states.find(services[i].container());
        if (state != states.end()) rows[i][1].second = state->second;
    }
    return rows;
}

}  // namespace service

// A host in a temporary folder, with an engine and a Dokku in memory.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "fakes/dokku.h"
#include "fakes/engine.h"
#include "service/service.h"

namespace fakes {

/// The environment of a test of services. The destructor removes its folder.
class World {
public:
    World() {
        std::string pattern = (std::filesystem::temp_directory_path() / "world-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
        root = pattern;
        environment.lib_root = root;
        environment.lib_host_root = "/host";
        environment.services = root / "services";
        environment.services_host = "/host/services";
        environment.data = root / "data";
        std::filesystem::create_directories(environment.services);
        engine.images["postgres:17"] = image(17);
        engine.images["postgres:18"] = image(18);
    }
    ~World() {
        std::error_code ignored;
        std::filesystem::remove_all(root, ignored);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// An image like the official one of that major.
    static engine::Image image(int major) {
        const std::string number = std::to_string(major);
        const bool new_place = major >= 18;
        engine::Image made;
        made.id = "sha256:" + number;
        made.environment = {{"PG_MAJOR", number},
                            {"PGDATA", new_place ? "/var/lib/postgresql/" + number + "/docker"
                                                 : "/var/lib/postgresql/data"}};
        made.volumes = {new_place ? "/var/lib/postgresql" : "/var/lib/postgresql/data"};
        return made;
    }

    /// Creates the folder of a service as the official plugin does: PASSWORD, IMAGE, ENV, LINKS,
    /// data/.
    service::Service add_service(const std::string& name, const std::string& version = "17") {
        const auto made = service::at(context, name);
        std::filesystem::create_directories(made.folder / "data");
        write(made.file("PASSWORD"), "secret\n");
        write(made.file("IMAGE"), "postgres\n");
        write(made.file("IMAGE_VERSION"), version + "\n");
        write(made.file("ENV"), "\n");
        write(made.file("CONFIG_OPTIONS"), "\n");
        write(made.file("LINKS"), "");
        write(made.file("server.crt"), "");  // the fake server has no TLS
        return made;
    }

    /// Adds the service's container as the official plugin creates it, with one endpoint on the
    /// default bridge.
    engine::Container& add_container(const service::Service& service,
                                     const std::string& status = "running") {
        auto& made = engine.add(service.container(), status,
                                {{"dokku", "service"}, {"dokku.service", "postgres"}});
        made.image = "postgres:17";
        made.image_id = "sha256:17";
        made.mounts = {{.source = (service.host_folder / "data").string(),
                        .target = "/var/lib/postgresql/data"}};
        made.networks = {{.network = "bridge",
                          .address = status == "running" ? "172.17.0.2" : "",
                          .aliases = {}}};
        return made;
    }

    static void write(const std::filesystem::path& path, const std::string& text) {
        std::ofstream(path, std::ios::binary) << text;
    }
    static std::string read(const std::filesystem::path& path) {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        return text.str();
    }

    std::filesystem::path root;
    host::Environment environment;
    FakeDokku dokku;
    FakeEngine engine;
    service::Context context{environment, dokku, engine};
};

}  // namespace fakes

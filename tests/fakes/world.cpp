// What the fakes have out of line, so that a test of forty lines does not compile all of it again.

#include "fakes/world.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace fakes {

// As their first virtual function that is not inline it keeps the others out of every other object.
FakeDokku::~FakeDokku() = default;
FakeEngine::~FakeEngine() = default;

World::World() {
    std::string pattern = (std::filesystem::temp_directory_path() / "world-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    root = pattern;
    environment.lib_root = root;
    environment.lib_host_root = "/host";
    environment.services = root / "services";
    environment.services_host = "/host/services";
    environment.data = root / "data";
    environment.sudoers = root / "sudoers.d";
    std::filesystem::create_directories(environment.services);
    engine.images["postgres:17"] = image(17);
    engine.images["postgres:18"] = image(18);
}

World::~World() {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
}

engine::Image World::image(int major) {
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

service::Service World::add_service(const std::string& name, const std::string& version) {
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

engine::Container& World::add_container(const service::Service& service,
                                        const std::string& status) {
    auto& made = engine.add(service.container(), status,
                            {{"dokku", "service"}, {"dokku.service", "postgres"}});
    made.image = "postgres:17";
    made.image_id = "sha256:17";
    made.mounts = {
        {.source = (service.host_folder / "data").string(), .target = "/var/lib/postgresql/data"}};
    made.networks = {
        {.network = "bridge", .address = status == "running" ? "172.17.0.2" : "", .aliases = {}}};
    return made;
}

void World::write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string World::read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace fakes

// A host in a temporary folder, with an engine and a Dokku in memory.
#pragma once

#include <filesystem>
#include <string>

#include "fakes/dokku.h"
#include "fakes/engine.h"
#include "service/service.h"

namespace fakes {

/// The environment of a test of services. The destructor removes its folder.
class World {
public:
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// An image like the official one of that major.
    static engine::Image image(int major);

    /// Creates the folder of a service as the official plugin does: PASSWORD, IMAGE, ENV, LINKS,
    /// data/.
    service::Service add_service(const std::string& name, const std::string& version = "17");

    /// Adds the service's container as the official plugin creates it, with one endpoint on the
    /// default bridge.
    engine::Container& add_container(const service::Service& service,
                                     const std::string& status = "running");

    static void write(const std::filesystem::path& path, const std::string& text);
    static std::string read(const std::filesystem::path& path);

    std::filesystem::path root;
    host::Environment environment;
    FakeDokku dokku;
    FakeEngine engine;
    service::Context context{environment, dokku, engine};
};

}  // namespace fakes

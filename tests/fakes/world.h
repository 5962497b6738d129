// A host in a temporary folder, with an engine and a Dokku in memory.
#pragma once

#include <filesystem>
#include <string>

#include "fakes/dokku.h"
#include "fakes/engine.h"
#include "service/service.h"

namespace fakes {

/// What a test of a service stands on; its folder goes with it.
class World {
public:
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// An image as the official one of that major.
    static engine::Image image(int major);

    /// The folder of a service as the official plugin leaves it: PASSWORD, IMAGE, ENV, LINKS,
    /// data/.
    service::Service add_service(const std::string& name, const std::string& version = "17");

    /// The service's container as the official plugin makes it, with one endpoint on the default
    /// bridge.
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

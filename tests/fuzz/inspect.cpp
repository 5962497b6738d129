// JSON of the engine: whatever it is, containers and images or an Error.
#include "engine/inspect.h"

#include <algorithm>

#include "fuzz.h"

void attack(std::string_view bytes) {
    std::vector<engine::Container> containers;
    fuzz::refusal([&] { containers = engine::read_containers(bytes); });
    for (const auto& container : containers) {
        for (const auto& end : container.networks)
            fuzz::hold(container.on(end.network) != nullptr, "a container is on its networks");
        for (const auto& port : container.ports)
            fuzz::hold(port.ip != "0.0.0.0" && port.ip != "::", "every address has one name");
        const auto same = [](const engine::Port& left, const engine::Port& right) {
            return left.ip == right.ip && left.host == right.host &&
                   left.container == right.container;
        };
        fuzz::hold(std::adjacent_find(container.ports.begin(), container.ports.end(), same) ==
                       container.ports.end(),
                   "a port is told once");
    }
    std::vector<engine::Image> images;
    fuzz::refusal([&] { images = engine::read_images(bytes); });
    fuzz::hold(images.size() == containers.size(), "the same list for both");
}

// What `docker inspect` prints, read.
#pragma once

#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace engine {

/// The containers of `docker container inspect`; throws Error when it is not that.
std::vector<Container> read_containers(std::string_view words);
/// The images of `docker image inspect`; throws Error when it is not that.
std::vector<Image> read_images(std::string_view words);

}  // namespace engine

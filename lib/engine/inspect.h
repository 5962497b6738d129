// Parses the output of `docker inspect`.
#pragma once

#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace engine {

/// The containers in the output of `docker container inspect`; throws Error if it cannot be parsed.
std::vector<Container> read_containers(std::string_view words);
/// The images in the output of `docker image inspect`; throws Error if it cannot be parsed.
std::vector<Image> read_images(std::string_view words);

}  // namespace engine

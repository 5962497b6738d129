// What is wrong with a service, each as a sentence with a way out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/service.h"

namespace official {

/// The major that the service's data on disk are of (PG_VERSION), nothing when there are none or
/// they cannot be read: only root and the image's user may.
std::optional<int> data_major(const service::Service& service);
/// The known ways in which a service can be broken, a sentence each. `apps` are those of the host.
/// Never throws Error.
std::vector<std::string> problems(const service::Service& service,
                                  const std::optional<engine::Container>& container,
                                  const std::vector<std::string>& apps);
/// Writes IMAGE and IMAGE_VERSION from the container where the files are missing, as the official
/// plugin's own install does: once the container is gone nothing else tells.
void remember_image(const service::Service& service, const engine::Container& container);

}  // namespace official

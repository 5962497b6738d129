// The problems of a service, each as a sentence that says what to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/service.h"

namespace official {

/// The major of the service's data on disk (PG_VERSION); nothing if there are none or they cannot
/// be read. Only root and the image's user may read them.
std::optional<int> data_major(const service::Service& service);
/// The known problems of a service, a sentence for each. `apps` are all apps of the host. Never
/// throws Error.
std::vector<std::string> problems(const service::Service& service,
                                  const std::optional<engine::Container>& container,
                                  const std::vector<std::string>& apps);
/// Writes missing files IMAGE and IMAGE_VERSION from the container, as the official plugin's
/// install does: without the container nothing else knows the image. Throws Error.
void remember_image(const service::Service& service, const engine::Container& container);

}  // namespace official

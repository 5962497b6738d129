// What a service leaves on the host, and taking all of it away: the end of destroy, and of a create
// that failed.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace server {

/// Throws Error 4 when the service's folder is reached by a symbolic link: nothing behind one is
/// removed.
void check_folder_is_own(const service::Service& service);
/// Removes the service's container and its forwarder, each only when it was made for this service.
void remove_containers(const service::Service& service);
/// Removes the service's folder. What belongs to the image's user goes by one run of `image` (which
/// is pulled when it is gone); the journal goes last, so that a run that is killed can be repeated.
void remove_folder(const service::Service& service, const std::string& image);

/// Takes away what killed commands left of services that are not there: their folders on the way
/// and their locks, unless somebody holds them.
void tidy(const service::Context& context);
/// The same for the locks of apps that are not among `apps`.
void tidy_apps(const service::Context& context, const std::vector<std::string>& apps);

}  // namespace server

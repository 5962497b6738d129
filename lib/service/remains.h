// What a service leaves on the host, and taking all of it away: the end of destroy, and of a create
// that failed.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace service {

/// Throws Error 4 when the service's folder is reached by a symbolic link: nothing behind one is
/// removed.
void check_folder_is_own(const Service& service);
/// Removes the service's container and its forwarder, each only when it was made for this service.
void remove_containers(const Site& site, const Service& service);
/// Removes the service's folder. What belongs to the image's user goes by one run of `image` (which
/// is pulled when it is gone); service.yml goes last, so that a run that is killed can be repeated.
void remove_folder(const Site& site, const Service& service, const std::string& image);

/// Takes away what killed commands left of services that are not there: their folders on the way
/// and their locks, unless somebody holds them.
void tidy(const Site& site);
/// The same for the locks of apps that are not among `apps`.
void tidy_apps(const Site& site, const std::vector<std::string>& apps);

}  // namespace service

// What a service leaves on the host, and taking all of it away: the end of destroy, and of a create
// that failed.
#pragma once

#include <string>

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

}  // namespace service

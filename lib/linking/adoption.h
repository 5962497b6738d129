// From the official plugin's link of an app to ours.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// The docker option by which the official plugin links an app.
std::string link_option(const service::Service& service);

/// Makes the official link of an app ours: takes its docker option away and writes the detail
/// found in the app's config. Nothing for one that is ours already, without a process. For the
/// hooks of a deploy, once the service is on our network. Takes both locks.
void take_over(const service::Service& service, const std::string& app);

}  // namespace linking

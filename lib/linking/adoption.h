// Turns a link of the official plugin into one of ours.
#pragma once

#include <string>

#include "service/service.h"

namespace linking {

/// The docker option by which the official plugin links an app.
std::string link_option(const service::Service& service);

/// Turns the official plugin's link of an app into ours: removes its docker option, and writes the
/// detail found in the app's config. Does nothing for a link of ours, without starting a process.
/// For the deploy hooks, once the service is on our network. Takes both locks. Throws Error.
void take_over(const service::Service& service, const std::string& app);

}  // namespace linking

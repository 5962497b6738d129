// From the official plugin's links to ours: containers join the network live, options go.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace service {

/// The docker option by which the official plugin links an app (contract, section 6).
std::string link_option(const Service& service);

/// Joins a new container of a linked app to our network before it starts; one on a network that
/// cannot be shared is warned of and left. Two engine calls. Throws Error when it cannot join.
void join_new_container(const Site& site, const std::string& app, const std::string& container);
/// The ids of the app's running containers.
std::vector<std::string> running_containers(const Site& site, const std::string& app);
/// Joins these containers of an app to our network, live, unless they are on it; warns of those
/// that cannot.
void join_containers(const Site& site, const std::string& app,
                     const std::vector<engine::Container>& containers);
/// The same for the running containers of every linked app of a service; what join_networks does
/// when the service's own container was not on our network yet.
void join_linked_apps(const Site& site, const Service& service);

/// Linked apps that the official plugin linked and that no deploy of ours has taken over. Their
/// running containers hold the service's address in /etc/hosts, where it beats DNS: whoever makes
/// the service's container again deploys them once (refresh.h).
std::vector<std::string> apps_on_old_links(const Service& service);
/// What must follow when the service's container was made again: linked apps' running containers
/// join our network, and those on old links are deployed once, or with `deploy` false are named in
/// a warning. `except` is an app that is being deployed anyway. The caller holds no lock.
void follow_new_container(const Site& site, const Service& service, bool deploy,
                          const std::string& except = {});
/// Makes the official link of an app ours: takes its docker option away and writes the detail
/// found in the app's config. Nothing for one that is ours already, without a process. For the
/// hooks of a deploy, once the service is on our network. Takes both locks.
void take_over(const Site& site, const Service& service, const std::string& app);

}  // namespace service

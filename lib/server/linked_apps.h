// The containers of linked apps: on our network, and deployed once where they must be.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace server {

/// Joins a new container of a linked app to our network before it starts; one on a network that
/// cannot be shared is warned of and left. Two engine calls. Throws Error when it cannot join.
void join_new_container(const service::Context& context, const std::string& app,
                        const std::string& container);
/// The ids of the app's running containers.
std::vector<std::string> running_containers(const service::Context& context,
                                            const std::string& app);
/// Joins these containers of an app to our network, live, unless they are on it; warns of those
/// that cannot.
void join_containers(const service::Context& context, const std::string& app,
                     const std::vector<engine::Container>& containers);
/// The same for the running containers of every linked app of a service; what join_networks does
/// when the service's own container was not on our network yet.
void join_linked_apps(const service::Service& service);

/// Linked apps that the official plugin linked and that no deploy of ours has taken over. Their
/// running containers hold the service's address in /etc/hosts, where it beats DNS: whoever makes
/// the service's container again deploys them once (redeploy).
std::vector<std::string> apps_on_old_links(const service::Service& service);
/// What must follow when the service's container was made again: linked apps' running containers
/// join our network, and those on old links are deployed once, or with `deploy` false are named in
/// a warning. `except` is an app that is being deployed anyway. The caller holds no lock.
void follow_new_container(const service::Service& service, bool deploy,
                          const std::string& except = {});

/// Deploys the app once, so that its containers get what its config says, and says so when
/// `restart` is false; silent when the app was never deployed or is not to be started. Returns
/// whether it was deployed; throws Error when the deploy fails. The caller holds no lock: our own
/// hooks run inside.
bool redeploy(const service::Context& context, const std::string& app, bool restart);

}  // namespace server

// The container of a service: made from its record, found, joined to the network.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "service/record.h"
#include "service/service.h"

namespace server {

/// How long a server may take for its last checkpoint before the engine kills it.
inline constexpr std::chrono::seconds stop_patience{60};

/// The image of a service on this host, pulled when it is not there (unless POSTGRES_DISABLE_PULL);
/// throws Error when it cannot be had.
engine::Image image_of(const service::Context& context, const std::string& reference);
/// The major of an image from its PG_MAJOR, else from PG_VERSION or PGDATA; throws Error when it
/// tells none or one that we do not know.
int major_of(const engine::Image& image, const std::string& reference);
/// What is wrong with an image of another major than the data of a service.
std::string other_major(const service::Service& service, int present, const std::string& reference,
                        int held);
/// Where an image wants its data mounted (18 and later: /var/lib/postgresql).
std::string data_target_of(const engine::Image& image, int major);
/// Where its server has the data, by PGDATA; empty when the image does not tell.
std::string data_folder_of(const engine::Image& image);

/// What the service's container must be. Fills in what the record does not know (adopted services)
/// from `old`, its present container, and from the data on disk.
engine::Spec spec_of(const service::Service& service, const service::Record& record,
                     const std::optional<engine::Container>& old);
/// The same for an image that the caller has looked at.
engine::Spec spec_of(const service::Service& service, const service::Record& record,
                     const std::optional<engine::Container>& old, const engine::Image& image);

/// The label of a service's helpers, with the value `postgres`.
inline constexpr const char* helper_label = "dokku.helper";
/// A throw-away container of the service: root in an image, without a network. Its mounts and its
/// words are the caller's.
engine::Spec helper_of(const service::Service& service, const std::string& image);
/// Throws Error (refused) where the data lie in no mount of the container: they would go with it.
void check_data_outlive(const service::Service& service, const engine::Container& container);
/// Puts into the record what goes with the container and the next one needs: where its data lie,
/// and its volumes.
void learn_from(const engine::Container& container, service::Record& record);
/// The service's container with one engine call, nothing when there is none.
std::optional<engine::Container> container_of(const service::Service& service);
/// Makes the container anew: create, join the networks of the record, start. The old one must be
/// gone. Undone when a step fails. A network that is gone is an Error that names its setting.
engine::Container make_container(const service::Service& service, const service::Record& record,
                                 const engine::Spec& spec);
/// Lets a container of that spec run the image of that id, whatever its tag names by now; empty, or
/// an image that is gone: the tag decides.
void pin_image(const service::Service& service, engine::Spec& spec, const std::string& image_id);
/// Brings the container up whatever its state: nothing when it runs, unpause, start, or made again
/// from the record when it is missing (`dokku cleanup` removes stopped ones). Settles first what a
/// killed command left. Does not wait for the server. The caller holds the service's lock.
engine::Container bring_up(const service::Service& service);
/// The same without settling; one that has to be made again runs the image of that id, if any.
engine::Container bring_up_as_recorded(const service::Service& service,
                                       const std::string& image_id);
/// The same for a command that was not asked to start it: says so when it was stopped.
engine::Container wake(const service::Service& service);
/// Joins the container to our network under the service's alias, live; costs nothing when it is
/// there. Adoption: linked apps' running containers are joined too when the service's was not.
void join_our_network(const service::Service& service, const engine::Container& container);
/// Before the container is started again: joins our network and those of the settings, and leaves
/// those that were taken out of them.
void settle_networks(const service::Service& service, const engine::Container& container);
/// The address we reach the server at from this host: on the default bridge, else on our network,
/// else on any; throws Error when the container has none.
std::string address_of(const engine::Container& container);

}  // namespace server

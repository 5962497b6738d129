// What a killed command left of a change that may be finished or taken back without asking.
#pragma once

#include <string>

#include "engine/engine.h"
#include "service/service.h"
#include "state/journal.h"

namespace server {

/// What is known of the server in a container that a killed command made.
enum class Seen { nothing, answers, fails };

/// Finishes the service's unfinished operation or takes it back, where that needs no decision: a
/// change of the container (upgrade, set, mount, unmount) or of the port on the host. A new
/// container that runs is kept when its server answers, and one that does not run is replaced by
/// the former one. Returns false for what has to wait: a new container runs, and nobody knows yet
/// whether its server answers. Needs no database client. The caller holds the service's lock.
bool settle(const service::Service& service, Seen seen = Seen::nothing);
/// The same for who changes the record: throws Error 4 that says how to finish what has to wait.
void settle_or_refuse(const service::Service& service);
/// The rest of that, once the server has answered. Takes the service's lock when there is any.
void settle_answering(const service::Service& service);
/// For who takes the service down, which brings nothing up: a change whose record was being written
/// is finished. The caller holds the service's lock.
void settle_record(const service::Service& service);
/// Whether a killed change made this container, so that nobody knows whether its server answers.
bool is_unproven(const service::Service& service, const engine::Container& container);
/// The change is taken back: the container that it made is gone. The caller holds the service's
/// lock.
void forget_change(const service::Service& service);

/// Whether an unfinished operation makes the container again: upgrade, set, mount, unmount.
bool changes_container(const state::Journal& left);
/// A sentence: how an unfinished operation is finished or taken back.
std::string how_to_finish(const service::Service& service, const state::Journal& left);

/// The step that writes the record of a change of the container; before it the former record is
/// valid, from it on the new one, which the journal holds.
inline constexpr const char* record_step = "record";
/// What the journal of such a change remembers.
inline constexpr const char* former_container = "container";  // its id, where there was one
inline constexpr const char* former_image = "image";          // the id of the image that it ran
inline constexpr const char* stays_down = "down";             // the service was down

/// The environment of the container on its way, for the engine to read: ENV is that of the former
/// one until the new one works.
inline constexpr const char* next_environment = "ENV.next";

}  // namespace server

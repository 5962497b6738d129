// A service's container made again with other settings, taken back when its server does not get
// ready.
#include "server/recreate.h"

#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "error/error.h"
#include "host/log.h"
#include "server/container.h"
#include "server/expose.h"
#include "server/linked_apps.h"
#include "server/major_recipe.h"
#include "server/ready.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

namespace {

// The environment of a container that is still to prove itself, beside the one that is true so far.
class NextEnvironment {
public:
    NextEnvironment(const service::Service& service, const service::Record& record,
                    engine::Spec& spec)
        : path_(service.file("ENV.next")) {
        spec.env_file.clear();
        if (record.custom_env.empty()) return;
        state::write_file(path_, record.custom_env, state::secret);
        spec.env_file = path_.string();
    }
    ~NextEnvironment() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    NextEnvironment(const NextEnvironment&) = delete;
    NextEnvironment& operator=(const NextEnvironment&) = delete;

private:
    std::filesystem::path path_;
};

struct Former {
    service::Record record;
    engine::Spec spec;
    std::string image_id;  // empty: there was no container, or its image is gone
};

// As the container was that is to come back: what its tag names by now may be the very image that
// failed.
Former former_of(const service::Service& service, const service::Record& record,
                 const std::optional<engine::Container>& old, const std::string& image_id) {
    const auto image = image_id.empty() ? std::nullopt : service.engine().image(image_id);
    return {.record = record,
            .spec = spec_of(service, record, old,
                            image ? *image : image_of(service.context(), record.reference())),
            .image_id = image ? image->id : std::string{}};
}

void take_back(const service::Service& service, Former former, std::chrono::seconds patience,
               const Error& reason) {
    service.engine().remove(service.container(), false);
    try {
        const auto tagged = service.engine().image(former.spec.image);
        if (!former.image_id.empty() && (!tagged || tagged->id != former.image_id))
            former.spec.image = former.image_id;
        make_container(service, former.record, former.spec);
        wait_until_ready(service, patience);
        service::write_record(service, former.record);
    } catch (const Error& error) {
        throw Error(std::string(reason.what()) +
                        "; the old settings are back, but so is this: " + error.what(),
                    "Look at: dokku postgres:logs " + service.name);
    }
    throw Error(reason.what(), (reason.hint().empty() ? "" : reason.hint() + "\n") +
                                   "The service runs again with its old settings.");
}

int kept_major(const service::Service& service, const service::Record& before,
               const service::Record& after, const std::optional<engine::Container>& old) {
    const int present = present_major(service, before, old);
    const int wanted = major_of(image_of(service.context(), after.reference()), after.reference());
    if (wanted == present) return present;
    throw Error(other_major(service, present, after.reference(), wanted),
                "Copy them into a new service. These lines do it, and linked apps keep their "
                "variables:\n" +
                    recipe_for_major(service, after, wanted),
                Exit::refused);
}

// From here on the service is on its way up: a second run after a killed one finishes that, and has
// to know what to take back to and what went with the old container.
void mark(const service::Service& service, service::Record record,
          const std::optional<engine::Container>& old, const std::string& former_image) {
    record.state = service::State::remaking;
    record.former_image = former_image;
    if (old) learn_from(*old, record);
    service::write_record(service, record);
}

// The record without the mark, and with the place of the data, which another image may not have.
service::Record unmarked(const service::Context& context, service::Record record,
                         const std::optional<engine::Container>& old) {
    if (record.state == service::State::remaking) record.state = service::State::ready;
    record.former_image.clear();
    if (!record.data_folder.empty()) return record;
    if (old) {
        record.data_folder = old->variable("PGDATA");
    } else if (const auto image = context.engine.image(record.reference())) {
        record.data_folder = data_folder_of(*image);
    }
    return record;
}

// A killed run may have left a server that is still starting: it does not hear the signal to stop,
// and the engine would wait for it in vain.
void let_start(const service::Service& service, std::chrono::seconds patience) {
    try {
        wait_until_ready(service, patience);
    } catch (const Error& error) {
        host::debug(error.what());
    }
}

// The container of a service that is down is made when it starts.
void set_down(const service::Service& service, service::Record after,
              const std::optional<engine::Container>& old) {
    if (old) learn_from(*old, after);
    after.former_networks.clear();  // the next container is on none of them
    service::write_record(service, after);
    state::remove_file(service.file("ENV.next"));  // of a run that was killed
    if (old) service.engine().remove(service.container(), false);
    host::info1(stopped(service) + ": the settings take effect when it starts");
    host::verbose(how_to_start(service));
}

void end_server(const service::Service& service, Apps apps) {
    say_connections_end(service, apps);
    service.engine().stop(service.container(), stop_patience);
}

struct Swap {
    Apps apps;                // what becomes of them
    bool made_again = false;  // the container is another one
};

// The whole change under the locks; notes before it may fail that the container is another one.
void swap_container(const service::Service& service,
                    const std::function<void(service::Record&)>& change,
                    std::chrono::seconds patience, Swap& swap) {
    const state::Lock server_lock(service.environment(), state::Lock::Of::server, service.name);
    const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
    service::check_finished(service);
    const service::Record marked = service::read_record(service);
    const bool interrupted = marked.state == service::State::remaking;
    const auto old = container_of(service);
    if (old) check_data_outlive(service, *old);
    const service::Record before = unmarked(service.context(), marked, old);
    const std::string former_image =
        old && marked.former_image.empty() ? old->image_id : marked.former_image;
    service::Record after = before;
    change(after);
    if (after.reference() != before.reference())
        after.major = kept_major(service, before, after, old);
    // What is to be and what was are computed while the old container is there to be asked.
    engine::Spec spec = spec_of(service, after, old);
    const bool runs = old && old->running();
    if (!runs && !interrupted) return set_down(service, std::move(after), old);
    Former former = former_of(service, before, old, former_image);
    std::optional<NextEnvironment> next(std::in_place, service, after, spec);
    mark(service, before, old, former_image);
    after.former_networks.clear();  // the new container is on none of them
    if (runs && interrupted) let_start(service, patience);
    if (runs) end_server(service, swap.apps);
    swap.made_again = true;
    service.engine().remove(service.container(), false);
    try {
        make_container(service, after, spec);
        next.reset();  // while a second run would still come here
        wait_until_ready(service, patience, {.is_removed_on_failure = true});
    } catch (const Error& error) {
        take_back(service, std::move(former), patience, error);
    }
    service::write_record(service, after);
    forward(service, after);
}

}  // namespace

int present_major(const service::Service& service, const service::Record& record,
                  const std::optional<engine::Container>& container) {
    if (record.major != 0) return record.major;
    if (container) {
        const auto told = container->variable("PG_MAJOR");
        int major = 0;
        if (std::from_chars(told.data(), told.data() + told.size(), major).ec == std::errc{})
            return major;
    }
    if (record.image.empty())
        throw Error("nothing tells which PostgreSQL the data of '" + service.name + "' belong to",
                    "Start the service once: dokku postgres:start " + service.name);
    return major_of(image_of(service.context(), record.reference()), record.reference());
}

void recreate(const service::Service& service, const std::function<void(service::Record&)>& change,
              std::chrono::seconds patience, Apps apps) {
    Swap swap{.apps = apps};
    try {
        swap_container(service, change, patience, swap);
    } catch (const Error&) {
        if (swap.made_again) follow_new_container(service, true);
        throw;
    }
    if (swap.made_again) follow_new_container(service, true);
}

}  // namespace server

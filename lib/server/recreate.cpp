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
#include "server/operation.h"
#include "server/ready.h"
#include "server/settle.h"
#include "state/files.h"
#include "state/lock.h"

namespace server {

namespace {

// A change of the container on its way.
struct Recreation {
    const service::Service& service;
    const Change& change;
    std::chrono::seconds patience;
    std::optional<engine::Container> old = {};
    service::Record before = {}, after = {};
    // As the container is to be, and as it was: computed while the old one is there to be asked.
    engine::Spec spec = {}, former = {};
    std::string former_image = {};     // the id; empty: it is gone
    bool is_another = false;           // the container is another one
    std::optional<Error> lost = {};    // why the former one could not be brought back
    std::optional<Error> silent = {};  // why its server does not answer, though it is back
};

// The engine reads it from a file.
void write_environment(Recreation& work) {
    work.spec.env_file.clear();
    if (work.after.custom_env.empty()) return;
    const auto path = work.service.file(next_environment);
    state::write_file(path, work.after.custom_env, state::secret);
    work.spec.env_file = path.string();
}

// The place of the data, which another image may not have.
service::Record with_data_folder(const service::Context& context, service::Record record,
                                 const std::optional<engine::Container>& old) {
    if (!record.data_folder.empty()) return record;
    if (old) {
        record.data_folder = old->variable("PGDATA");
    } else if (const auto image = context.engine.image(record.reference())) {
        record.data_folder = data_folder_of(*image);
    }
    return record;
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

// A killed run may have left a server that is still starting: it does not hear the signal to stop,
// and the engine would wait for it in vain.
void let_start(const service::Service& service, std::chrono::seconds patience) {
    try {
        wait_until_ready(service, patience);
    } catch (const Error& error) {
        host::debug(error.what());
    }
}

// What the old container alone knows goes with it.
void save_what_container_knows(const Recreation& work) {
    auto known = work.before;
    if (work.old) learn_from(*work.old, known);
    service::write_record(work.service, known);
}

void end_server(const Recreation& work, bool was_interrupted) {
    save_what_container_knows(work);
    if (was_interrupted) let_start(work.service, work.patience);
    say_connections_end(work.service, work.change.apps);
    work.service.engine().stop(work.service.container(), stop_patience);
}

void swap_container(Recreation& work) {
    work.is_another = true;
    work.service.engine().remove(work.service.container(), false);
    write_environment(work);
    make_container(work.service, work.after, work.spec);
    state::remove_file(work.service.file(next_environment));
}

void put_back_container(Recreation& work) {
    const auto& service = work.service;
    try {
        state::remove_file(service.file(next_environment));
        service.engine().remove(service.container(), false);
        pin_image(service, work.former, work.former_image);
        make_container(service, work.before, work.former);
    } catch (const Error& error) {
        work.lost = error;
        throw;
    }
    try {
        wait_until_ready(service, work.patience);
    } catch (const Error& error) {
        work.silent = error;
    }
}

// Of a service that runs.
std::vector<Step> steps_of(Recreation& work, bool was_interrupted) {
    const auto& service = work.service;
    return {{"stop", [&work, was_interrupted] { end_server(work, was_interrupted); },
             [&] { bring_up_as_recorded(service, work.former_image); }},
            {"container", [&] { swap_container(work); }, [&] { put_back_container(work); }},
            {"answer",
             [&] { wait_until_ready(service, work.patience, {.is_removed_on_failure = true}); }},
            {record_step, [&] { service::write_record(service, work.after); },
             [&] { service::write_record(service, work.before); }}};
}

// The container of a service that is down is made when it starts.
std::vector<Step> steps_down(Recreation& work) {
    const auto& service = work.service;
    return {{"container",
             [&] {
                 save_what_container_knows(work);
                 if (work.old) service.engine().remove(service.container(), false);
             }},
            {record_step, [&] {
                 service::write_record(service, work.after);
                 host::info1(stopped(service) + ": the settings take effect when it starts");
                 host::verbose(how_to_start(service));
             }}};
}

void remember_former(Recreation& work, state::Journal& journal) {
    const auto& service = work.service;
    work.former_image = work.old->image_id;
    journal.memory[former_container] = work.old->id;
    journal.memory[former_image] = work.former_image;
    const auto image = service.engine().image(work.former_image);
    if (!image) work.former_image.clear();
    work.former = spec_of(service, work.before, work.old,
                          image ? *image : image_of(service.context(), work.before.reference()));
}

// Under the locks.
std::vector<Step> plan(Recreation& work, state::Journal& journal, bool was_interrupted) {
    const auto& service = work.service;
    service::check_exists(service);
    work.old = container_of(service);
    if (work.old) check_data_outlive(service, *work.old);
    work.before = with_data_folder(service.context(), service::read_record(service), work.old);
    work.after = work.before;
    work.change.apply(work.after);
    if (work.after.reference() != work.before.reference())
        work.after.major = kept_major(service, work.before, work.after, work.old);
    work.spec = spec_of(service, work.after, work.old);
    work.after.former_networks.clear();  // the new container is on none of them
    const bool runs = work.old && work.old->running();
    if (runs) remember_former(work, journal);
    if (!runs && work.old) learn_from(*work.old, work.after);
    if (!runs) journal.memory[stays_down] = "true";
    journal.memory.merge(service::to_texts(work.after));
    return runs ? steps_of(work, was_interrupted) : steps_down(work);
}

// A container that a killed change made is kept when its server answers.
void settle_by_answer(const service::Service& service, std::chrono::seconds patience) {
    if (settle(service)) return;
    auto seen = Seen::answers;
    try {
        wait_until_ready(service, patience);
    } catch (const Error& error) {
        host::debug(error.what());
        seen = Seen::fails;
    }
    settle(service, seen);
}

[[noreturn]] void tell_of_failure(const Recreation& work, const Error& reason) {
    if (!work.is_another) throw;
    const std::string what = reason.what();
    if (work.lost) {
        throw Error(what + "; the former container could not be brought back: " + work.lost->what(),
                    "Run it again, or: dokku postgres:start " + work.service.name,
                    work.lost->code());
    }
    if (work.silent) {
        throw Error(what + "; the old settings are back, but so is this: " + work.silent->what(),
                    "Look at: dokku postgres:logs " + work.service.name);
    }
    throw Error(what, (reason.hint().empty() ? "" : reason.hint() + "\n") +
                          "The service runs again with its old settings.");
}

void change_container(Recreation& work) {
    try {
        run(work.service, {.name = work.change.command,
                           .arguments = work.change.arguments,
                           .plan =
                               [&](auto& journal, const auto& left) {
                                   if (left) settle_by_answer(work.service, work.patience);
                                   return plan(work, journal, left.has_value());
                               },
                           .takes_over = changes_container});
    } catch (const Error& reason) {
        tell_of_failure(work, reason);
    }
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

void recreate(const service::Service& service, const Change& change,
              std::chrono::seconds patience) {
    Recreation work{service, change, patience};
    try {
        change_container(work);
    } catch (const Error&) {
        if (work.is_another) follow_new_container(service, true);
        throw;
    }
    if (!work.is_another) return;
    {
        const state::Lock lock(service.environment(), state::Lock::Of::service, service.name);
        forward(service, service::read_record(service));
    }
    follow_new_container(service, true);
}

}  // namespace server

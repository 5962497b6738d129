// Clone: a new service like another, with its data.
#include "transfer/clone.h"

#include <chrono>
#include <csignal>
#include <optional>

#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "pg/snapshot.h"
#include "process/cancellation.h"
#include "server/container.h"
#include "service/record.h"
#include "service/unfinished.h"
#include "transfer/disk_space.h"
#include "transfer/export.h"
#include "transfer/file_copy.h"
#include "transfer/import.h"
#include "transfer/pg_restore.h"
#include "transfer/session_terminator.h"
#include "transfer/staging_database.h"

namespace transfer {

using service::Setting;

namespace {

// The stop and the start that a copy of files needs take as long as copying this by statements.
constexpr std::int64_t worth_files = 128L * 1024 * 1024;

void check_free_name(const service::Context& context, const std::string& name) {
    service::check_new_name(context, name);
    if (!service::exists(context, name)) return;
    const auto left = service::unfinished(service::at(context, name));
    if (left && service::is_creation(*left)) return;  // a killed one: made anew
    throw Error{"Invalid service name " + name +
                ". Verify the service name is not already in use."};
}

// An adopted service may be known by its container alone.
service::Record record_of(const service::Service& source, const engine::Container& container) {
    auto record = service::read_record(source);
    if (record.image.empty()) service::set_reference(record, container.image);
    return record;
}

void check_major(const service::Context& context, const service::Settings& settings,
                 const Session& from) {
    service::Record record;
    service::apply(settings, record);
    const std::string reference = record.reference();
    const int major = server::major_of(server::image_of(context, reference), reference);
    if (major >= from.major()) return;
    throw Error{"PostgreSQL " + std::to_string(major) + " cannot take the data of PostgreSQL " +
                    std::to_string(from.major()),
                "Choose an image of the same or a later major."};
}

void check_copied(const process::Result& result) {
    process::check_cancelled();
    if (!result.ok()) throw Error{"the data could not be copied: " + reason_of(result.err)};
}

void check_ends(const process::Result& dump, const process::Result& restore) {
    // The end that failed by itself tells more than the one that lost its partner.
    const bool lost_partner =
        dump.status == 128 + SIGPIPE || reason_of(dump.err).ends_with("Broken pipe");
    if (restore.ok() || !lost_partner) check_copied(dump);
    check_copied(restore);
}

// One copy from server to server.
class Copy {
public:
    Copy(const Session& from, const Session& to, const StagingDatabase& staging,
         const CloneProgress& watching)
        : from_(from), to_(to), staging_(staging), watching_(watching) {}

    /// Through one session on either side.
    void whole() const { stream({}); }

    /// The rows through one session, then what is built on them by several at once.
    void in_parts() const {
        const pg::Snapshot moment{from_.dedicated()};
        const std::string same = "--snapshot=" + moment.name();
        const std::string built = read({same, "--section=post-data"});
        stream({same, "--section=pre-data", "--section=data"});
        build(built);
    }

private:
    process::Command dump(const std::vector<std::string>& further) const {
        auto words = dump_words({.compress = quick_compression(from_.major())}, from_.major());
        words.insert(words.end(), further.begin(), further.end());
        return from_.work({.words = std::move(words), .database = from_.database()});
    }

    // No rows are in it: it is small.
    std::string read(const std::vector<std::string>& further) const {
        constexpr std::size_t block_size = 64UL * 1024;
        process::Drain dumping{dump(further)};
        dumping.watch([this] { look(); }, std::chrono::seconds{1});
        std::string archive;
        std::vector<char> block(block_size);
        for (auto size = dumping.read(block.data(), block.size()); size > 0;
             size = dumping.read(block.data(), block.size())) {
            archive.append(block.data(), size);
        }
        check_copied(from_.outcome(dumping.finish()));
        return archive;
    }

    void stream(const std::vector<std::string>& further) const {
        const auto words = restore_words(staging_.name(), {});
        std::uint64_t copied = 0;
        const auto look_at = [&](std::uint64_t bytes) {
            look();
            copied = bytes;
            if (watching_.copied && is_time_to_tell_()) watching_.copied(copied, {});
        };
        const auto [source, target] =
            process::run_piped(dump(further), staging_.tool(words), look_at, disk_check_interval);
        if (watching_.copied) watching_.copied(copied, {});
        check_ends(from_.outcome(source), to_.outcome(target));
    }

    void build(const std::string& archive) const {
        process::Feed building{restore_tool(staging_, {}, default_jobs())};
        building.watch(
            [this] {
                look();
                if (is_time_to_tell_()) staging_.tell_size(watching_.filled);
            },
            disk_check_interval);
        building.write(archive);
        check_copied(to_.outcome(building.finish()));
    }

    void look() const {
        process::check_cancelled();
        require_disk_space(to_.service());
    }

    const Session& from_;
    const Session& to_;
    const StagingDatabase& staging_;
    const CloneProgress& watching_;
    mutable EverySecond is_time_to_tell_;
};

// Small data are copied before several programs have begun. Nothing is discarded on a failure: the
// whole service goes then.
void copy_data(const Session& from, const Session& to, std::int64_t size,
               const CloneProgress& watching) {
    constexpr std::int64_t worth_it = 64L * 1024 * 1024;
    StagingDatabase staging{to};
    staging.make();
    SessionTerminator reading{from};
    SessionTerminator writing{to};
    const Copy copy{from, to, staging, watching};
    if (size < worth_it) {
        copy.whole();
    } else {
        copy.in_parts();
    }
    reading.done();
    writing.done();
    process::check_cancelled();
    staging.put_in_place();
}

void copy_by_files(const Session& from, const Session& to, const std::string& place,
                   std::int64_t size, const CloneProgress& watching) {
    copy_files(from, to, place, [&](std::uint64_t copied) {
        process::check_cancelled();
        require_disk_space(to.service());
        if (watching.copied) watching.copied(copied, static_cast<std::uint64_t>(size));
    });
}

}  // namespace

service::Settings settings_like(const service::Record& record, const service::Settings& wanted) {
    service::Settings settings = service::settings_of(record);
    service::Settings further = wanted;
    if (auto& image = further[Setting::image]) {
        // A version that stands in the image's name takes the place of the source's.
        service::Record named;
        service::set_reference(named, *image);
        image = named.image;
        if (!named.image_version.empty()) settings[Setting::image_version] = named.image_version;
    }
    settings.take(further);
    return settings;
}

service::Service clone(const service::Service& source, const std::string& name,
                       const server::Options& options, const CloneProgress& watching) {
    check_free_name(source.context(), name);
    service::check_visible_image(source.context(), options.settings);
    const Session from{source, Use::reading};
    server::Options like = options;
    like.command = "clone";
    like.settings = settings_like(record_of(source, from.container()), options.settings);
    check_major(source.context(), like.settings, from);
    std::int64_t size = 0;
    {
        auto server = from.own();
        size = pg::size(server, from.database());
    }
    require_disk_space(service::at(source.context(), name), static_cast<std::uint64_t>(size));
    // Nothing is made yet: until here a signal may end us as it likes.
    const process::Cancellation interrupt;
    // No service before it has its data: killed on the way it is made anew by the next clone or
    // create of the name, and a failure takes it away.
    like.fill = [&](const service::Service& made) {
        process::check_cancelled();
        host::info1("Copying data from " + source.name + " to " + name);
        const Session to{made, Use::locked};
        const auto place = size >= worth_files ? place_to_copy(from, to) : std::nullopt;
        if (place) {
            copy_by_files(from, to, *place, size, watching);
        } else {
            copy_data(from, to, size, watching);
        }
    };
    const std::string nothing_made =
        "There is no service " + name + ", and " + source.name + " is what it was.";
    try {
        return server::create(source.context(), name, like);
    } catch (const process::Cancelled& interrupted) {
        throw Error{interrupted.what(), nothing_made};
    } catch (const pg::CommitInDoubt& undecided) {  // of a database that went with the new service
        throw Error{undecided.what(), nothing_made};
    }
}

}  // namespace transfer

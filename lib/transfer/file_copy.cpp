// Clone by the server's files: as fast as the disk, whatever the data are.
#include "transfer/file_copy.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

#include "error/error.h"
#include "pg/base_backup.h"
#include "pg/databases.h"
#include "process/child.h"
#include "process/process.h"
#include "server/container.h"
#include "server/ready.h"
#include "service/record.h"
#include "transfer/import.h"
#include "transfer/staging_database.h"

namespace transfer {

namespace {

// The server writes all of it to the disk before it works: at 100 MB a second an hour is 360 GB.
constexpr std::chrono::hours start_patience{1};

// Run by root in a container of the image; $1 is where the server's data lie below the two mounts.
// The kilobytes so far go to standard output, and `copied` when all but the log is there. Then come
// the names of the log's first and last file, and the label, each on its lines. What is kept of the
// new server is its configuration, its certificate, and folders whose contents belong to a running
// one. What goes away while it is copied is no loss: the log says so too.
constexpr const char* script = R"sh(
LC_ALL=C
export LC_ALL
from=/from$1
to=/to$1
reporter=
fail() {
    echo "error: $*" >&2
    exit 1
}
trap '[ -z "$reporter" ] || kill "$reporter" 2>/dev/null' EXIT
is_kept() {
    case $1 in
        postgresql.conf | postgresql.auto.conf | pg_hba.conf | pg_ident.conf | server.key | server.crt) ;;
        pg_wal | pg_replslot | pg_dynshmem | pg_notify | pg_serial | pg_snapshots | pg_stat_tmp | pg_subtrans) ;;
        *) return 1 ;;
    esac
}
is_left() {
    case $1 in
        postmaster.* | backup_label* | tablespace_map* | current_logfiles* | log | pg_log | dokku_postgres_*) ;;
        *) is_kept "$1" && return ;;
    esac
}
copy() {
    said=$(cp -a -- "$1" "$2" 2>&1) && return
    code=$?
    odd=$(printf '%s\n' "$said" | grep -v -e 'No such file or directory$' -e '/pg_internal\.init') || odd=
    [ "$code" -lt 126 ] && [ -n "$said" ] && [ -z "$odd" ] || fail "${odd:-cp ended with $code}"
}
cd "$to" && [ -d "$from/global" ] && [ ! -L "$from/pg_wal" ] || fail 'the data are not where they should be'
for entry in * .[!.]*; do
    is_kept "$entry" || rm -rf -- "$entry" || exit 1
done
find pg_wal pg_subtrans -type f -exec rm -f -- {} + || exit 1
while sleep 1; do du -sk .; done &
reporter=$!
for path in "$from"/* "$from"/.[!.]*; do
    [ -e "$path" ] || continue
    is_left "${path##*/}" || copy "$path" .
done
du -sk .
echo copied
read -r first && read -r last || exit 1
label=$(cat)
for path in "$from"/pg_wal/*; do
    name=${path##*/}
    case $name in
        *.history) ;;
        *[!0-9A-F]*) continue ;;
        *) { [ "$name" \< "$first" ] || [ "$name" \> "$last" ]; } && continue ;;
    esac
    copy "$path" pg_wal/
done
[ -n "$label" ] && [ -f "pg_wal/$first" ] && [ -f "pg_wal/$last" ] || fail 'the log is not whole'
umask 077
printf '%s\n' "$label" >backup_label && chown "$(stat -c %u:%g PG_VERSION)" backup_label
)sh";

// What two servers must have in common.
struct Server {
    std::string libraries;  // loaded when it starts
    std::string place;      // of the data, in the service's own folder for them
};

// Nothing when the data are elsewhere.
std::optional<Server> look_at(const Session& session, pg::Connection& server) {
    const std::string directory = pg::setting(server, "data_directory");
    const std::string folder = (session.service().host_folder / "data").string();
    for (const auto& mount : session.container().mounts) {
        if (mount.source != folder || !directory.starts_with(mount.target)) continue;
        const std::string place = directory.substr(mount.target.size());
        if (place.empty() || place.front() == '/')
            return Server{pg::setting(server, "shared_preload_libraries"), place};
    }
    return {};
}

engine::Spec copier(const Session& from, const Session& to, const std::string& place) {
    engine::Spec spec = server::helper_of(to.service(), to.container().image_id);
    spec.mounts = {{.source = (from.service().host_folder / "data").string(),
                    .target = "/from",
                    .read_only = true},
                   {.source = (to.service().host_folder / "data").string(), .target = "/to"}};
    spec.arguments = {"sh", "-c", script, "sh", place};
    return spec;
}

// What a program prints, line by line.
class Lines {
public:
    explicit Lines(process::Drain& drain) : drain_(drain) {}

    /// Nothing at the end.
    std::optional<std::string> next() {
        constexpr std::size_t longest = 4096;
        auto end = buffer_.find('\n');
        while (end == std::string::npos) {
            char block[256];
            const auto size = drain_.read(block, sizeof block);
            if (size == 0) return {};
            buffer_.append(block, size);
            if (buffer_.size() > longest) throw Error{"the container said what is no number"};
            end = buffer_.find('\n');
        }
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
    }

private:
    process::Drain& drain_;
    std::string buffer_;
};

std::uint64_t leading_number(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

void copy(const Session& from, const engine::Spec& spec,
          const std::function<void(std::uint64_t)>& look) {
    std::uint64_t copied = 0;
    pg::BaseBackup backup{from.dedicated()};
    process::Pipe told;
    process::Drain copying{from.service().engine().throw_away(spec), told.read.get()};
    told.read.close();
    copying.watch([&] { look(copied); }, std::chrono::seconds{1});
    Lines lines{copying};
    auto line = lines.next();
    for (; line && *line != "copied"; line = lines.next()) {
        copied = leading_number(*line) * 1024;
    }
    if (line) {
        look(copied);
        const auto end = backup.finish();
        process::write_to(told.write.get(), end.first_log + "\n" + end.last_log + "\n" + end.label);
    }
    told.write.close();
    while (lines.next()) continue;
    const auto result = copying.finish();
    if (!result.ok()) throw Error{"the data could not be copied: " + reason_of(result.err)};
}

// Under which name and password a service's data are found.
void set_access(const service::Service& service, const std::string& database,
                const std::string& password) {
    auto record = service::read_record(service);
    record.database = database;
    service::write_record(service, record);
    service::write_password(service, password);
}

}  // namespace

std::optional<std::string> place_to_copy(const Session& from, const Session& to) {
    if (!pg::has(from.major(), pg::Feature::file_copies)) return {};
    if (from.container().image_id != to.container().image_id || from.user() != to.user()) return {};
    auto source = from.own();
    auto target = to.own();
    const auto present = look_at(from, source);
    const auto wanted = look_at(to, target);
    if (!present || !wanted || present->place != wanted->place) return {};
    if (present->libraries != wanted->libraries || !pg::is_alone(source)) return {};
    return present->place;
}

void copy_files(const Session& from, const Session& to, const std::string& place,
                const std::function<void(std::uint64_t copied)>& look) {
    const auto& made = to.service();
    const std::string password = service::password(made);
    const auto spec = copier(from, to, place);
    made.engine().stop(to.container().id, server::stop_patience);
    copy(from, spec, look);
    // A service whose clone is killed from here on is made anew, whatever it is called meanwhile.
    set_access(made, from.database(), service::password(from.service()));
    made.engine().start(to.container().id);
    server::wait_until_ready(made, start_patience);
    {
        const Session copied{made, Use::locked};
        remove_left_overs(copied);  // what an import of the source was at
        auto server = copied.beside();
        copied.close_idle();
        pg::rename(server, from.database(), to.database());
        pg::set_password(server, to.user(), password);
    }
    set_access(made, to.database(), password);
}

}  // namespace transfer

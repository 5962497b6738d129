// Export by several sessions at once, into a folder in the server's data directory, which is then
// sent as one archive.
#include "transfer/parallel_export.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dump/folder_archive.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "process/cancellation.h"
#include "process/child.h"
#include "process/process.h"
#include "transfer/disk_space.h"
#include "transfer/session_terminator.h"

namespace transfer {

namespace {

constexpr std::string_view folder_prefix = "dokku_postgres_export_";

// Removes old folders. $1 is the data directory. A folder is named after the process id of its
// script; if the container was restarted, another program may have that id.
constexpr std::string_view sweeping = R"sh(
data=$1
for old in "$data"/dokku_postgres_export_*; do
    [ -d "$old" ] || continue
    grep -q dokku_postgres_export_ "/proc/${old##*_}/cmdline" 2>/dev/null || rm -rf -- "$old"
done
)sh";

// The further arguments are the command line of pg_dump. If our side ends, the script notices the
// end of its input: the engine itself would read the output to its end and drop it. The output has
// the format of pass_folder().
constexpr std::string_view dumping = R"sh(
umask 077
shift
folder=$data/dokku_postgres_export_$$
work=
watcher=
leave() {
    trap '' HUP INT TERM PIPE
    [ -z "$work" ] || kill "$work" 2>/dev/null
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null
    wait
    rm -rf -- "$folder"
}
trap leave EXIT
trap 'exit 143' HUP INT TERM PIPE
rm -rf -- "$folder"
mkdir -- "$folder" || exit 1
exec 3<&0 </dev/null
{
    read -r _ <&3
    kill -TERM $$
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-
"$@" --file="$folder" &
work=$!
wait "$work" || exit
work=
cd -- "$folder" || exit 1
list() {
    pg_restore --list . | while IFS='; ' read -r id catalog oid kind rest; do
        case $id in '' | *[!0-9]*) continue ;; esac
        if [ "$kind" = BLOBS ]; then
            for contents in "blobs_$id.toc" blobs.toc; do
                [ -e "$contents" ] || continue
                echo "$contents"
                suffix=.zst
                read -r oid name <"$contents" && [ -e "$name" ] && suffix=
                sed "s/^[0-9]* //; s/\$/$suffix/" "$contents"
                break
            done
        else
            for name in "$id.dat" "$id.dat.zst"; do
                [ ! -e "$name" ] || echo "$name"
            done
        fi
    done >files
}
table() { stat -c %s toc.dat && cat toc.dat; }
# Up to 500 files at a time. Their names have only digits, letters, dots and underscores.
some() {
    while [ "$#" -lt 500 ] && read -r name; do set -- "$@" "$name"; done
    some=$*
    [ -n "$some" ]
}
sizes() { while some; do stat -c '%s %n' $some || return 1; done; }
contents() { while some; do stat -c '%s %n' $some && echo && cat -- $some || return 1; done; }
# The server is the container's first process and adopts orphans. Before PostgreSQL 18 it takes an orphan that ends by a
# signal or with another code than 0 or 1 for a crashed backend. So xargs, which ends with 123, is not used, and a program
# that cannot write any more ends with 1.
send() {
    trap '' PIPE
    list && table && sizes <files && echo && table && contents <files && echo
}
send &
work=$!
wait "$work" || exit
work=
)sh";

// The sessions fill a disk as fast as the page cache accepts data, and stop some time after they
// are told to. This much is kept free for that, besides the server's reserve.
constexpr std::uint64_t reserve = 400ULL * 1000 * 1000;

// Writes the archive and reports progress.
class Output {
public:
    Output(int out, const ExportCallbacks& callbacks) : out_(out), callbacks_(callbacks) {}

    // Passes all the script's output; false if it ends too early.
    bool pass(process::Drain& drain) {
        try {
            dump::pass_folder([&](char* into, std::size_t size) { return drain.read(into, size); },
                              [this](std::uint64_t size) { all_ = size; },
                              [this](std::string_view bytes) { write(bytes); });
        } catch (const dump::CutOff&) {
            return false;
        }
        return true;
    }
    void tick() const {
        process::check_cancelled();
        if (callbacks_.watch) callbacks_.watch(written_, all_);
    }

private:
    void write(std::string_view bytes) {
        process::write_to(out_, bytes, [this] { tick(); });
        written_ += bytes.size();
        tick();
    }

    int out_;
    const ExportCallbacks& callbacks_;
    std::uint64_t written_ = 0;
    std::optional<std::uint64_t> all_;
};

// An estimate of a dump's size: seldom more than a third of the database, often far less, because
// it has no indexes and no dead rows. It only refuses early what cannot succeed; during the export
// the free space is checked again and again.
std::uint64_t estimate(pg::Connection& server, const Session& session, const ExportOptions& how) {
    constexpr std::uint64_t packed_share = 4;
    constexpr std::uint64_t plain_share = 2;
    const auto size = static_cast<std::uint64_t>(pg::size(server, session.database()));
    return size / (how.compress == "none" || how.compress == "0" ? plain_share : packed_share);
}

std::vector<std::string> script_words(std::string_view script, const std::string& data) {
    return {"sh", "-c", std::string(sweeping) + std::string(script), "sh", data};
}

}  // namespace

void dump_in_parallel(const Session& session, const ExportOptions& how, int out,
                      const ExportCallbacks& callbacks) {
    std::string data;
    {
        auto server = session.own();
        require_disk_space(session.service(), reserve + estimate(server, session, how));
        data = pg::setting(server, "data_directory");
    }
    std::vector<std::string> words = script_words(dumping, data);
    for (auto& word : dump_words(how, session.major())) words.push_back(std::move(word));

    SessionTerminator ending{session};
    process::Pipe held;  // open until we end
    process::Drain drain{
        session.work({.words = words, .database = session.database(), .input = true}),
        held.read.get()};
    held.read.close();
    Output output{out, callbacks};
    drain.watch(
        [&] {
            output.tick();
            require_disk_space(session.service(), reserve);
        },
        disk_check_interval);
    const bool whole = output.pass(drain);
    const auto result = session.outcome(drain.finish());
    process::check_cancelled();
    check_end(result, callbacks);
    if (!whole) throw dump::not_understood();
    ending.done();
}

void remove_leftovers(const Session& session) {
    std::string data;
    try {
        auto server = session.own();
        if (pg::data_files(server, std::string(folder_prefix)).empty()) return;
        data = pg::setting(server, "data_directory");
    } catch (const pg::Failure& failure) {
        host::debug(failure.what());  // leftovers are no reason to fail
        return;
    }
    process::run(session.tool({.words = script_words("", data), .database = session.database()}));
}

}  // namespace transfer

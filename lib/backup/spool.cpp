// An archive laid on the server's own volume as a file without a name, for a restore by several
// sessions.
#include "backup/spool.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "backup/restore.h"
#include "pg/databases.h"
#include "service/words.h"

namespace backup {

namespace {

// The file loses its name before it gets its first byte: a kill in between leaves an empty one,
// which the next run removes. pg_restore's sessions open it each for itself, by its descriptor.
// What stands behind the last block of an archive pg_restore does not read.
constexpr const char* spool = R"sh(umask 077
folder=$1 end=$2
shift 2
rm -f "$folder"/dokku_postgres_spool_*
file=$(mktemp "$folder/dokku_postgres_spool_XXXXXX") || exit 1
exec 9<>"$file"
rm -f "$file"
cat >&9 || exit 1
if [ "$(tail -c ${#end} /proc/self/fd/9)" != "$end" ]; then
    echo 'error: the dump did not arrive whole' >&2
    exit 1
fi
exec "$@" /proc/self/fd/9 </dev/null
)sh";

}  // namespace

std::string spool_end() {
    constexpr std::size_t bytes = 32;
    return service::random_hex(bytes);
}

process::Command spool_tool(const Replacement& replacement, bool grants, int jobs,
                            const std::string& end) {
    auto server = replacement.session().own();
    const std::string folder = pg::setting(server, "data_directory");
    std::vector<std::string> words = {"sh", "-c", spool, "sh", folder, end};
    const auto restore = archive_words(replacement.name(), grants);
    words.insert(words.end(), restore.begin(), restore.end());
    words.push_back("--jobs=" + std::to_string(jobs));
    return replacement.tool(words, jobs);
}

int default_jobs() {
    constexpr long most = 8;
    return static_cast<int>(std::clamp(::sysconf(_SC_NPROCESSORS_ONLN) + 1, 2L, most));
}

}  // namespace backup

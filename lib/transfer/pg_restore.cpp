// pg_restore of the service's image.
#include "transfer/pg_restore.h"

#include <unistd.h>

#include <algorithm>

#include "pg/databases.h"

namespace transfer {

namespace {

// The file is unlinked while it is empty. If this is killed before that, the next run removes the
// empty file. Each session of pg_restore opens the file by its descriptor.
constexpr const char* by_several = R"sh(umask 077
folder=$1
shift
rm -f "$folder"/dokku_postgres_contents_*
file=$(mktemp "$folder/dokku_postgres_contents_XXXXXX") || exit 1
exec 9<>"$file"
rm -f "$file"
cat >&9 || exit 1
exec "$@" /proc/self/fd/9 </dev/null
)sh";

}  // namespace

std::vector<std::string> restore_words(const std::string& database, const RestoreOptions& how) {
    std::vector<std::string> words = {"pg_restore", "--format=custom", "--verbose", "--no-owner",
                                      "--no-password"};
    if (!how.lenient) words.emplace_back("--exit-on-error");
    if (!how.grants) words.emplace_back("--no-acl");
    words.push_back("--dbname=" + database);
    return words;
}

std::vector<std::string> script_words(const RestoreOptions& how) {
    std::vector<std::string> words = {"pg_restore", "--format=custom", "--no-owner", "--file=-"};
    if (!how.grants) words.emplace_back("--no-acl");
    return words;
}

process::Command restore_tool(const StagingDatabase& staging, const RestoreOptions& how, int jobs) {
    const auto restore = restore_words(staging.name(), how);
    if (jobs == 1) return staging.tool(restore);
    auto server = staging.session().own();
    const std::string folder = pg::setting(server, "data_directory");
    std::vector<std::string> words = {"sh", "-c", by_several, "sh", folder};
    words.insert(words.end(), restore.begin(), restore.end());
    words.push_back("--jobs=" + std::to_string(jobs));
    return staging.tool(words, jobs);
}

int default_jobs() {
    constexpr long most = 64;
    return static_cast<int>(std::clamp(::sysconf(_SC_NPROCESSORS_ONLN), 1L, most));
}

}  // namespace transfer

// The plugin's manual page, where `man dokku-postgres` finds it.
#include "host/manual_page.h"

#include <unistd.h>

#include "error/error.h"

namespace host {

namespace {

namespace fs = std::filesystem;

constexpr const char* page = "share/man/man1/dokku-postgres.1";

fs::path link_in(const fs::path& manual) { return manual / fs::path{page}.filename(); }

// The plugin may have been in another folder when the link was made.
bool is_ours(const fs::path& link) {
    std::error_code no_link;
    const fs::path target = fs::read_symlink(link, no_link);
    return !no_link && target.string().ends_with(std::string{"/"} + page);
}

void check(const std::error_code& problem, const fs::path& link) {
    if (problem)
        throw Error{"cannot change the link '" + link.string() + "': " + problem.message()};
}

}  // namespace

fs::path manual_of(const Environment& environment) {
    if (::geteuid() != 0 || environment.lib_root != "/var/lib/dokku") return {};
    return "/usr/local/share/man/man1";
}

void link_manual_page(const fs::path& manual, const fs::path& plugin) {
    if (manual.empty()) return;
    const fs::path link = link_in(manual);
    std::error_code problem;
    if (fs::symlink_status(link, problem).type() != fs::file_type::not_found) {
        if (!is_ours(link)) return;
        unlink_manual_page(manual);
    }
    fs::create_directories(manual, problem);
    check(problem, link);
    fs::create_symlink(plugin / page, link, problem);
    check(problem, link);
}

void unlink_manual_page(const fs::path& manual) {
    if (manual.empty()) return;
    const fs::path link = link_in(manual);
    if (!is_ours(link)) return;
    std::error_code problem;
    fs::remove(link, problem);
    check(problem, link);
}

}  // namespace host

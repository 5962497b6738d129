// lib/host/manual_page: a link of ours in the host's manual, and nothing of anybody else's.
#include "host/manual_page.h"

#include <fstream>

#include "error/error.h"
#include "fakes/catch.h"
#include "host_unit/stand_in.h"

namespace {

namespace fs = std::filesystem;

struct Manual {
    host_unit::Folder root;
    fs::path folder = root / "man/man1";
    fs::path link = folder / "dokku-postgres.1";
};

}  // namespace

TEST_CASE("the manual page is linked, again after the plugin moved, and removed", "[host]") {
    const Manual manual;
    host::link_manual_page(manual.folder, "/old");
    host::link_manual_page(manual.folder, "/new");
    CHECK(fs::read_symlink(manual.link) == "/new/share/man/man1/dokku-postgres.1");
    host::unlink_manual_page(manual.folder);
    CHECK_FALSE(fs::exists(fs::symlink_status(manual.link)));
    CHECK_NOTHROW(host::unlink_manual_page(manual.folder));
}

TEST_CASE("a manual page that is not ours stays", "[host]") {
    const Manual manual;
    fs::create_directories(manual.folder);
    SECTION("a file") { std::ofstream{manual.link} << "theirs"; }
    SECTION("a link") { fs::create_symlink("/elsewhere.1", manual.link); }
    host::link_manual_page(manual.folder, "/new");
    host::unlink_manual_page(manual.folder);
    CHECK(fs::exists(fs::symlink_status(manual.link)));
    if (fs::is_symlink(manual.link)) CHECK(fs::read_symlink(manual.link) == "/elsewhere.1");
}

TEST_CASE("without a manual nothing is linked, and one that cannot be changed is an Error",
          "[host]") {
    const Manual manual;
    std::ofstream{manual.root / "man"} << "no folder";
    CHECK_THROWS_AS(host::link_manual_page(manual.folder, "/new"), Error);
    CHECK_NOTHROW(host::link_manual_page({}, "/new"));
    CHECK_NOTHROW(host::unlink_manual_page({}));
    host::Environment elsewhere;
    elsewhere.lib_root = "/srv/dokku";
    CHECK(host::manual_of(elsewhere).empty());
}

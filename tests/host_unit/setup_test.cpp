// lib/host/setup: folders and owners, as root and as anybody.
#include "host/setup.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "error/error.h"
#include "fakes/catch.h"
#include "host_unit/stand_in.h"

namespace {

namespace fs = std::filesystem;

struct stat state(const fs::path& path) {
    struct stat now {};
    REQUIRE(lstat(path.c_str(), &now) == 0);
    return now;
}

// Root gives to nobody, anybody else can only be given what is his.
host::Environment as(const char* user) {
    host::Environment environment;
    const passwd* entry = user == nullptr ? getpwuid(geteuid()) : getpwnam(user);
    REQUIRE(entry != nullptr);
    environment.system_user = entry->pw_name;
    const group* group = getgrgid(entry->pw_gid);
    REQUIRE(group != nullptr);
    environment.system_group = group->gr_name;
    return environment;
}

void touch(const fs::path& path) { std::ofstream{path} << "x"; }

}  // namespace

TEST_CASE("make_folder makes what is missing and sets the mode of its own", "[host]") {
    const host_unit::Folder root;
    const auto environment = as(nullptr);
    host::make_folder(environment, root / "a/b/c", 0700);
    CHECK((state(root / "a/b").st_mode & 07777U) == 0755);
    CHECK((state(root / "a/b/c").st_mode & 07777U) == 0700);
    host::make_folder(environment, root / "a/b/c", 0750);
    CHECK((state(root / "a/b/c").st_mode & 07777U) == 0750);

    fs::create_directory(root / "elsewhere");
    fs::permissions(root / "elsewhere", fs::perms{0711});
    fs::create_directory_symlink(root / "elsewhere", root / "link");
    host::make_folder(environment, root / "link", 0700);
    CHECK((state(root / "elsewhere").st_mode & 07777U) == 0711);

    touch(root / "file");
    CHECK_THROWS_AS(host::make_folder(environment, root / "file", 0700), Error);
}

TEST_CASE("own answers for anybody and gives for root", "[host]") {
    const host_unit::Folder root;
    touch(root / "mine");
    CHECK(host::give_to_dokku(as(nullptr), root / "mine"));
    CHECK_FALSE(host::give_to_dokku(as(nullptr), root / "none"));
    auto nobody_there = as(nullptr);
    nobody_there.system_user = "no-such-user-here";
    CHECK_FALSE(host::give_to_dokku(nobody_there, root / "mine"));
    if (geteuid() == 0) {
        CHECK(host::give_to_dokku(as("nobody"), root / "mine"));
        CHECK(state(root / "mine").st_uid == getpwnam("nobody")->pw_uid);
    }
}

TEST_CASE("give_all_to_dokku gives what is root's, no link's target, nothing of a container's user",
          "[host]") {
    const host_unit::Folder root;
    fs::create_directories(root / "svc/sub/deep");
    fs::create_directories(root / "svc/data/deep");
    touch(root / "outside");
    for (const char* file :
         {"svc/LINKS", "svc/sub/deep/file", "svc/data/deep/file", "svc/foreign"}) {
        touch(root / file);
    }
    fs::create_symlink(root / "outside", root / "svc/link");
    if (geteuid() != 0) {
        CHECK(host::give_all_to_dokku(as(nullptr), root / "svc"));
        return;
    }
    REQUIRE(chown((root / "svc/foreign").c_str(), 999, 999) == 0);
    const auto environment = as("nobody");
    const uid_t nobody = getpwnam("nobody")->pw_uid;
    CHECK(host::give_all_to_dokku(environment, root / "svc", {"data"}));
    for (const char* path : {"svc", "svc/LINKS", "svc/sub/deep", "svc/sub/deep/file", "svc/link"}) {
        CHECK(state(root / path).st_uid == nobody);
    }
    CHECK(state(root / "svc/foreign").st_uid == 999);
    CHECK(state(root / "svc/data").st_uid == 0);
    CHECK(state(root / "svc/data/deep/file").st_uid == 0);
    CHECK(state(root / "outside").st_uid == 0);
    CHECK_FALSE(host::give_all_to_dokku(environment, root / "svc/link"));
}

TEST_CASE("setup_properties asks Dokku's own helper", "[host]") {
    host_unit::StandIn host;
    host.script(host.prop(), "");
    host::setup_properties(host.environment);
    const auto calls = host.calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].args == std::vector<std::string>{"setup", "postgres"});
    host.script(host.prop(), "exit 1");
    CHECK_THROWS_AS(host::setup_properties(host.environment), Error);
}

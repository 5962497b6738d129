// Files written whole, with the mode they keep.

#include "state/files.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"

namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

std::size_t entries_of(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a file is replaced whole, with its mode whatever the umask", "[files]") {
    const fakes::World world;
    const mode_t before = ::umask(077);
    state::write_file(world.root / "plain", "a\n", state::plain);
    ::umask(before);
    state::write_file(world.root / "secret", "b", state::secret);
    CHECK(mode_of(world.root / "plain") == 0644);
    CHECK(mode_of(world.root / "secret") == 0600);
    state::write_file(world.root / "plain", "c", state::plain);
    CHECK(state::read_file(world.root / "plain") == "c");
}

TEST_CASE("what a killed run left is overwritten, not gathered", "[files]") {
    const fakes::World world;
    fs::create_directory(world.root / "x");
    fakes::World::write(world.root / "x" / ".name.new", "half");
    state::write_file(world.root / "x" / "name", "whole", state::plain);
    CHECK(state::read_file(world.root / "x" / "name") == "whole");
    CHECK(entries_of(world.root / "x") == 1);
}

TEST_CASE("a write that fails leaves the old file and no other", "[files]") {
    const fakes::World world;
    fs::create_directories(world.root / "x" / "folder" / "inner");
    CHECK_THROWS_AS(state::write_file(world.root / "x" / "folder", "text", state::plain), Error);
    CHECK(fs::is_directory(world.root / "x" / "folder"));
    CHECK(entries_of(world.root / "x") == 1);
}

TEST_CASE("a link or a pipe in a file's place is not read", "[files]") {
    const fakes::World world;
    fakes::World::write(world.root / "target", "x");
    fs::create_symlink(world.root / "target", world.root / "link");
    REQUIRE(::mkfifo((world.root / "pipe").c_str(), 0600) == 0);
    CHECK_THROWS_AS(state::read_file(world.root / "link"), Error);
    CHECK_THROWS_AS(state::read_file(world.root / "pipe"), Error);
    CHECK_THROWS_AS(state::read_file(world.root), Error);
    state::write_file(world.root / "link", "new", state::plain);
    CHECK(state::read_file(world.root / "target") == "x");
    CHECK(state::read_file(world.root / "link") == "new");
}

TEST_CASE("what is no file is not even opened: a device may act on it", "[files]") {
    const fakes::World world;
    const auto path = world.root / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    REQUIRE(::inotify_add_watch(watch, path.c_str(), IN_OPEN) >= 0);
    char event[4096];
    CHECK_THROWS_AS(state::read_file(path), Error);
    CHECK(::read(watch, event, sizeof event) < 0);
    REQUIRE(::close(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == 0);
    CHECK(::read(watch, event, sizeof event) > 0);
    ::close(watch);
}

TEST_CASE("texts are read leniently, and no more than a mebibyte of them", "[files]") {
    const fakes::World world;
    const auto path = world.root / "file";
    CHECK_FALSE(state::read_file(path));
    fakes::World::write(path, " \n\t\n");
    CHECK_FALSE(state::read_trimmed(path));
    CHECK(state::read_lines(path).empty());
    fakes::World::write(path, "  a \r\n\n b");
    CHECK(state::read_trimmed(path) == "a \r\n\n b");
    CHECK(state::read_lines(path) == std::vector<std::string>{"a", "b"});
    fakes::World::write(path, std::string(1024 * 1024 + 1, 'x'));
    CHECK_THROWS_AS(state::read_file(path), Error);
}

TEST_CASE("a folder is made with its parents, and a link is none", "[files]") {
    const fakes::World world;
    state::make_folder(world.root / "a" / "b", 0700);
    state::make_folder(world.root / "a" / "b", 0755);
    CHECK(mode_of(world.root / "a") == 0755);
    CHECK(mode_of(world.root / "a" / "b") == 0700);
    fs::create_directory_symlink(world.root / "a", world.root / "link");
    CHECK_THROWS_AS(state::make_folder(world.root / "link", 0755), Error);
    state::remove_file(world.root / "nothing");
}

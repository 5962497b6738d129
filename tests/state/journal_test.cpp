// The journal of an operation: what is written is what is read, and what is broken is named.

#include "state/journal.h"

#include <sys/stat.h>

#include <filesystem>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"

using fakes::World;

TEST_CASE("a journal comes back as it was written, closed to others", "[journal]") {
    const World world;
    CHECK_FALSE(state::read_journal(world.root));
    const state::Journal journal{.operation = "upgrade",
                                 .arguments = {"postgres:17", "a \"b\"\n\xff"},
                                 .step = "container",
                                 .memory = {{"image", "sha256:17"}, {"record", "a: \"b\"\n\x01"}},
                                 .blocks = true,
                                 .found = "service db is not finished",
                                 .finish = "Run it again."};
    state::write_journal(world.root, journal);
    CHECK(state::read_journal(world.root) == journal);
    struct stat status {};
    REQUIRE(::stat(state::journal_path(world.root).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600);
    state::remove_journal(world.root);
    CHECK_FALSE(state::read_journal(world.root));
    CHECK_NOTHROW(state::remove_journal(world.root));
}

TEST_CASE("what a killed write left goes with the journal", "[journal]") {
    const World world;
    World::write(world.root / ".operation.json.new", "{");
    state::remove_journal(world.root);
    CHECK_FALSE(std::filesystem::exists(world.root / ".operation.json.new"));
}

TEST_CASE("a journal is read leniently", "[journal]") {
    const World world;
    World::write(state::journal_path(world.root),
                 R"({"operation": "rotate", "memory": {"a": 1, "b": "two"}, "later": []})");
    const auto journal = state::read_journal(world.root);
    REQUIRE(journal);
    CHECK(journal->operation == "rotate");
    CHECK(journal->step.empty());
    CHECK(journal->memory.at("b") == "two");
    CHECK_FALSE(journal->blocks);
}

TEST_CASE("what is no journal is named", "[journal]") {
    const World world;
    for (const auto* text : {"", "{", "[]", "{}", "{\"operation\": 1}"}) {
        World::write(state::journal_path(world.root), text);
        try {
            state::read_journal(world.root);
            FAIL(text << " was read");
        } catch (const Error& error) {
            CHECK(std::string(error.what()).find("operation.json") != std::string::npos);
        }
    }
}

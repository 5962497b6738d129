// What the docker client prints beside JSON.
#include "engine/answers.h"

#include "fakes/catch.h"

TEST_CASE("the engine's own sentence is the last word", "[engine]") {
    CHECK(engine::last_message("Error response from daemon: no space\nerror: failed\n") ==
          "no space");
    CHECK(engine::last_message("cannot connect\n\nRun 'docker --help'\nSee 'docker'\n") ==
          "cannot connect");
    CHECK(engine::last_message("").empty());
}

TEST_CASE("what is missing is counted by kind", "[engine]") {
    const std::string errors = "Error: No such container: a\nno such container: b\nno such file\n";
    CHECK(engine::count_missing(errors, "container") == 2);
    CHECK(engine::count_missing(errors, "image") == 0);
}

TEST_CASE("states are found by a container's own name", "[engine]") {
    const auto found = engine::read_states("a,other/alias\trunning\nb\texited\r\nodd\n");
    CHECK(found == std::map<std::string, std::string>{{"a", "running"}, {"b", "exited"}});
}

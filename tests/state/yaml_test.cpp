// Our small YAML, and documents that are none.

#include "state/yaml.h"

#include <functional>

#include "error/error.h"
#include "fakes/catch.h"

using state::Yaml;

namespace {

std::string message_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("texts of any kind come back as they were", "[yaml]") {
    const Yaml yaml{.entries = {{"a: b", {.text = "x: 'y'\n\"z\" # - \t\x7f"}},
                                {"list", Yaml::list({"1", "", "~", "\xc3\xa4"})},
                                {"none", {}}}};
    const Yaml back = state::parse_yaml(state::to_string(yaml), "file");
    CHECK(back["a: b"].text == yaml["a: b"].text);
    CHECK(back["list"].texts() == yaml["list"].texts());
    CHECK(back.has("none"));
    CHECK(back["none"].items.empty());
    CHECK_FALSE(back.has("other"));
}

TEST_CASE("a document that is none, too deep or that grows by aliases names its file", "[yaml]") {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 8; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int j = 0; j < 9; ++j) bomb += "," + last;
        bomb += "]\n";
    }
    for (const auto& text :
         {std::string("a: [b"), std::string(50, '[') + std::string(50, ']'), bomb}) {
        CHECK(message_of([&] { state::parse_yaml(text, "links.yml"); }).find("links.yml") !=
              std::string::npos);
    }
}

TEST_CASE("a text that YAML cannot hold is refused, not changed", "[yaml]") {
    const Yaml text{.entries = {{"path", {.text = "/caf\xe9"}}}};
    const Yaml key{.entries = {{"\xff", {.text = "a"}}}};
    const Yaml no_character{.entries = {{"path", {.text = "/a\xef\xbf\xbf"}}}};
    CHECK(message_of([&] { state::to_string(text); }).find("UTF-8") != std::string::npos);
    CHECK(message_of([&] { state::to_string(no_character); }).find("UTF-8") != std::string::npos);
    CHECK(message_of([&] { state::to_string(key); }).find("UTF-8") != std::string::npos);
}

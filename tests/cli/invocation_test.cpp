// What a call's words mean by the table of its command.
#include "cli/invocation.h"

#include <stdexcept>

#include "error/error.h"
#include "fakes/catch.h"

using Words = std::vector<std::string>;

namespace {

constexpr cli::Argument link_arguments[] = {
    {"service", "valid name for the service"},
    {"app", "the app"},
};
constexpr cli::Flag link_flags[] = {
    {'a', "alias", "NAME", "the variable"},
    {'q', "querystring", "TEXT", "the query"},
    {'n', "no-restart", "", "leave the app running"},
    {0, "mount", "PATH", "a mount", true},
    {0, "timeout", "SECONDS", "how long"},
};
constexpr cli::Command linking{
    .name = "link", .summary = "link", .arguments = link_arguments, .flags = link_flags};

constexpr cli::Argument enter_arguments[] = {
    {"service", "valid name for the service"},
    {"command", "what to run", cli::verbatim},
};
constexpr cli::Flag enter_flags[] = {{'u', "user", "NAME", "as whom"}};
constexpr cli::Command enter{
    .name = "enter", .summary = "enter", .arguments = enter_arguments, .flags = enter_flags};

constexpr cli::Argument set_arguments[] = {
    {"service", "valid name for the service"},
    {"key", "the property"},
    {"value", "its value", cli::optional},
};
constexpr cli::Command setting{.name = "set", .summary = "set", .arguments = set_arguments};

constexpr cli::Argument clone_arguments[] = {
    {"service", "service to copy"},
    {"new-service", "name of the new service"},
};
constexpr cli::Command cloning{.name = "clone", .summary = "clone", .arguments = clone_arguments};

constexpr cli::Argument mount_arguments[] = {{"volume", "what to mount"}};
constexpr cli::Command mounting{.name = "mount", .summary = "mount", .arguments = mount_arguments};

constexpr cli::Argument kill_arguments[] = {
    {"service", "valid name for the service"},
    {"pid", "which", cli::rest},
};
constexpr cli::Flag kill_flags[] = {{'f', "force", "", "at once"}, {'h', "hard", "", "harder"}};
constexpr cli::Command killing{
    .name = "kill", .summary = "kill", .arguments = kill_arguments, .flags = kill_flags};

std::string refusal(const cli::Command& command, const Words& words) {
    try {
        cli::parse(command, words);
    } catch (const Error& e) {
        CHECK(e.code() == Exit::usage);
        CHECK(e.hint() == "Type 'dokku postgres:help " + std::string(command.name) +
                              "' for its arguments and flags.");
        return e.what();
    }
    return "";
}

}  // namespace

TEST_CASE("flags stand before, between and after arguments", "[cli]") {
    const Words orders[] = {
        {"--alias", "X", "-n", "db", "shop"},
        {"db", "-na", "X", "shop"},
        {"db", "shop", "--no-restart", "--alias=X"},
        {"-aX", "-n", "--", "db", "shop"},
    };
    for (const Words& words : orders) {
        const auto given = cli::parse(linking, words);
        CHECK(given["service"] == "db");
        CHECK(given["app"] == "shop");
        CHECK(given["alias"] == "X");
        CHECK(given.has("no-restart"));
        CHECK_FALSE(given.has("querystring"));
        CHECK(given.find("querystring") == std::nullopt);
    }
}

TEST_CASE("a value may look like a flag, or be empty", "[cli]") {
    CHECK(cli::parse(linking, {"db", "shop", "-q", "--args --go=here"})["querystring"] ==
          "--args --go=here");
    CHECK(cli::parse(linking, {"db", "shop", "--querystring=-n"})["querystring"] == "-n");
    CHECK(cli::parse(linking, {"db", "shop", "--querystring=a=b"})["querystring"] == "a=b");
    const auto empty = cli::parse(linking, {"db", "shop", "--querystring="});
    CHECK(empty.has("querystring"));
    CHECK(empty["querystring"].empty());
    CHECK(cli::parse(linking, {"db", "shop", "--querystring", ""})["querystring"].empty());
    CHECK(cli::parse(linking, {"db", "shop", "-q", "--alias="})["querystring"] == "--alias=");
}

TEST_CASE("a word too many is answered with an example", "[cli]") {
    constexpr cli::Example examples[] = {{"load it", "dokku postgres:load db < db.dump"}};
    const cli::Command loading{
        .name = "load", .summary = "load", .arguments = link_arguments, .examples = examples};
    try {
        cli::parse(loading, {"db", "shop", "db.dump"});
        FAIL("taken");
    } catch (const Error& e) {
        CHECK(e.hint() ==
              "For example: dokku postgres:load db < db.dump\n"
              "Type 'dokku postgres:help load' for its arguments and flags.");
    }
}

TEST_CASE("of a flag given twice the last counts; a repeated one keeps all", "[cli]") {
    CHECK(cli::parse(linking, {"db", "shop", "-a", "X", "-a", "Y"})["alias"] == "Y");
    CHECK(cli::parse(linking, {"--mount", "/a", "db", "shop", "--mount=/b"}).all("mount") ==
          Words{"/a", "/b"});
    CHECK(cli::parse(linking, {"db", "shop"}).all("mount").empty());
}

TEST_CASE("what the table does not know is refused by name", "[cli]") {
    CHECK(refusal(linking, {"db", "shop", "--frob"}) == "unknown flag '--frob'");
    CHECK(refusal(linking, {"db", "shop", "--no-rest"}) == "unknown flag '--no-rest'");
    CHECK(refusal(linking, {"db", "shop", "-z"}) == "unknown flag '-z'");
    CHECK(refusal(linking, {"db", "shop", "--version", "17"}) == "unknown flag '--version'");
    CHECK(refusal(linking, {"db", "shop", "extra"}) == "'extra' is a word too many");
    CHECK(refusal(linking, {"db", "shop", "--alias"}) == "flag '--alias' needs a value");
    CHECK(refusal(linking, {"db", "shop", "--no-restart=yes"}) ==
          "flag '--no-restart' takes no value");
    CHECK(refusal(linking, {"db", "shop", "--no-restart="}) ==
          "flag '--no-restart' takes no value");
    CHECK(refusal(linking, {"db", "shop", "--frob="}) == "unknown flag '--frob'");
    // placeholders of Program_options, whose own message for them never ends
    for (const std::string name : {"--%option%", "--%canonical_option%"})
        CHECK(refusal(linking, {"db", "shop", name + "="}) == "unknown flag '" + name + "'");
}

TEST_CASE("an unknown flag is named without its value, which may be a secret", "[cli]") {
    CHECK(refusal(linking, {"db", "--pasword=hunter2"}) == "unknown flag '--pasword'");
}

TEST_CASE("a missing argument has the text that scripts know", "[cli]") {
    CHECK(refusal(linking, {}) == "Please specify a valid name for the service");
    CHECK(refusal(linking, {""}) == "Please specify a valid name for the service");
    CHECK(refusal(linking, {"", "shop"}) == "Please specify a valid name for the service");
    CHECK(refusal(linking, {"db"}) == "Please specify an app to run the command on");
    CHECK(refusal(setting, {"db"}) == "No key specified");
    CHECK(refusal(cloning, {"db"}) == "Please specify a name for the new service");
    CHECK(refusal(mounting, {}) == "missing argument 'volume'");
}

TEST_CASE("an optional argument may be absent or empty", "[cli]") {
    CHECK(cli::parse(setting, {"db", "key"}).find("value") == std::nullopt);
    CHECK(cli::parse(setting, {"db", "key", ""}).find("value") == std::nullopt);
    CHECK(cli::parse(setting, {"db", "key", "v"}).find("value") == "v");
}

TEST_CASE("words that Dokku leaves in place are taken by every command", "[cli]") {
    const auto given = cli::parse(setting, {"--quiet", "db", "--force", "key", "--trace"});
    CHECK(given["service"] == "db");
    CHECK(given["key"] == "key");
    CHECK_FALSE(given.has("force"));
    CHECK(cli::parse(killing, {"db", "--force"}).has("force"));
    CHECK(cli::parse(killing, {"db", "-f"}).has("force"));
    CHECK(cli::parse(setting, {"db", "key", "--app", "shop"}).find("app") == "shop");
}

TEST_CASE("--app stands for the argument of that name", "[cli]") {
    CHECK(cli::parse(linking, {"db", "--app", "shop", "--alias", "X"})["app"] == "shop");
    CHECK(cli::parse(linking, {"db", "shop", "--app=shop"})["app"] == "shop");
    CHECK(refusal(linking, {"db", "shop", "--app", "other"}) ==
          "two apps are given, 'shop' and --app 'other'");
    CHECK(refusal(linking, {"db", "--app="}) == "Please specify an app to run the command on");
    CHECK(refusal(linking, {"db", "shop", "x", "--app", "shop"}) == "'x' is a word too many");
}

TEST_CASE("help wins over missing arguments, and -h only where no flag claims it", "[cli]") {
    CHECK(cli::parse(linking, {"--help"}).has("help"));
    CHECK(cli::parse(linking, {"-h"}).has("help"));
    const auto given = cli::parse(killing, {"db", "-h"});
    CHECK_FALSE(given.has("help"));
    CHECK(given.has("hard"));
    CHECK(cli::parse(killing, {"--help"}).has("help"));
}

TEST_CASE("rest takes any number of words and still knows flags", "[cli]") {
    const auto given = cli::parse(killing, {"db", "1", "--force", "2", "--", "-3"});
    CHECK(given.all("pid") == Words{"1", "2", "-3"});
    CHECK(given.has("force"));
    CHECK(cli::parse(killing, {"db"}).all("pid").empty());
    CHECK_FALSE(cli::parse(killing, {"db"}).has("pid"));
}

TEST_CASE("verbatim takes every word as it was typed", "[cli]") {
    const auto all = [](const Words& words) { return cli::parse(enter, words).all("command"); };
    CHECK(all({"db", "ls", "-u", "--help", "--", "--frob"}) ==
          Words{"ls", "-u", "--help", "--", "--frob"});
    CHECK(all({"-u", "root", "db", "-c", "select 1"}) == Words{"-c", "select 1"});
    CHECK(all({"--user=root", "db", "ls"}) == Words{"ls"});
    CHECK(all({"-uroot", "--app", "x", "db", "ls", ""}) == Words{"ls", ""});
    CHECK(all({"db", "--", "ls", "--", "x"}) == Words{"ls", "--", "x"});
    CHECK(all({"--", "db", "ls", "-l"}) == Words{"ls", "-l"});
    CHECK(all({"db"}).empty());
    CHECK(cli::parse(enter, {"-u", "root", "db", "ls"})["user"] == "root");
    CHECK(cli::parse(enter, {"--help", "db", "ls"}).has("help"));
}

TEST_CASE("numbers are whole and within their bounds", "[cli]") {
    const auto number = [](const std::string& text) {
        return cli::parse(linking, {"db", "shop", "--timeout=" + text}).number("timeout", 1, 300);
    };
    CHECK(number("300") == 300);
    CHECK(number("1") == 1);
    for (const char* wrong : {"0", "301", "-1", "", "1.5", " 1", "1s", "99999999999999999999"})
        CHECK_THROWS_AS(number(wrong), Error);
    CHECK(cli::parse(linking, {"db", "shop"}).number("timeout", 1, 300) == std::nullopt);
}

TEST_CASE("asking for what was not given is our own mistake", "[cli]") {
    CHECK_THROWS_AS(cli::parse(linking, {"db", "shop"})["alias"], std::logic_error);
}

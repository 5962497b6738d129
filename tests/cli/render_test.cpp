// The texts that one table becomes.
#include "cli/render.h"

#include <algorithm>

#include "error/error.h"
#include "fakes/catch.h"

namespace {

constexpr cli::Argument arguments[] = {
    {"service", "valid name for the service"},
    {"app", "the app", cli::optional},
    {"words", "more", cli::rest},
};
constexpr cli::Flag flags[] = {
    {'i', "image", "IMAGE", "the image to run, a|b or <any>"},
    {0, "link", "APP", "link to this app too"},
    {'f', "force", "", "do not ask"},
    {0, "mount", "PATH", "one more mount", true},
};
constexpr cli::Example examples[] = {
    {"make one", "dokku postgres:create lollipop"},
    {"make another", "dokku postgres:create other --force"},
};
constexpr cli::Command create{
    .name = "create",
    .summary = "create a service, or several",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
    .details =
        "A first paragraph that is so long that it cannot stand in one line of a terminal.\n"
        "\n"
        "  set as\n"
        "    it stands\n"
        "\n"
        "'.starts' with a quote.",
};
constexpr cli::Command plain{.name = "list", .summary = "list all services"};
constexpr cli::Command hidden{.name = "default", .summary = "help", .hidden = true};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t longest_line(const std::string& text) {
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        longest = std::max(longest, end - begin);
        begin = end + 1;
    }
    return longest;
}

}  // namespace

TEST_CASE("the syntax names every flag and argument", "[cli]") {
    CHECK(cli::syntax(create) ==
          "postgres:create [-i|--image IMAGE] [--link APP] [-f|--force] [--mount PATH]... "
          "<service> [<app>] [<words>...]");
    CHECK(cli::syntax(plain) == "postgres:list");
}

TEST_CASE("help fits a terminal and says everything", "[cli]") {
    const std::string help = cli::help(create);
    CHECK(longest_line(help) <= 80);
    CHECK(help.starts_with("Usage: dokku postgres:create [-i|--image IMAGE]"));
    CHECK(contains(help, "\n\n  create a service, or several\n"));
    CHECK(contains(help, "\n  set as\n    it stands\n"));
    CHECK(contains(help, "\n  <service>  valid name for the service\n"));
    CHECK(contains(help, "\n  -i, --image IMAGE  the image to run, a|b or <any>\n"));
    CHECK(contains(help, "\n      --mount PATH   one more mount (may be repeated)\n"));
    CHECK(contains(help, "\n  # make one\n  dokku postgres:create lollipop\n"));
    CHECK(cli::help(plain) == "Usage: dokku postgres:list\n\n  list all services\n");
    CHECK(cli::render(create, "help") == help);
}

TEST_CASE("a row has one comma, whatever the summary holds", "[cli]") {
    CHECK(cli::render(create, "help-row") ==
          "    postgres:create <service> [<app>] [<words>...] [--create-flags...], "
          "create a service; or several\n");
    CHECK(cli::render(plain, "help-row") == "    postgres:list, list all services\n");
}

TEST_CASE("a row of README's table leads to the command's section", "[cli]") {
    static constexpr cli::Command dashed{.name = "app-links", .summary = "a|b of <any>"};
    CHECK(cli::render(dashed, "readme-row") ==
          "| [`postgres:app-links`](docs/commands.md#postgresapp-links) | a\\|b of &lt;any> |\n");
}

TEST_CASE("the section of a command keeps its tables whole", "[cli]") {
    const std::string section = cli::render(create, "section");
    CHECK(section.starts_with("### postgres:create\n\n"));
    CHECK(contains(section, "\n| `-i, --image IMAGE` | the image to run, a\\|b or &lt;any> |\n"));
    CHECK(contains(section, "\n# make another\ndokku postgres:create other --force\n```\n"));
    CHECK(contains(section, "```\n  set as\n    it stands\n```"));
}

TEST_CASE("the man page's lines are text and not requests", "[cli]") {
    const std::string man = cli::render(create, "man");
    CHECK(contains(man, ".SS postgres:create\n"));
    CHECK(contains(man, "\\fB\\-i, \\-\\-image IMAGE\\fR\n"));
    CHECK(contains(man, "\n\\(aq.starts\\(aq with a quote.\n"));
    constexpr cli::Command dotted{.name = "dot", .summary = ".so /etc/passwd"};
    CHECK(contains(cli::render(dotted, "man"), "\n\\&.so /etc/passwd\n"));
}

TEST_CASE("completion knows flags and the kinds of words", "[cli]") {
    CHECK(cli::render(create, "completion") ==
          "create|service app text...|"
          "--image=text -i=text --link=app --force -f --mount=text\n");
    CHECK(cli::render(plain, "completion") == "list||\n");
}

TEST_CASE("completion knows the words of a list", "[cli]") {
    static constexpr cli::Argument set_arguments[] = {
        {"service", "the service"},
        {"app", "one of its apps", cli::optional, "linked-app"},
        {"key", "the setting", cli::Need::required, "memory|shm-size"},
    };
    static constexpr cli::Flag set_flags[] = {{'f', "format", "stdout|json", "the format"}};
    static constexpr cli::Command set{
        .name = "set", .summary = "set", .arguments = set_arguments, .flags = set_flags};
    CHECK(cli::render(set, "completion") ==
          "set|service linked-app words:memory,shm-size|--format=words:stdout,json "
          "-f=words:stdout,json\n");
    CHECK(contains(cli::help(set), "-f, --format stdout|json  the format\n"));
}

TEST_CASE("a hidden command is in no collected text, but has help", "[cli]") {
    for (const char* format : {"help-row", "readme-row", "section", "man", "completion"})
        CHECK(cli::render(hidden, format).empty());
    CHECK_FALSE(cli::render(hidden, "help").empty());
}

TEST_CASE("an unknown text is wrong usage", "[cli]") {
    CHECK_THROWS_AS(cli::render(plain, "html"), Error);
}

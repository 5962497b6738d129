// lib/host/dokku: what each question and order starts, and what it makes of the answers.
#include "host/dokku.h"

#include <algorithm>
#include <functional>

#include "error/error.h"
#include "fakes/catch.h"
#include "host_unit/stand_in.h"

using host_unit::Call;
using host_unit::StandIn;
using Words = std::vector<std::string>;

namespace {

Error error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    throw std::logic_error("no error");
}

bool anywhere(const Words& words, const std::string& text) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return word.find(text) != std::string::npos;
    });
}

// An `import` and an `export` over one file, as Dokku's config plugin has them.
void keep_config(const StandIn& host) {
    const std::string file = (host.environment.lib_root / "kept").string();
    host.script(host.config_sub(), "cat '" + file + "' 2>/dev/null || echo '{}'");
    // the recording has read stdin already: it stands in the record
    host.script(host.subcommand("config", "import"),
                "echo '-----> Setting config vars'; sed -n 's/^in //p' \"$log/call-$number\" >'" +
                    file + "'");
}

}  // namespace

TEST_CASE("an app name is what Dokku takes for one", "[host]") {
    for (const char* name : {"a", "0", "my-app", "foo.bar", "old_app", "node-js-app"}) {
        CHECK(host::is_app_name(name));
    }
    for (const char* name :
         {"", "-a", ".a", "_a", "A", "a/b", "../x", "a b", "a;b", "--global", "a\nb", "\xc3\xa4"}) {
        CHECK_FALSE(host::is_app_name(name));
    }
}

TEST_CASE("verify_app asks one helper with the eyes of the caller", "[host]") {
    StandIn host;
    host.script(host.common(), "[ \"$3\" = there ] || exit 20");
    const auto dokku = host::dokku(host.environment);
    const host_unit::Variable app{"DOKKU_APP_NAME", "other"};
    const host_unit::Variable user{"SSH_USER", "dokku"};

    dokku->verify_app("there");
    auto calls = host.calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].args == Words{"--quiet", "verify-app-name", "there"});
    CHECK(calls[0].directory == "/");
    CHECK_FALSE(calls[0].environment.contains("DOKKU_APP_NAME"));
    CHECK(calls[0].environment["SSH_USER"] == "dokku");
    CHECK(calls[0].environment["DOKKU_LIB_ROOT"] == host.environment.lib_root);
    CHECK(calls[0].environment["PLUGIN_PATH"] == host.environment.plugin_path);

    const Error missing = error_of([&] { dokku->verify_app("gone"); });
    CHECK(missing.what() == std::string{"App gone does not exist"});
    CHECK(missing.code() == Exit::no_app);
    host.calls();

    for (const char* name : {"", "--global", "a;b", "../x", "a\nb", "Big"}) {
        CHECK(error_of([&] { dokku->verify_app(name); }).code() == Exit::usage);
    }
    CHECK(host.calls().empty());
}

TEST_CASE("a helper that breaks is no missing app", "[host]") {
    StandIn host;
    host.script(host.common(), "echo ' !     DOKKU_LIB_ROOT not set!' >&2; exit 1");
    const auto dokku = host::dokku(host.environment);
    const Error broken = error_of([&] { dokku->verify_app("web"); });
    CHECK(broken.code() == Exit::failed);
    CHECK(broken.hint() == "Dokku says: DOKKU_LIB_ROOT not set!");
    CHECK_THROWS_AS(dokku->app_exists("web"), Error);
    CHECK_THROWS_AS(dokku->scheduler("web"), Error);
}

TEST_CASE("app_exists does not mind a filter", "[host]") {
    StandIn host;
    host.script(host.common(), "[ \"$3\" = open ] || exit 20");
    host.script(host.plugn(), "echo zebra; echo hidden; echo LETTERS; echo open");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->app_exists("open"));
    CHECK_FALSE(dokku->app_exists("hidden"));
    CHECK_FALSE(dokku->app_exists("../x"));
    CHECK(host.calls().size() == 2);  // no filter: 20 is the truth, and no plugn was needed

    host.script(host.hook("acl", "user-auth-app"), "");
    CHECK(dokku->app_exists("hidden"));
    const auto calls = host.calls();
    REQUIRE(calls.size() == 2);
    CHECK(calls[1].args == Words{"trigger", "app-list", "false"});
    CHECK_FALSE(dokku->app_exists("gone"));
    CHECK(dokku->apps() == Words{"hidden", "open", "zebra"});
}

TEST_CASE("config is the app's own, last line of the export", "[host]") {
    StandIn host;
    host.script(host.config_sub(),
                "echo '-----> Deleting invalid key a-b from config for web'\n"
                "echo '{\"URL\":\"a\\u0026b\",\"PORT\":5000,\"EMPTY\":\"\"}'");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->config("web") == host::Config{{"URL", "a&b"}, {"PORT", "5000"}, {"EMPTY", ""}});
    const auto calls = host.calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].args == Words{"export", "--format", "json", "web"});

    host.script(host.config_sub(), "echo none");
    CHECK_THROWS_AS(dokku->config("web"), Error);
    host.script(host.config_sub(), "echo '{}'; exit 1");
    CHECK_THROWS_AS(dokku->config("web"), Error);
    CHECK_THROWS_AS(dokku->config("--global"), Error);
}

TEST_CASE("set_config hands values over stdin and reads them back", "[host]") {
    StandIn host;
    keep_config(host);
    const auto dokku = host::dokku(host.environment);
    const std::string url = "postgres://postgres:s3cr%40t@dokku-postgres-db:5432/db?a=<b>&c=\"d\"";
    dokku->set_config("web", {{"DATABASE_URL", url}, {"OTHER_URL", "x"}});
    auto calls = host.calls();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].args == Words{"config:import", "--no-restart", "--format", "json", "web", "-"});
    CHECK(calls[0].environment["DOKKU_QUIET_OUTPUT"] == "1");
    CHECK_FALSE(calls[0].environment.contains("DOKKU_APP_NAME"));
    CHECK(calls[0].input.find("s3cr%40t") != std::string::npos);
    CHECK(calls[1].args == Words{"export", "--format", "json", "web"});
    for (const auto& call : calls) {
        CHECK_FALSE(anywhere(call.args, "s3cr"));
        for (const auto& [name, value] : call.environment) {
            CHECK(value.find("s3cr") == std::string::npos);
        }
    }
    CHECK(dokku->config("web")["DATABASE_URL"] == url);
    host.calls();
    dokku->set_config("web", {});
    CHECK(host.calls().empty());
}

TEST_CASE("set_config tells a write that was lost, and no value", "[host]") {
    StandIn host;
    keep_config(host);
    host.script(host.subcommand("config", "import"), "exit 0");
    const auto dokku = host::dokku(host.environment);
    const Error lost = error_of([&] { dokku->set_config("web", {{"A_URL", "s3cret"}}); });
    CHECK(lost.what() == std::string{"Dokku did not keep the change of 'A_URL' of app 'web'"});
    CHECK(lost.hint().find("s3cret") == std::string::npos);

    host.script(host.subcommand("config", "import"),
                "echo ' !     cannot set A_URL=s3cret' >&2; exit 3");
    const Error refused = error_of([&] { dokku->set_config("web", {{"A_URL", "s3cret"}}); });
    CHECK(refused.hint().empty());
    CHECK(std::string{refused.what()}.find("s3cret") == std::string::npos);
    host.calls();
    CHECK_THROWS_AS(dokku->set_config("web", {{"A-URL", "x"}}), Error);
    CHECK_THROWS_AS(dokku->set_config("web", {{"1A", "x"}}), Error);
    CHECK_THROWS_AS(dokku->set_config("--global", {{"A", "x"}}), Error);
    CHECK(host.calls().empty());
}

TEST_CASE("a host without config:import is given the values encoded", "[host]") {
    StandIn host;
    host.script(host.config_sub(), "[ \"$1\" = set ] || echo '{\"A\":\"one\",\"B\":\"four\"}'");
    const auto dokku = host::dokku(host.environment);
    dokku->set_config("web", {{"A", "one"}, {"B", "four"}});
    const auto calls = host.calls();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].args ==
          Words{"set", "--no-restart", "--encoded", "web", "A=b25l", "B=Zm91cg=="});
    CHECK(calls[0].input.empty());
}

TEST_CASE("unset_config removes without a restart and looks again", "[host]") {
    StandIn host;
    host.script(host.config_sub(), "[ \"$1\" = unset ] || echo '{\"STUCK\":\"x\"}'");
    const auto dokku = host::dokku(host.environment);
    dokku->unset_config("web", {"A_URL", "B_URL"});
    const auto calls = host.calls();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].args == Words{"unset", "--no-restart", "web", "A_URL", "B_URL"});
    CHECK_THROWS_AS(dokku->unset_config("web", {"STUCK"}), Error);
    host.calls();
    dokku->unset_config("web", {});
    CHECK_THROWS_AS(dokku->unset_config("web", {"--all"}), Error);
    CHECK(host.calls().empty());
}

TEST_CASE("with a filter, who may not see an app has the host change it", "[host]") {
    StandIn host;
    keep_config(host);
    const host_unit::Variable user{"SSH_USER", "dokku"};
    const host_unit::Variable name{"SSH_NAME", "anna"};
    const auto dokku = host::dokku(host.environment);
    dokku->set_config("web", {{"A", "x"}});
    CHECK(host.calls().front().environment["SSH_NAME"] == "anna");
    host.script(host.hook("acl", "user-auth-app"), "");
    host.script(host.plugn(), "");
    const auto writer = [&] {
        host.calls();
        dokku->set_config("web", {{"A", "x"}});
        for (auto& call : host.calls()) {
            if (!call.args.empty() && call.args[0] == "config:import") return call;
        }
        throw std::logic_error("nobody wrote");
    };
    const auto hidden = writer();
    CHECK(hidden.environment.at("SSH_USER") == "root");
    CHECK(hidden.environment.at("SSH_NAME") == "default");
    host.script(host.plugn(), "echo web");
    CHECK(writer().environment.at("SSH_NAME") == "anna");
}

TEST_CASE("deployed, scheduler and restores ask what Dokku knows", "[host]") {
    StandIn host;
    host.script(host.common(),
                "case \"$2 $3\" in 'is-deployed web'|scheduler-detect*) ;; *) exit 1 ;; esac\n"
                "[ \"$3\" = kube ] && printf k3s; exit 0");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->deployed("web"));
    CHECK_FALSE(dokku->deployed("new"));
    CHECK(dokku->scheduler("web") == "docker-local");
    CHECK(dokku->scheduler("kube") == "k3s");

    host.script(host.plugn(), "[ \"$3\" = paused ] && echo false || echo true");
    CHECK(dokku->restores("web"));
    CHECK_FALSE(dokku->restores("paused"));
    // before 0.38: no such property, a variable says it
    host.script(host.plugn(), "echo ' !     Invalid ps property specified: restore' >&2; exit 1");
    host.script(host.config_sub(),
                "[ \"$4\" = paused ] && echo '{\"DOKKU_APP_RESTORE\":\"0\"}' || echo '{}'");
    CHECK(dokku->restores("web"));
    CHECK_FALSE(dokku->restores("paused"));
}

TEST_CASE("deploy releases and deploys, and tells when that failed", "[host]") {
    StandIn host;
    host.script(host.plugn(), "[ \"$3\" = web ]");
    const auto dokku = host::dokku(host.environment);
    dokku->deploy("web");
    const auto calls = host.calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].args == Words{"trigger", "release-and-deploy", "web"});
    CHECK(calls[0].directory == "/");
    CHECK_THROWS_AS(dokku->deploy("bad"), Error);
}

TEST_CASE("a trigger that nobody hears starts nothing", "[host]") {
    StandIn host;
    host.script(host.plugn(), "[ \"$3\" != refuse ] || exit 7");
    const auto dokku = host::dokku(host.environment);
    const std::string name = "service-action";
    const auto fired = [&] {
        dokku->trigger(name, {"post-create", "postgres", "db"});
        return host.calls().size();
    };
    CHECK(fired() == 0);
    host.script(host.hook("20_events", name), "");
    CHECK(fired() == 0);
    {
        const host_unit::Variable on{"DOKKU_EVENTS", "1"};
        CHECK(fired() == 1);
    }
    std::filesystem::create_directories(host.hook("dashboard", name));
    CHECK(fired() == 0);  // a folder of that name is no hook
    host.script(host.hook("silent", name), "");
    std::filesystem::permissions(host.hook("silent", name), std::filesystem::perms{0644});
    CHECK(fired() == 0);
    host.script(host.hook("real", "hook"), "");
    std::filesystem::create_directories(host.environment.plugin_enabled / "linked");
    std::filesystem::create_symlink(host.hook("real", "hook"), host.hook("linked", name));
    CHECK(fired() == 1);

    const Error refused = error_of([&] { dokku->trigger(name, {"refuse", "postgres", "db"}); });
    CHECK(refused.what() == std::string{"a plugin refused 'service-action refuse postgres db'"});
    CHECK(static_cast<int>(refused.code()) == 7);
}

TEST_CASE("visible asks a filter that is there, and takes no name that was not asked about",
          "[host]") {
    StandIn host;
    host.script(host.plugn(), "echo two; echo; echo other; echo one; exit 1");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->visible({"one", "two", "three"}) == Words{"one", "two", "three"});
    host.script(host.hook("20_events", "user-auth-service"), "");
    CHECK(dokku->visible({"one"}) == Words{"one"});
    CHECK(host.calls().empty());

    host.script(host.hook("acl", "user-auth-service"), "");
    CHECK(dokku->visible({}).empty());
    CHECK(host.calls().empty());
    CHECK(dokku->visible({"one", "two", "three"}) == Words{"one", "two"});
    const auto calls = host.calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].args == Words{"trigger", "user-auth-service", "dokku", "anna", "postgres", "one",
                                 "two", "three"});
}

TEST_CASE("apps are filtered too, and one that is hidden is deployed without a word", "[host]") {
    StandIn host;
    host.script(host.plugn(),
                "[ \"$2\" != release-and-deploy ] || { echo building >&2; exit 1; }\n"
                "echo web; echo other");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->visible_apps({"web", "theirs"}) == Words{"web", "theirs"});
    CHECK_FALSE(dokku->is_filtered());
    host.script(host.hook("acl", "user-auth-app"), "");
    CHECK(dokku->visible_apps({"web", "theirs"}) == Words{"web"});
    CHECK(dokku->is_filtered());
    CHECK(host.calls().back().args ==
          Words{"trigger", "user-auth-app", "dokku", "anna", "web", "theirs"});
    const auto failed = [&](const std::string& app) {
        try {
            dokku->deploy(app);
        } catch (const Error& error) {
            return std::string{error.what()} + error.hint();
        }
        return std::string{};
    };
    CHECK(failed("web").find("app 'web'") != std::string::npos);
    CHECK(failed("theirs").find("theirs") == std::string::npos);
    auto root = host.environment;
    root.ssh_user = "root";
    CHECK_FALSE(host::dokku(root)->is_filtered());
}

TEST_CASE("properties of a service are read once", "[host]") {
    StandIn host;
    host.script(host.prop(),
                "[ \"$1\" = get-all ] || exit 0\n"
                "echo 'initial-network own'; echo 'post-create-network a,b'; echo 'empty '");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->property("db", "initial-network") == "own");
    CHECK(dokku->property("db", "post-create-network") == "a,b");
    CHECK(dokku->property("db", "empty").empty());
    CHECK(dokku->property("db", "none").empty());
    auto calls = host.calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].args == Words{"get-all", "postgres", "db"});

    dokku->set_property("db", "initial-network", "new");
    dokku->property("db", "initial-network");
    dokku->destroy_properties("db");
    dokku->property("db", "initial-network");
    calls = host.calls();
    REQUIRE(calls.size() == 4);
    CHECK(calls[0].args == Words{"set", "postgres", "db", "initial-network", "new"});
    CHECK(calls[2].args == Words{"destroy", "postgres", "db"});
    CHECK_THROWS_AS(dokku->destroy_properties("_all_"), Error);
    CHECK_THROWS_AS(dokku->destroy_properties(""), Error);
    CHECK(host.calls().empty());

    host.script(host.prop(), "echo 'permission denied' >&2; exit 1");
    CHECK(error_of([&] { dokku->set_property("db", "k", "v"); }).hint() ==
          "Dokku says: permission denied");
    CHECK_THROWS_AS(dokku->property("db", "k"), Error);
}

TEST_CASE("docker options go through the plugin's own commands", "[host]") {
    StandIn host;
    const std::string link = "--link dokku.postgres.db:dokku-postgres-db";
    for (const char* verb : {"add", "remove"}) {
        host.script(host.subcommand("docker-options", verb), "");
    }
    host.script(host.subcommand("docker-options", "list"),
                "[ \"$4\" = run ] && echo '" + link + "'; echo '-v /a:/b'");
    const auto dokku = host::dokku(host.environment);
    const host_unit::Variable app{"DOKKU_APP_NAME", "other"};
    dokku->add_docker_option("web", link);
    const auto calls = host.calls();
    REQUIRE(calls.size() == 4);
    CHECK(calls[2].args == Words{"docker-options:list", "web", "--phase", "run"});
    // one that is there already is not put there again
    CHECK(calls[3].args == Words{"docker-options:add", "web", "build,deploy", link});
    CHECK_FALSE(calls[3].environment.contains("DOKKU_APP_NAME"));

    dokku->remove_docker_option("web", link);
    CHECK(host.calls().at(0).args ==
          Words{"docker-options:remove", "web", "build,deploy,run", link});
    CHECK(dokku->docker_options("web", "run") == Words{link, "-v /a:/b"});
}

TEST_CASE("docker options of a Dokku before 0.38 come from its report", "[host]") {
    StandIn host;
    host.script(host.subcommand("docker-options", "report"),
                "echo '--build-arg A=b --link dokku.postgres.db:dokku-postgres-db --privileged '\n"
                "echo");
    const auto dokku = host::dokku(host.environment);
    CHECK(dokku->docker_options("web", "deploy") ==
          Words{"--build-arg A=b", "--link dokku.postgres.db:dokku-postgres-db", "--privileged"});
    CHECK(host.calls().at(0).args ==
          Words{"docker-options:report", "web", "--docker-options-deploy"});
    host.script(host.subcommand("docker-options", "report"), "echo");
    CHECK(dokku->docker_options("web", "deploy").empty());
}

// Which settings a person may ask for, and what they become in the record.
#include "service/settings.h"

#include "fakes/catch.h"
#include "fakes/world.h"

using service::Setting;
using service::Settings;

namespace {

// The exit code of what `check` thinks of these settings; 0 when it has nothing against them.
int verdict(const Settings& settings) {
    try {
        service::check(settings);
        return 0;
    } catch (const Error& error) {
        return static_cast<int>(error.code());
    }
}

}  // namespace

TEST_CASE("settings: limits are numbers that the engine takes") {
    for (const char* good : {"", "6", "512", "999999999", "512m", "2g", "1G", "6144k"})
        CHECK(verdict({{Setting::memory, good}}) == 0);
    for (const char* bad : {"5", "0", "-1", "1e3", " 512", "9999999999", "x", "5m", "512mb",
                            "6145k", "512b", "99999999999g"})
        CHECK(verdict({{Setting::memory, bad}}) == 2);
    for (const char* good : {"", "1048576", "64m", "1G", "1024k", "1048576b"})
        CHECK(verdict({{Setting::shm_size, good}}) == 0);
    // the last but one would be one byte, and the server would not start
    for (const char* bad : {"0", "m", "64mb", "0m", "1.5g", "-1m", "64 m", "1", "1023k"})
        CHECK(verdict({{Setting::shm_size, bad}}) == 2);
}

TEST_CASE("settings: the record counts megabytes, as the official plugin does") {
    const auto kept = [](const char* memory) {
        service::Record record;
        service::apply({{Setting::memory, memory}}, record);
        return record.memory;
    };
    CHECK(kept("512") == "512");
    CHECK(kept("512m") == "512");
    CHECK(kept("2g") == "2048");
    CHECK(kept("6144k") == "6");
    CHECK(kept("").empty());
}

TEST_CASE("settings: images and versions are names, never options") {
    for (const char* good :
         {"postgres", "postgis/postgis", "registry.example.com:5000/a/b", "a@sha256:0123"})
        CHECK(verdict({{Setting::image, good}}) == 0);
    for (const char* bad : {"-it", "/etc", ".x", "a b", "a;b", "a\nb", "$(id)"})
        CHECK(verdict({{Setting::image, bad}}) == 2);
    for (const char* good : {"17", "17.6-alpine", "pg18", "latest", "_x"})
        CHECK(verdict({{Setting::image_version, good}}) == 0);
    for (const char* bad : {"-v", ".1", "a/b", "a:b", "17 ", "a\nb"})
        CHECK(verdict({{Setting::image_version, bad}}) == 2);
}

TEST_CASE("settings: an environment is NAME=value, without what the plugin sets itself") {
    for (const char* good : {"", "A=1", "A=1;B=", "_x=a b$(c)\"'", "A=1;;B=2;"})
        CHECK(verdict({{Setting::custom_env, good}}) == 0);
    for (const char* bad : {"A", "=1", "1A=2", "A-B=1", "A=1\nB=2", "POSTGRES_PASSWORD=x",
                            "PGDATA=/x", "POSTGRES_USER=me"})
        CHECK(verdict({{Setting::custom_env, bad}}) == 2);
}

TEST_CASE("settings: networks are names; host and none are refused") {
    for (const char* good : {"", "a", "a.b-c_d"})
        CHECK(verdict({{Setting::initial_network, good}}) == 0);
    for (const char* bad : {"host", "none", "-x", ".x", "a b", "a,b"})
        CHECK(verdict({{Setting::initial_network, bad}}) == 2);
    CHECK(verdict({{Setting::post_create_network, "a,b"}}) == 0);
    CHECK(verdict({{Setting::post_start_network, "a,host"}}) == 2);
}

TEST_CASE("settings: options need closed quotes") {
    CHECK(verdict({{Setting::config_options, "-c work_mem=4MB -c 'search_path=a b'"}}) == 0);
    CHECK(verdict({{Setting::config_options, "-c 'open"}}) == 2);
    CHECK(verdict({{Setting::config_options, "a\nb"}}) == 2);
    CHECK(verdict({{Setting::config_options, "work_mem=4MB"}}) == 2);
    CHECK(verdict({{Setting::config_options, "postgres -c work_mem=4MB"}}) == 0);
    CHECK(verdict({{Setting::config_options, "--work_mem=4MB"}}) == 0);
}

TEST_CASE("settings: only what was said changes the record") {
    service::Record record;
    record.image = "postgres";
    record.image_version = "17";
    record.memory = "512";
    record.custom_env = "OLD=1\n";
    record.post_create_network = {"one"};
    service::apply({{Setting::custom_env, "A=1;B=2"},
                    {Setting::memory, ""},
                    {Setting::post_create_network, "two,three"}},
                   record);
    CHECK(record.reference() == "postgres:17");
    CHECK(record.memory.empty());
    CHECK(record.custom_env == "A=1\nB=2\n");
    CHECK(record.post_create_network == std::vector<std::string>{"two", "three"});
}

TEST_CASE("settings: a key of postgres:set is one setting, another word names the keys") {
    CHECK(service::setting("memory", "512")[Setting::memory] == "512");
    CHECK(service::setting("post-start-network", "")[Setting::post_start_network] == "");
    try {
        service::setting("colour", "blue");
        FAIL("it was taken");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("initial-network, post-create-network") !=
              std::string::npos);
    }
}

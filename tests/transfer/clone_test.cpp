// What a clone is to be made with.
#include "transfer/clone.h"

#include "fakes/catch.h"
#include "service/record.h"

using service::Setting;

namespace {

service::Record source() {
    service::Record record;
    record.image = "postgis/postgis";
    record.image_version = "17-3.5";
    record.config_options = "-c max_connections=50";
    record.custom_env = "A=1\nB=2\n";
    record.memory = "512";
    record.shm_size = "128m";
    record.post_create_network = {"one", "two"};
    return record;
}

}  // namespace

TEST_CASE("a clone is like its source") {
    const auto settings = transfer::settings_like(source(), {});
    CHECK(settings[Setting::image] == "postgis/postgis");
    CHECK(settings[Setting::image_version] == "17-3.5");
    CHECK(settings[Setting::config_options] == "-c max_connections=50");
    CHECK(settings[Setting::memory] == "512");
    CHECK(settings[Setting::shm_size] == "128m");
    CHECK(settings[Setting::post_create_network] == "one,two");
    CHECK(settings[Setting::initial_network] == "");
    service::Record record;
    service::apply(settings, record);
    CHECK(record.custom_env == "A=1\nB=2\n");
    CHECK(record.reference() == "postgis/postgis:17-3.5");
}

TEST_CASE("what is said of a clone goes before its source") {
    service::Settings wanted;
    wanted[Setting::image_version] = "18-3.6";
    wanted[Setting::memory] = "";
    const auto settings = transfer::settings_like(source(), wanted);
    CHECK(settings[Setting::image] == "postgis/postgis");
    CHECK(settings[Setting::image_version] == "18-3.6");
    CHECK(settings[Setting::memory] == "");
    CHECK(settings[Setting::shm_size] == "128m");
}

TEST_CASE("a version in the image's name takes the place of the source's") {
    service::Settings wanted;
    wanted[Setting::image] = "host:5000/postgres:18";
    const auto settings = transfer::settings_like(source(), wanted);
    CHECK(settings[Setting::image] == "host:5000/postgres");
    CHECK(settings[Setting::image_version] == "18");
    wanted[Setting::image] = "host:5000/postgres";
    CHECK(transfer::settings_like(source(), wanted)[Setting::image_version] == "17-3.5");
}

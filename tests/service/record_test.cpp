// Records of both official generations and of ours.

#include "service/record.h"

#include <sys/stat.h>

#include <functional>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/unfinished.h"

using fakes::World;

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

TEST_CASE("a service of the official plugin's first generation is read as it lies", "[record]") {
    World world;
    const auto one = world.add_service("my-db", "16.2");
    world.dokku.properties["my-db"]["post-create-network"] = "a, b";
    World::write(one.file("ENV"), "A=1\nB=2\n");
    World::write(one.file("SERVICE_MEMORY"), "512\n");
    World::write(one.file("POSTGRES_CONFIG_OPTIONS"), "-c x=1\n");
    const auto record = service::read_record(one);
    CHECK(record.reference() == "postgres:16.2");
    CHECK(record.database == "my-db");
    CHECK(record.custom_env == "A=1\nB=2");
    CHECK(record.memory == "512");
    CHECK(record.config_options == "-c x=1");
    CHECK(record.post_create_network == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(service::unfinished(one));
    CHECK_FALSE(record.own_files);
}

TEST_CASE("the second generation's zeros and missing line ends mean the same, and stay",
          "[record]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("SERVICE_MEMORY"), "0");
    World::write(one.file("SHM_SIZE"), "");
    World::write(one.file("IMAGE"), "postgres");
    World::write(one.file("DATABASE_NAME"), "db");
    auto record = service::read_record(one);
    CHECK(record.memory.empty());
    CHECK(record.shm_size.empty());
    service::write_record(one, record);
    CHECK(World::read(one.file("IMAGE")) == "postgres");
    CHECK(World::read(one.file("SERVICE_MEMORY")) == "0");
    CHECK(world.dokku.count("set_property") == 0);
}

TEST_CASE("a record comes back as it was written", "[record]") {
    World world;
    const auto one = world.add_service("db");
    service::Record record;
    record.image = "registry:5000/postgis";
    record.image_version = "17-3.5";
    record.database = "db_x";
    record.config_options = "-c a=b";
    record.custom_env = "A=1\nB='x'";
    record.memory = "64";
    record.shm_size = "1g";
    record.ports = "127.0.0.1:5555";
    record.initial_network = {"first"};
    record.post_start_network = {"x", "y"};
    record.major = 17;
    record.data_target = "/var/lib/postgresql/data";
    record.volumes = {{.source = "/srv/a b", .target = "/mnt", .read_only = true}};
    record.own_files = true;
    service::write_record(one, record);
    const auto back = service::read_record(one);
    CHECK(back.reference() == "registry:5000/postgis:17-3.5");
    CHECK(back.custom_env == record.custom_env);
    CHECK(back.ports == record.ports);
    CHECK(back.initial_network == record.initial_network);
    CHECK(back.post_create_network.empty());
    CHECK(back.post_start_network == record.post_start_network);
    CHECK(back.major == 17);
    REQUIRE(back.volumes.size() == 1);
    CHECK(back.volumes[0].source == "/srv/a b");
    CHECK(back.volumes[0].read_only);
    CHECK(back.own_files);
    CHECK(World::read(one.file("SHM_SIZE")) == "1g\n");
    CHECK(world.dokku.properties["db"]["post-start-network"] == "x,y");
    CHECK(world.dokku.reads.empty());

    struct stat status {};
    REQUIRE(::stat(one.file("ENV").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);

    record.ports.clear();
    record.memory.clear();
    service::write_record(one, record);
    CHECK_FALSE(std::filesystem::exists(one.file("PORT")));
    CHECK_FALSE(std::filesystem::exists(one.file("SERVICE_MEMORY")));
    CHECK(world.dokku.count("set_property") == 2);
}

TEST_CASE("a record goes through the texts of a journal unchanged", "[record]") {
    service::Record record;
    record.image = "postgres";
    record.image_version = "17";
    record.custom_env = "A=\x01\xff\nB=2";
    record.post_create_network = {"one", "two"};
    record.volumes = {{.source = "/srv/a b", .target = "/mnt", .read_only = true}};
    record.major = 17;
    record.own_files = true;
    auto texts = service::to_texts(record);
    texts["image"] = "sha256:17";  // what else stands there
    const auto back = service::record_of(texts);
    CHECK(service::to_texts(back) == service::to_texts(record));
    CHECK(back.reference() == "postgres:17");
    CHECK(back.custom_env == record.custom_env);
}

TEST_CASE("a broken service.yml is named", "[record]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("service.yml"), "a: [");
    CHECK(message_of([&] { service::read_record(one); }).find("service.yml") != std::string::npos);
}

TEST_CASE("a password keeps all but its line end", "[record]") {
    World world;
    const auto one = world.add_service("db");
    service::write_password(one, " a b ");
    CHECK(service::password(one) == " a b ");
    struct stat status {};
    REQUIRE(::stat(one.file("PASSWORD").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    World::write(one.file("PASSWORD"), "\n");
    CHECK_THROWS_AS(service::password(one), Error);
    std::filesystem::remove(one.file("PASSWORD"));
    CHECK_THROWS_AS(service::password(one), Error);
}

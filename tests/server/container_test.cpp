// Containers made from records, found, brought up and joined.

#include "server/container.h"

#include <algorithm>

#include "error/error.h"
#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"
#include "state/files.h"

using fakes::World;
using Words = std::vector<std::string>;

namespace {

std::string target_of(const engine::Spec& spec, const std::string& source) {
    for (const auto& mount : spec.mounts) {
        if (mount.source == source) return mount.target;
    }
    return {};
}

bool mounts(const engine::Spec& spec, const std::string& target) {
    return std::any_of(spec.mounts.begin(), spec.mounts.end(),
                       [&](const auto& mount) { return mount.target == target; });
}

engine::Spec spec_of(const service::Service& one) {
    return server::spec_of(one, service::read_record(one), server::container_of(one));
}

service::Record own_record() {
    service::Record record;
    record.image = "postgres";
    record.image_version = "17";
    record.database = "db";
    record.own_files = true;
    record.data_target = "/var/lib/postgresql/data";
    return record;
}

}  // namespace

TEST_CASE("the major of an image comes from the image itself", "[container]") {
    const auto major = [](std::map<std::string, std::string> environment) {
        engine::Image image;
        image.environment = std::move(environment);
        return server::major_of(image, "some:image");
    };
    CHECK(major({{"PG_MAJOR", "16"}, {"PG_VERSION", "15.1"}}) == 16);
    CHECK(major({{"PG_VERSION", "17.2-1.pgdg120+1"}}) == 17);
    CHECK(major({{"PGDATA", "/var/lib/postgresql/18/docker"}}) == 18);
    CHECK_THROWS_AS(major({{"PG_MAJOR", "13"}}), Error);
    CHECK_THROWS_AS(major({{"PG_MAJOR", "19"}}), Error);
    CHECK_THROWS_AS(major({{"PGDATA", "/var/lib/postgresql/data"}}), Error);
}

TEST_CASE("data are mounted where the image wants them", "[container]") {
    CHECK(server::data_target_of(World::image(17), 17) == "/var/lib/postgresql/data");
    CHECK(server::data_target_of(World::image(18), 18) == "/var/lib/postgresql");
    auto image = World::image(17);
    image.volumes.clear();
    image.environment["PGDATA"] = "/home/postgres/pgdata/data";
    CHECK(server::data_target_of(image, 17) == "/home/postgres/pgdata/data");
    CHECK(server::data_target_of({}, 18) == "/var/lib/postgresql");
}

TEST_CASE("an image is pulled when it is missing, unless that is forbidden", "[container]") {
    World world;
    world.engine.registry["postgres:16"] = World::image(16);
    CHECK(server::image_of(world.context, "postgres:17").id == "sha256:17");
    CHECK(world.engine.count("pull") == 0);
    CHECK(server::image_of(world.context, "postgres:16").id == "sha256:16");
    world.environment.disable_pull = true;
    world.engine.registry["postgres:15"] = World::image(15);
    CHECK_THROWS_AS(server::image_of(world.context, "postgres:15"), Error);
}

TEST_CASE("a service of ours gets its secrets by files alone", "[container]") {
    World world;
    const auto one = world.add_service("db");
    auto record = own_record();
    record.config_options = "-c 'a b=c'";
    record.memory = "512";
    record.shm_size = "64m";
    record.volumes = {{.source = "/srv", .target = "/mnt", .read_only = true}};
    const auto spec = server::spec_of(one, record, {});
    CHECK(spec.name == "dokku.postgres.db");
    CHECK(spec.hostname == spec.name);
    CHECK(spec.image == "postgres:17");
    CHECK(spec.restart == "always");
    CHECK(spec.memory == "512m");
    CHECK(spec.shm == "64m");
    CHECK(spec.arguments == Words{"-c", "a b=c"});
    CHECK(spec.environment == Words{"POSTGRES_PASSWORD_FILE=/run/dokku-postgres/password",
                                    "POSTGRES_DB=db", "POSTGRES_HOST_AUTH_METHOD=scram-sha-256"});
    CHECK(spec.labels ==
          std::map<std::string, std::string>{{"dokku", "service"}, {"dokku.service", "postgres"}});
    CHECK(target_of(spec, "/host/services/db/data") == "/var/lib/postgresql/data");
    CHECK(target_of(spec, "/host/services/db/run/password") == "/run/dokku-postgres/password");
    CHECK(target_of(spec, "/srv") == "/mnt");
    CHECK(spec.env_file.empty());
    for (const auto& mount : spec.mounts) {
        CHECK(mount.read_only == (mount.source != "/host/services/db/data"));
    }
}

TEST_CASE("an adopted service finds its data by where they lie", "[container]") {
    World world;
    const auto one = world.add_service("db");
    const auto target = [&] { return target_of(spec_of(one), "/host/services/db/data"); };
    SECTION("nothing there: the image says") { CHECK(target() == "/var/lib/postgresql/data"); }
    SECTION("a cluster in a folder of its major") {
        std::filesystem::create_directories(one.file("data") / "18" / "docker");
        CHECK(target() == "/var/lib/postgresql");
    }
    SECTION("a cluster in the folder itself, whatever the tag says") {
        World::write(one.file("IMAGE_VERSION"), "18\n");
        World::write(one.file("data") / "PG_VERSION", "17\n");
        CHECK(target() == "/var/lib/postgresql/data");
    }
    SECTION("the old container knows a place of its own") {
        world.add_container(one).mounts = {{.source = "/host/services/db/data", .target = "/pg"}};
        CHECK(target() == "/pg");
    }
}

TEST_CASE("an adopted container made again keeps what only it knew", "[container]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("CONFIG_OPTIONS"), "-c work_mem=8MB\n");
    auto& old = world.add_container(one);
    old.mounts.push_back({.source = "/host/services/db/certs", .target = "/certs"});
    old.mounts.push_back({.source = "4f0c", .target = "/extra"});
    old.mounts.push_back({.source = "/was", .target = "/unmounted"});
    old.arguments = {"postgres", "-c", "ssl=on", "-c", "work_mem=8MB"};
    auto record = service::read_record(one);
    record.volumes = {{.source = "/was", .target = "/unmounted"}};
    service::write_record(one, record);
    record.volumes.clear();
    record.config_options = "-c work_mem=16MB";
    const auto spec = server::spec_of(one, record, old);
    CHECK(mounts(spec, "/certs"));
    CHECK(mounts(spec, "/extra"));
    CHECK_FALSE(mounts(spec, "/unmounted"));
    CHECK(spec.arguments == Words{"postgres", "-c", "ssl=on", "-c", "work_mem=16MB"});
    CHECK(spec.environment.empty());
}

TEST_CASE("options of the official plugin that are no shell words are split at spaces",
          "[container]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("CONFIG_OPTIONS"), "-c a=it's\n");
    CHECK(spec_of(one).arguments == Words{"-c", "a=it's"});
}

TEST_CASE("an adopted service without IMAGE takes its container's, or says what to do",
          "[container]") {
    World world;
    const auto one = world.add_service("db");
    std::filesystem::remove(one.file("IMAGE"));
    CHECK_THROWS_AS(spec_of(one), Error);
    world.add_container(one);
    CHECK(spec_of(one).image == "postgres:17");
}

TEST_CASE("the second generation's certificate and log options go along", "[container]") {
    World world;
    const auto one = world.add_service("db");
    World::write(one.file("DEFINITION"), "postgres-17");
    std::filesystem::create_directories(one.file("certs"));
    World::write(one.file("certs") / "server.crt", "x");
    world.dokku.properties["db"] = {{"log-driver", "local"}, {"restart-policy", "unless-stopped"}};
    const auto spec = spec_of(one);
    CHECK(target_of(spec, "/host/services/db/certs") == "/certs");
    CHECK(spec.arguments[1] == "ssl=on");
    CHECK(spec.options == Words{"--log-driver=local"});
    CHECK(spec.restart == "unless-stopped");
}

TEST_CASE("a container is made, joined and started once", "[container]") {
    World world;
    const auto one = world.add_service("db");
    auto record = own_record();
    record.initial_network = {"first"};
    record.post_create_network = {"early", "first"};
    record.post_start_network = {"late"};
    world.engine.networks = {"first", "early", "late"};
    service::write_record(one, record);
    const auto made = server::make_container(one, record, spec_of(one));
    CHECK(made.running());
    Words verbs;
    for (const auto& call : world.engine.calls) {
        const auto words = call.substr(0, call.find(' ', call.find(' ') + 1));
        if (!call.starts_with("find") && !call.starts_with("image")) verbs.push_back(words);
    }
    CHECK(verbs == Words{"has_network dokku-postgres", "ensure_network dokku-postgres",
                         "create dokku.postgres.db", "connect dokku-postgres", "connect early",
                         "start " + made.id, "connect late"});
    CHECK(made.on("dokku-postgres")->aliases == Words{"dokku-postgres-db", "dokku.postgres.db"});
    CHECK(world.engine.specs[one.container()].aliases.front() == "dokku-postgres-db");
    CHECK(World::read(one.file("ID")) == made.id);
}

TEST_CASE("a container that cannot be joined or started is not left", "[container]") {
    World world;
    const auto one = world.add_service("db");
    service::write_record(one, own_record());
    const auto spec = spec_of(one);
    for (const std::string verb : {"connect", "start"}) {
        world.engine.fail_on = {{verb, "no"}};
        CHECK_THROWS_AS(server::make_container(one, own_record(), spec), Error);
        CHECK(world.engine.containers.empty());
    }
}

TEST_CASE("a network that is gone is named with the setting that names it", "[container]") {
    World world;
    const auto one = world.add_service("db");
    auto record = own_record();
    const std::pair<const char*, Words service::Record::*> settings[] = {
        {"initial-network", &service::Record::initial_network},
        {"post-create-network", &service::Record::post_create_network},
        {"post-start-network", &service::Record::post_start_network}};
    for (const auto& [setting, names] : settings) {
        record = own_record();
        record.*names = {"gone"};
        service::write_record(one, record);
        try {
            server::bring_up(one);
            FAIL("it came up");
        } catch (const Error& error) {
            CHECK(error.what() == std::string("network 'gone' of service 'db' is gone"));
            CHECK_THAT(error.hint(),
                       Catch::Matchers::Contains(std::string("dokku postgres:set db ") + setting));
        }
        CHECK(world.engine.containers.empty());
    }
}

TEST_CASE("a network that the engine misses at the start only is named too", "[container]") {
    World world;
    const auto one = world.add_service("db");
    auto record = own_record();
    record.post_create_network = {"brief"};
    service::write_record(one, record);
    world.engine.networks = {"brief"};
    world.engine.before = [&](const std::string& call) {
        if (!call.starts_with("start ")) return;
        world.engine.networks.erase("brief");
        throw Error{"cannot start container"};
    };
    CHECK_THROWS_WITH(server::bring_up(one), "network 'brief' of service 'db' is gone");
    CHECK(world.engine.containers.empty());
}

TEST_CASE("a container that is started again joins and leaves what was set", "[container]") {
    World world;
    const auto one = world.add_service("db");
    world.engine.networks = {"early", "late", "former", "by-hand"};
    auto record = own_record();
    record.post_create_network = {"early"};
    record.post_start_network = {"late"};
    record.former_networks = {"former"};
    service::write_record(one, record);
    auto& container = world.add_container(one, "exited");
    container.networks.push_back({.network = "former"});
    container.networks.push_back({.network = "by-hand"});
    const auto up = server::bring_up(one);
    for (const auto* name : {"early", "late", "by-hand"}) CHECK(up.on(name) != nullptr);
    CHECK(up.on("former") == nullptr);
    CHECK(service::read_record(one).former_networks.empty());
}

TEST_CASE("a service is brought up from every state", "[container]") {
    World world;
    const auto one = world.add_service("db");
    service::write_record(one, own_record());
    const auto join = [&](engine::Container& container) {
        container.networks.push_back(
            {.network = "dokku-postgres", .address = {}, .aliases = {one.host()}});
    };
    SECTION("running: one look") {
        join(world.add_container(one));
        CHECK(server::bring_up(one).running());
        CHECK(world.engine.calls.size() == 1);
    }
    SECTION("gone: made again") {
        CHECK(server::bring_up(one).running());
        CHECK(world.engine.count("create") == 1);
    }
    SECTION("paused by the engine") {
        join(world.add_container(one, "paused"));
        CHECK(server::bring_up(one).running());
        CHECK(world.engine.count("start") == 0);
    }
    SECTION("stopped: started as it is, joined before") {
        world.add_container(one, "exited");
        CHECK(server::bring_up(one).running());
        CHECK(world.engine.count("create") == 0);
        CHECK(world.engine.count("connect dokku-postgres") == 1);
    }
    SECTION("killed before it was joined: made again") {
        const std::string before = world.add_container(one, "created").id;
        CHECK(server::bring_up(one).id != before);
    }
    SECTION("cannot be started as it is: made again") {
        const std::string before = world.add_container(one, "exited").id;
        world.engine.before = [&](const std::string& call) {
            if (call == "start " + before) throw Error{"a network is gone"};
        };
        const auto now = server::bring_up(one);
        CHECK(now.id != before);
        CHECK(now.running());
    }
    SECTION("somebody else's: left alone") {
        world.add_container(one, "exited").labels.clear();
        world.engine.containers[one.container()].mounts.clear();
        CHECK_THROWS_AS(server::bring_up(one), Error);
        CHECK(world.engine.count("remove") == 0);
    }
}

TEST_CASE("the old container stays when the new one cannot be thought out", "[container]") {
    World world;
    const auto one = world.add_service("db");
    std::filesystem::remove(one.file("IMAGE"));
    world.add_container(one, "created").image.clear();
    CHECK_THROWS_AS(server::bring_up(one), Error);
    CHECK(world.engine.containers.size() == 1);
}

TEST_CASE("an adopted container joins live, and its apps' containers with it", "[container]") {
    World world;
    const auto one = world.add_service("db");
    service::add_to_links(one, "web");
    auto& app = world.engine.add("web.web.1", "running", {{"com.dokku.app-name", "web"}});
    const std::string id = world.add_container(one).id;
    const auto up = server::bring_up(one);
    CHECK(up.id == id);
    CHECK(up.on("dokku-postgres") != nullptr);
    CHECK(world.engine.count("start") == 0);
    CHECK(world.engine.count("connect dokku-postgres " + app.id) == 1);
}

TEST_CASE("a container on a network that cannot be shared is left as it is", "[container]") {
    World world;
    const auto one = world.add_service("db");
    auto& container = world.add_container(one);
    container.network_mode = "host";
    server::join_our_network(one, container);
    CHECK(world.engine.count("connect") == 0);
    CHECK(server::address_of(container) == "127.0.0.1");
}

TEST_CASE("a server is reached over the default bridge, else over our network", "[container]") {
    engine::Container container;
    container.networks = {{.network = "other", .address = "10.0.0.1", .aliases = {}},
                          {.network = "dokku-postgres", .address = "10.0.0.2", .aliases = {}},
                          {.network = "bridge", .address = "10.0.0.3", .aliases = {}}};
    CHECK(server::address_of(container) == "10.0.0.3");
    container.networks.pop_back();
    CHECK(server::address_of(container) == "10.0.0.2");
    container.networks.pop_back();
    CHECK(server::address_of(container) == "10.0.0.1");
    container.networks.clear();
    CHECK_THROWS_AS(server::address_of(container), Error);
}

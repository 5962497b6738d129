// The known ways in which a service can be broken, each with a way out.

#include "official/health.h"

#include "fakes/catch.h"
#include "fakes/world.h"
#include "service/links.h"

using Catch::Matchers::Contains;
using fakes::World;

namespace {

std::string said(World& world, const service::Service& service,
                 const std::vector<std::string>& apps = {}) {
    std::string text;
    for (const auto& line :
         official::problems(service, world.engine.find(service.container()), apps)) {
        text += line + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a service in order is not spoken of", "[survey]") {
    World world;
    const auto db = world.add_service("db");
    world.add_container(db);
    service::add_to_links(db, "web");
    World::write(db.file("data") / "PG_VERSION", "17\n");
    CHECK(said(world, db, {"web"}).empty());
}

TEST_CASE("the official plugin's backup line is said to fail, with one that does not", "[survey]") {
    World world;
    world.environment.cron = world.root;
    const auto db = world.add_service("db");
    world.add_container(db);
    const auto file = world.root / "dokku-postgres-db";
    World::write(file,
                 "# postgres:backup \n30 4 * * 1 dokku /usr/bin/dokku postgres:backup db bucket\n");
    CHECK_THAT(
        said(world, db),
        Contains("service db is not backed up") && Contains(file.string()) &&
            Contains("30 4 * * 1 root umask 077; /usr/bin/dokku --quiet postgres:export db > "
                     "/var/backups/db.dump.new && mv /var/backups/db.dump.new "
                     "/var/backups/db.dump"));
    World::write(file, "@daily dokku /usr/bin/dokku postgres:backup db bucket --use-iam\n");
    CHECK_THAT(said(world, db), Contains(": @daily root umask"));
    World::write(file, "30 4 * * 1 root /usr/bin/dokku postgres:export db > /x\n");
    CHECK(said(world, db).empty());
}

TEST_CASE("a schedule of the official plugin's second generation is said to be over", "[survey]") {
    World world;
    world.environment.cron = world.root;
    const auto db = world.add_service("db");
    world.add_container(db);
    world.dokku.properties["db"]["backup-schedule"] = "0 3 * * *";
    CHECK(said(world, db).empty());
    World::write(db.file("DEFINITION"), "postgres-17");
    CHECK_THAT(said(world, db), Contains("service db is not backed up") &&
                                    Contains("0 3 * * * root umask 077; /usr/bin/dokku"));
    World::write(world.root / "dokku-postgres-db",
                 "0 3 * * * root /usr/bin/dokku postgres:export db\n");
    CHECK(said(world, db).empty());
}

TEST_CASE("what is broken is said with a way out", "[survey]") {
    World world;
    const auto db = world.add_service("db");
    SECTION("the container is gone") {
        CHECK_THAT(said(world, db), Contains("'dokku postgres:start db'"));
    }
    SECTION("and the IMAGE file too") {
        std::filesystem::remove(db.file("IMAGE"));
        CHECK_THAT(said(world, db), Contains("has no IMAGE file") && Contains("postgres:start"));
    }
    SECTION("an app is gone") {
        service::add_to_links(db, "gone");
        CHECK_THAT(said(world, db, {"web"}), Contains("'dokku postgres:unlink db gone'"));
    }
    SECTION("certs/ was left") {
        std::filesystem::create_directory(db.file("certs"));
        world.add_container(db);
        CHECK_THAT(said(world, db), Contains("rm -r " + db.file("certs").string()));
        world.engine.containers[db.container()].mounts.push_back(
            {.source = (db.host_folder / "certs").string(), .target = "/certs"});
        CHECK(said(world, db).empty());
    }
    SECTION("the data are of another major") {
        world.add_container(db, "exited");
        World::write(db.file("data") / "PG_VERSION", "15\n");
        CHECK_THAT(said(world, db), Contains("PostgreSQL 15") && Contains("postgres:17") &&
                                        Contains("postgres:upgrade db --image-version 15"));
    }
    SECTION("the password is gone") {
        world.add_container(db);
        std::filesystem::remove(db.file("PASSWORD"));
        CHECK_THAT(said(world, db), Contains(db.file("PASSWORD").string()));
    }
    SECTION("a file of ours cannot be read") {
        world.add_container(db);
        World::write(db.file("links.yml"), "{[");
        CHECK_THAT(said(world, db), Contains("links.yml"));
    }
}

TEST_CASE("the major of data in either place", "[survey]") {
    World world;
    const auto db = world.add_service("db");
    CHECK_FALSE(official::data_major(db));
    for (const auto* major : {"17", "18"}) {
        const auto folder = db.file("data") / major / "docker";
        std::filesystem::create_directories(folder);
        World::write(folder / "PG_VERSION", std::string(major) + "\n");
    }
    CHECK(official::data_major(db) == 18);
    World::write(db.file("data") / "PG_VERSION", "16\n");
    CHECK(official::data_major(db) == 16);
}

TEST_CASE("the image is remembered while a container tells it", "[survey]") {
    World world;
    const auto db = world.add_service("db");
    engine::Container container;
    container.image = "registry:5000/postgis/postgis:17-3.5";
    official::remember_image(db, container);
    CHECK(World::read(db.file("IMAGE")) == "postgres\n");
    std::filesystem::remove(db.file("IMAGE"));
    official::remember_image(db, container);
    CHECK(World::read(db.file("IMAGE")) == "registry:5000/postgis/postgis\n");
    CHECK(World::read(db.file("IMAGE_VERSION")) == "17-3.5\n");
}

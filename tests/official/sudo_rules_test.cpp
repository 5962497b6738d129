// The official plugin's sudo rules go; those of anybody else stay.

#include "official/sudo_rules.h"

#include <unistd.h>

#include "fakes/catch.h"
#include "fakes/world.h"

using fakes::World;

namespace {

// As the official plugin's install writes them.
std::string official_rules(const World& world) {
    const std::string services = world.environment.services.string();
    std::string rules;
    for (const std::string words :
         {"rm -f /etc/cron.d/dokku-postgres-*", "chown root\\:root /etc/cron.d/dokku-postgres-*",
          "chmod 644 /etc/cron.d/dokku-postgres-*"}) {
        rules += "%dokku ALL=(ALL) NOPASSWD:/bin/" + words + "\n";
    }
    rules += "%dokku ALL=(ALL) NOPASSWD:/bin/mv " + services +
             "/.TMP_CRON_FILE /etc/cron.d/dokku-postgres-*\n";
    rules += "%dokku ALL=(ALL) NOPASSWD:/bin/chown 8983 " + services + "/*\n";
    return rules + "%dokku ALL=(ALL) NOPASSWD:/bin/chgrp 8983 " + services + "/*\n";
}

}  // namespace

TEST_CASE("the official plugin's sudo rules are removed, others stay", "[sudo_rules]") {
    if (::geteuid() != 0) return;
    World world;
    std::filesystem::create_directories(world.environment.sudoers);
    const auto file = world.environment.sudoers / "dokku-postgres";
    const auto remaining = world.environment.services / ".TMP_CRON_FILE";
    World::write(remaining, "x");
    SECTION("its own") {
        World::write(file, official_rules(world));
        official::remove_sudo_rules(world.environment);
        CHECK_FALSE(std::filesystem::exists(file));
        CHECK_FALSE(std::filesystem::exists(remaining));
    }
    SECTION("one more of the operator's") {
        World::write(file, official_rules(world) + "%dokku ALL=(ALL) NOPASSWD:/bin/true\n");
        official::remove_sudo_rules(world.environment);
        CHECK(std::filesystem::exists(file));
    }
    SECTION("none") { CHECK_NOTHROW(official::remove_sudo_rules(world.environment)); }
}

// One holder at a time.

#include "state/lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "fakes/catch.h"
#include "fakes/world.h"

using state::Lock;

TEST_CASE("two threads never hold the same lock at once", "[lock]") {
    fakes::World world;
    int holders = 0;
    std::atomic<int> most = 0;
    const auto work = [&] {
        for (int i = 0; i < 50; ++i) {
            const Lock lock(world.context.environment, Lock::Of::service, "a");
            most = std::max(most.load(), ++holders);
            std::this_thread::yield();
            --holders;
        }
    };
    std::thread one(work);
    std::thread two(work);
    one.join();
    two.join();
    CHECK(most == 1);
}

TEST_CASE("locks of a service, its server and an app of the same name are three", "[lock]") {
    fakes::World world;
    const Lock server(world.context.environment, Lock::Of::server, "a");
    const Lock service(world.context.environment, Lock::Of::service, "a");
    const Lock app(world.context.environment, Lock::Of::app, "a");
    CHECK(std::filesystem::exists(world.environment.data / "locks" / "server-a"));
    CHECK(std::filesystem::exists(world.environment.data / "locks" / "service-a"));
    CHECK(std::filesystem::exists(world.environment.data / "locks" / "app-a"));
}

TEST_CASE("who waits for a lock whose file is removed gets the one that has the name", "[lock]") {
    fakes::World world;
    const auto path = world.environment.data / "locks" / "service-a";
    std::thread waiter;
    {
        const Lock held(world.context.environment, Lock::Of::service, "a");
        waiter = std::thread([&] {
            const Lock lock(world.context.environment, Lock::Of::service, "a");
            CHECK(std::filesystem::exists(path));
        });
        std::filesystem::remove(path);
    }
    waiter.join();
}

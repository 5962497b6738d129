// The versions of Docker.
#pragma once

#include <string>

namespace engine {

/// The versions of the client and of its engine; empty if unknown.
struct Versions {
    std::string client;
    std::string server;
};

/// Asks the given docker client (`$DOCKER_BIN`) once.
Versions versions(const std::string& client);

}  // namespace engine

// Which Docker answers.
#pragma once

#include <string>

namespace engine {

/// Of the client and of the engine behind it; empty for one that gives no answer.
struct Versions {
    std::string client;
    std::string server;
};

/// Asks the given docker client (`$DOCKER_BIN`) once.
Versions versions(const std::string& client);

}  // namespace engine

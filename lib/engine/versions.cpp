// One call of the docker client, which prints its own version even if the engine is down.
#include "engine/versions.h"

#include <chrono>
#include <sstream>

#include "error/error.h"
#include "process/process.h"

namespace engine {

Versions versions(const std::string& client) {
    Versions found;
    try {
        const auto result = process::run(
            {.argv = {client, "version", "--format",
                      "{{.Client.Version}}{{println}}{{if .Server}}{{.Server.Version}}{{end}}"},
             .limit = std::chrono::seconds(15)});
        std::istringstream lines(result.out);
        std::getline(lines, found.client);
        std::getline(lines, found.server);
    } catch (const Error&) {
        return {};  // there is no such program
    }
    return found;
}

}  // namespace engine

// dokku postgres:logs -- print the log of a service's server.

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "cli/main.h"
#include "error/error.h"
#include "host/log.h"
#include "process/cancellation.h"
#include "server/container.h"
#include "server/notices.h"
#include "service/service.h"

constexpr cli::Argument arguments[] = {
    {"service", "service to run command against"},
    {"tail-num", "number of lines from the end (default: all)", cli::optional},
};
constexpr cli::Flag flags[] = {
    {'t', "tail", "", "keep printing new lines until stopped"},
};
constexpr cli::Example examples[] = {
    {"the whole log", "dokku postgres:logs lollipop"},
    {"the last five lines, and new ones as they come", "dokku postgres:logs lollipop --tail 5"},
};
constexpr cli::Command command{
    .name = "logs",
    .summary = "print the most recent log(s) for this service",
    .arguments = arguments,
    .flags = flags,
    .examples = examples,
};

static int count_of(const std::string& text) {
    if (text == "all") return -1;
    int count = -1;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || stop != text.data() + text.size() || count < 0) {
        throw usage_error("'" + host::printable(text) + "' is not a number of lines",
                          "Say how many: dokku postgres:logs SERVICE --tail 5");
    }
    return count;
}

// A login that fails can put any name into the log, so control characters are left out.
static int show(const service::Context& context, const engine::Container& container, int count,
                bool follow) {
    constexpr std::size_t longest_line = 65536;
    std::string line;
    const auto print = [&] {
        cli::print(host::printable(line) + "\n");
        line.clear();
    };
    const process::Cancellation ends_the_client;
    try {
        const int status =
            context.engine.read_logs(container.name, count, follow, [&](std::string_view bytes) {
                for (const char c : bytes) {
                    if (c != '\n') line += c;
                    if (c == '\n' || line.size() >= longest_line) print();
                }
                std::fflush(stdout);
            });
        if (!line.empty()) print();
        return status;
    } catch (const process::Cancelled&) {
        return 0;  // this is how --tail ends
    }
}

static void run(const cli::Invocation& given) {
    const int count = count_of(given.find("tail-num").value_or("all"));
    const auto& context = service::context();
    const auto service = service::open(context, given["service"]);
    const auto container = server::container_of(service);
    if (!container) {
        throw Error{"Service container does not exist",
                    "Its log went with it.\n" + server::why_not_running(service, container)};
    }
    if (!container->running()) {
        host::warn("Service logs may not be output as service is not running");
        host::warn(server::why_not_running(service, container));
    }
    const bool is_shown = context.environment.over_ssh || ::isatty(STDOUT_FILENO) == 1;
    const int status = is_shown ? show(context, *container, count, given.has("tail"))
                                : context.engine.logs(container->name, count, given.has("tail"));
    if (status != 0) throw Error{"the log of service '" + service.name + "' could not be read"};
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }

// dokku postgres:version -- the versions of the plugin, its libraries, libpq and Docker.
#include <string>

#include "cli/main.h"
#include "cli/report.h"
#include "engine/versions.h"
#include "host/environment.h"
#include "pg/library.h"

constexpr cli::Flag flags[] = {
    {0, "verbose", "", "show the libraries, the compiler and Docker too"},
    cli::format_flag,
};
constexpr cli::Example examples[] = {
    {"the plugin alone", "dokku postgres:version"},
    {"everything that a bug report needs", "dokku postgres:version --verbose"},
};
constexpr cli::Command command{
    .name = "version",
    .summary = "print the version of the plugin",
    .flags = flags,
    .examples = examples,
    .details =
        "--verbose also shows the libraries that the programs were built with, which of them are "
        "inside the programs (static), the libpq of this host, and the client and the engine of "
        "Docker. A dash stands for one that does not answer.",
};

// Null for a version that is unknown.
static value::Value or_null(const std::string& text) {
    return text.empty() ? value::Value{} : value::Value{text};
}

static std::string compiler() {
#ifdef __clang__
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}

// libstdc++ comes with gcc and has its version; another compiler knows the major one and the day.
static std::string standard_library() {
#ifdef __clang__
    return std::to_string(_GLIBCXX_RELEASE) + "." + std::to_string(__GLIBCXX__);
#else
    return __VERSION__;
#endif
}

static value::Fields facts(bool verbose) {
    value::Fields all = {{"version", PLUGIN_VERSION}};
    if (!verbose) return all;
    const auto docker = engine::versions(host::environment().docker);
    all.insert(all.end(), {{"compiler", compiler()},
                           {"libstdc++", standard_library()},
                           {"boost", BOOST_BUILT},
                           {"yaml-cpp", YAML_CPP_BUILT},
                           {"spdlog", SPDLOG_BUILT},
                           {"fmt", FMT_BUILT},
                           {"zlib", ZLIB_BUILT},
                           {"zstd", ZSTD_BUILT},
                           {"lz4", LZ4_BUILT},
                           {"static", STATIC_BUILT},
                           {"libpq", pg::library_version()},
                           {"docker-client", or_null(docker.client)},
                           {"docker-server", or_null(docker.server)}});
    return all;
}

static void run(const cli::Invocation& given) {
    auto all = facts(given.has("verbose"));
    const auto lines = [&] {
        cli::print("dokku-postgres " + cli::text(all.front().second) + "\n");
        cli::print(cli::table({all.begin() + 1, all.end()}, {.in_words = false, .width = 15}));
    };
    const auto report = [&] { return all; };
    cli::show(given, report, lines);
}

int main(int argc, char** argv) { return cli::main(command, run, argc, argv); }

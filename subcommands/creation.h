// The flags that create, clone and upgrade share.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string_view>

#include "cli/invocation.h"
#include "error/error.h"
#include "host/log.h"
#include "server/create.h"
#include "service/service.h"
#include "service/settings.h"

/// For create, clone and upgrade.
inline constexpr cli::Flag progress_flag = {
    0, "progress", "", "print progress every ten seconds if standard error is no terminal"};

/// A command's own help text for the flag of a setting, instead of the table's.
struct Meaning {
    service::Setting setting;
    std::string_view text;
};

/// A flag for each setting, and `others`, sorted by their letters.
template <std::size_t count>
constexpr auto setting_flags_and(const cli::Flag (&others)[count],
                                 std::initializer_list<Meaning> meanings) {
    std::array<cli::Flag, count + service::setting_count> flags{};
    auto* end = std::copy(std::begin(others), std::end(others), flags.begin());
    for (const auto& row : service::setting_rows) {
        *end = {row.letter, row.name, row.value, row.meaning};
        for (const auto& meaning : meanings)
            if (meaning.setting == row.setting) end->meaning = meaning.text;
        ++end;
    }
    std::sort(flags.begin(), flags.end(), [](const cli::Flag& left, const cli::Flag& right) {
        const auto letter = [](const cli::Flag& flag) {
            const char first = flag.letter == 0 ? flag.name.front() : flag.letter;
            return first >= 'A' && first <= 'Z' ? static_cast<char>(first - 'A' + 'a') : first;
        };
        return letter(left) != letter(right) ? letter(left) < letter(right)
                                             : left.name < right.name;
    });
    return flags;
}

/// The flags of create and clone besides the settings.
inline constexpr cli::Flag creation_flags[] = {
    {'p', "password", "PASSWORD", "the password of the superuser (default: a random one)"},
    progress_flag,
    {'r', "root-password", "PASSWORD", "refused: PostgreSQL has no root user"},
    {0, "wait-timeout", "SECONDS", "how long the server may take to answer (default: 120)"},
};
inline constexpr Meaning default_shm_size = {
    service::Setting::shm_size,
    "shared memory of the container, 256m or 1g; a plain number is bytes (default: 64m)"};

/// The settings that were given by flags; throws a usage Error for an invalid one.
inline service::Settings settings_of(const cli::Invocation& given) {
    service::Settings settings;
    for (const auto& row : service::setting_rows) settings[row.setting] = given.find(row.name);
    service::check(settings);
    return settings;
}

/// With --progress, and if stderr is no terminal, prints a line every ten seconds while an image is
/// pulled.
inline void show_pulls(const cli::Invocation& given, const service::Context& context) {
    if (!given.has("progress") || ::isatty(STDERR_FILENO) == 1) return;
    context.engine.show_pulls({.drawn = false, .told = [](const auto& reference, auto since) {
                                   host::verbose("Pulling image " + reference + ", " +
                                                 std::to_string(since.count()) + " s");
                               }});
}

/// The options of a new service; throws a usage Error for invalid ones.
inline server::Options options_of(const cli::Invocation& given) {
    if (given.has("root-password")) {
        throw usage_error("a Postgres service has no root password",
                          "Its superuser is 'postgres'; --password sets that password.");
    }
    server::Options options{.settings = settings_of(given), .password = given.find("password")};
    if (const auto seconds = given.number("wait-timeout", 1, 86400)) {
        options.patience = std::chrono::seconds(*seconds);
    }
    return options;
}

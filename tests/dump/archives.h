// The archives of `tests/dump/archives`.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fakes/catch.h"

namespace archives {

inline std::string fixture(const std::string& name) {
    const auto path = std::filesystem::path(TESTS_FOLDER) / "dump" / "archives" / name;
    std::ifstream file{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    REQUIRE_FALSE(bytes.empty());
    return bytes;
}

}  // namespace archives

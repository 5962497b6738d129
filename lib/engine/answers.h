// What the docker client prints beside JSON, read.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// What the client puts before a sentence of the engine's.
inline constexpr std::string_view from_engine = "Error response from daemon: ";

/// The lines that hold something, without the white space at their ends.
std::vector<std::string> lines_of(const std::string& text);
/// The engine's own last sentence; without one, the client's last line that is no advice.
std::string last_word(const std::string& text);
/// Whether the words are in the text, in capitals or not.
bool holds(const std::string& text, std::string_view words);
/// How many things of a kind the engine says it has not. Not just "no such": a client that finds no
/// socket speaks of a file, one that finds no host of that.
std::size_t count_missing(const std::string& errors, const std::string& kind);
/// Names and states of containers, a line `NAME,OTHER/ALIAS<tab>STATE` each.
std::map<std::string, std::string> read_states(const std::string& text);

}  // namespace engine

// Parses output of the docker client that is not JSON.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// The client's prefix of a message from the engine.
inline constexpr std::string_view from_engine = "Error response from daemon: ";

/// The lines that are not empty, without white space at their ends.
std::vector<std::string> lines_of(const std::string& text);
/// The engine's last message; if there is none, the client's last line that is not advice.
std::string last_message(const std::string& text);
/// Whether the text contains the words, in upper or lower case.
bool contains(const std::string& text, std::string_view words);
/// How many objects of a kind the engine reports as missing (`no such container`). The kind
/// matters: a client without a socket says `no such file`, one without a host `no such host`.
std::size_t count_missing(const std::string& errors, const std::string& kind);
/// Names and states of containers, from lines `NAME,OTHER/ALIAS<tab>STATE`.
std::map<std::string, std::string> read_states(const std::string& text);

}  // namespace engine

// COPY .. FROM stdin, written anew from its parts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dump {

/// The statement that psql and the server can only read as this one COPY FROM stdin, on one line
/// without its end; nothing where the text may be anything else.
std::optional<std::string> rebuilt_copy(std::string_view statement);

}  // namespace dump

// UTF-8 (RFC 3629) in words of others, which a terminal may not be given as they are.
#pragma once

#include <cstddef>
#include <string_view>

namespace error {

/// The bytes of the well-formed character at the front, 0 when none begins there.
std::size_t utf8_length(std::string_view text);
/// Whether the text holds nothing but such characters.
bool is_utf8(std::string_view text);
/// The length as utf8_length has it, 0 also for a control character and for one that turns the
/// direction of what follows.
std::size_t drawable_length(std::string_view text);

}  // namespace error

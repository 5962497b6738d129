// Bytes as text.
#pragma once

#include <string>
#include <string_view>

namespace value {

/// The bytes as lower-case hexadecimal digits, two for each.
std::string hexadecimal(std::string_view bytes);

}  // namespace value

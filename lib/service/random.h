// Random texts for passwords and names.
#pragma once

#include <cstddef>
#include <string>

namespace service {

/// Random bytes from the kernel as lower-case hexadecimal digits, two per byte. Throws Error.
std::string random_hex(std::size_t bytes);

}  // namespace service

// Random texts for passwords and names.
#pragma once

#include <cstddef>
#include <string>

namespace service {

/// Random bytes of the kernel as lower-case hexadecimal digits, two a byte.
std::string random_hex(std::size_t bytes);

}  // namespace service

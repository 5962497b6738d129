// Random texts for passwords and names.

#include "service/random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>

#include "error/error.h"
#include "value/hexadecimal.h"

namespace service {

std::string random_hex(std::size_t bytes) {
    std::string raw(bytes, '\0');
    std::size_t filled = 0;
    while (filled < bytes) {
        const ssize_t got = ::getrandom(raw.data() + filled, bytes - filled, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error{std::string("cannot get random bytes: ") + std::strerror(errno)};
        filled += static_cast<std::size_t>(got);
    }
    return value::hexadecimal(raw);
}

}  // namespace service

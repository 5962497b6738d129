// The version of libpq.
#include "pg/library.h"

#include <libpq-fe.h>

namespace pg {

std::string library_version() {
    const int number = PQlibVersion();
    return std::to_string(number / 10000) + "." + std::to_string(number % 10000);
}

}  // namespace pg

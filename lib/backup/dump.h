// Export: pg_dump of the service's own image, its bytes straight to a descriptor.
#pragma once

#include <string>
#include <vector>

#include "service/service.h"

namespace backup {

/// How a dump is to be made.
struct Dumping {
    std::string format = "custom";  // custom, plain, tar
    std::string compress =
        {};  // none, a level, gzip[:N], lz4[:N], zstd[:N]; empty: the best of the server's major
};

/// The words of pg_dump for a server of that major; throws a usage Error for what it cannot do.
std::vector<std::string> dump_words(const Dumping& how, int major);

/// Dumps the service's database to a descriptor that pg_dump is given as it is; a terminal is
/// refused (exit 4). Throws Error when anything on the way fails: what was written until then is no
/// dump.
void dump(const service::Site& site, const service::Service& service, const Dumping& how, int out);

}  // namespace backup

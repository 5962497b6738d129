// Export: pg_dump of the service's own image, its bytes passed on to a descriptor.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "process/process.h"
#include "service/service.h"
#include "transfer/progress.h"

namespace transfer {

/// How a dump is to be made.
struct ExportOptions {
    std::string format = "custom";  // custom, plain, tar
    std::string compress =
        {};  // none, a level, gzip[:N], lz4[:N], zstd[:N]; empty: the best of the server's major
    int jobs = 1;              // sessions that dump at once; more than one needs disk
    bool to_terminal = false;  // nobody sits at it: it hands the bytes on
};

/// The words of pg_dump for a server of that major; throws a usage Error for what it cannot do.
std::vector<std::string> dump_words(const ExportOptions& how, int major);

/// The compression of a dump that is taken in as it is made: what packs faster than the engine's
/// clients carry.
std::string quick_compression(int major);

/// Who is told of a dump while it is made.
struct Audience {
    ProgressCallback watch = {};
    /// Gets each line that pg_dump says beside the reason of a failure, after the last byte.
    std::function<void(std::string_view line)> warn = {};
};

/// Tells what pg_dump said; throws Error with its reason unless it ended well.
void check_end(const process::Result& result, const Audience& audience);

/// Dumps the service's database to a descriptor; a terminal is refused (exit 4) unless it hands
/// bytes on. Throws Error when anything on the way fails: what was written until then is no dump,
/// and nothing works on in the container.
void export_dump(const service::Service& service, const ExportOptions& how, int out,
                 const Audience& audience = {});

}  // namespace transfer

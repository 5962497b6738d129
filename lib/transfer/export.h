// Export: runs pg_dump of the service's image and passes its output to a descriptor.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "process/process.h"
#include "service/service.h"
#include "transfer/progress.h"

namespace transfer {

/// Options of an export.
struct ExportOptions {
    std::string format = "custom";  // custom, plain, tar
    // none, a level, gzip[:N], lz4[:N], zstd[:N]; empty: the best of the server's major
    std::string compress = {};
    int jobs = 1;              // sessions that dump at once; more than one needs disk space
    bool to_terminal = false;  // a terminal is allowed, because it passes the bytes unchanged
};

/// The command line of pg_dump for a server's major. Throws a usage Error for options that this
/// major does not support.
std::vector<std::string> dump_words(const ExportOptions& how, int major);

/// The compression for a dump that is imported while it is made: faster than the engine's client
/// can pass bytes.
std::string quick_compression(int major);

/// The callbacks of an export.
struct ExportCallbacks {
    ProgressCallback watch = {};
    /// Gets each line of pg_dump's stderr, except the reason of a failure, after the last byte.
    std::function<void(std::string_view line)> warn = {};
};

/// Passes pg_dump's messages to `warn`. Throws Error with its reason if it failed.
void check_end(const process::Result& result, const ExportCallbacks& callbacks);

/// Writes a dump of the service's database to a descriptor. A terminal is refused (exit 4) unless
/// `to_terminal`. Throws Error if anything fails: then the output is not a valid dump, and nothing
/// in the container goes on.
void export_dump(const service::Service& service, const ExportOptions& how, int out,
                 const ExportCallbacks& callbacks = {});

}  // namespace transfer

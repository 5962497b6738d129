// Clone: a new service like another, with its data.
#pragma once

#include <string>

#include "server/create.h"
#include "transfer/progress.h"

namespace transfer {

/// Who wants to know how a copy goes on.
struct CloneProgress {
    ProgressCallback copied = {};  // the bytes on their way
    ProgressCallback filled = {};  // the size of the new database after the last of them
};

/// Makes a service with the image, settings and limits of another, those in `options` excepted, and
/// fills it by a copy of the server's files where that is the same and faster, else by pg_dump
/// piped into pg_restore: no dump on disk. The source may stay in use; its published port, links
/// and an operator's own volumes are not taken over. When anything fails the new service goes away
/// again.
service::Service clone(const service::Service& source, const std::string& name,
                       const server::Options& options, const CloneProgress& watching = {});

/// What a new service is to be made with so that it is like another one.
service::Settings settings_like(const service::Record& record, const service::Settings& wanted);

}  // namespace transfer

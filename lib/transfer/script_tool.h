// psql of the service's image, and the words between which it reads a dump.
#pragma once

#include <string>
#include <string_view>

#include "dump/plain_dump_filter.h"
#include "transfer/import_job.h"

namespace transfer {

/// The program that reads a script, and stops at the first error unless errors are counted only.
process::Command script_tool(const ImportJob& work);

/// How many lines it is given before those of the dump, and what stands in them.
inline constexpr std::size_t lines_before_script = 1;
std::string script_head(const ImportJob& work);

/// What encloses a statement of a dump that is merged. The server runs it by EXECUTE of PL/pgSQL,
/// which refuses to end or begin a transaction, whatever the text holds and however it is split.
dump::PlainDumpFilter::Enclosure merge_enclosure();
/// The text with the words of such an enclosure around it.
std::string enclosed(std::string_view statement);
/// The beginning of the statement that stands in an enclosure; nothing where the text is none.
std::optional<std::string_view> without_enclosure(std::string_view text);

}  // namespace transfer

// The psql that runs a dump's script, and what is sent before and around its statements.
#pragma once

#include <string>
#include <string_view>

#include "dump/plain_dump_filter.h"
#include "transfer/import_job.h"

namespace transfer {

/// The command that runs a script; it stops at the first error unless errors are only counted.
process::Command script_tool(const ImportJob& work);

/// The number of lines that are sent before the dump, and these lines.
inline constexpr std::size_t lines_before_script = 1;
std::string script_head(const ImportJob& work);

/// The text around each statement of a dump that is merged. The server runs the statement by
/// EXECUTE of PL/pgSQL, which refuses to end or begin a transaction, however the statement is
/// split.
dump::PlainDumpFilter::Enclosure merge_enclosure();
/// The statement with such text around it.
std::string enclosed(std::string_view statement);
/// The beginning of the statement in a text made by enclosed(); nothing for any other text.
std::optional<std::string_view> without_enclosure(std::string_view text);

}  // namespace transfer

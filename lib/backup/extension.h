// What a dump says about extensions, put so that a role without rights may say it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backup {

/// The call that makes the extension of `CREATE EXTENSION [IF NOT EXISTS] NAME WITH SCHEMA
/// SCHEMA;`, which is how pg_dump writes it; nothing for any other statement.
std::optional<std::string> extension_call(std::string_view statement);

/// Whether a statement is a comment on an extension: it belongs to whoever owns the extension, and
/// its own text is there already.
bool is_extension_comment(std::string_view statement);

}  // namespace backup

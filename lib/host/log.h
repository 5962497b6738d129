// Messages to the user in Dokku's format. Headers go to stdout as in Dokku's core, progress to
// stderr. Results are printed elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace host {

/// `-----> text` on stderr; nothing when DOKKU_QUIET_OUTPUT is set.
void info1(std::string_view text);
/// `=====> text` on stdout, the header of what follows or the end of a change; nothing when quiet.
void info2(std::string_view text);
/// Seven spaces and text on stderr; nothing when quiet.
void verbose(std::string_view text);
/// ` !     text` on stderr, always.
void warn(std::string_view text);
/// ` ?     text` on stderr under DOKKU_TRACE=1 only.
void debug(std::string_view text);
/// The text without control bytes and terminal escapes, for foreign names and messages.
std::string printable(std::string_view text);

}  // namespace host

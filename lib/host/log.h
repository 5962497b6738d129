// Lines to the person at the terminal, in Dokku's forms. Headers go to stdout as those of core do,
// progress to stderr; results never come through here.
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
/// The text without control bytes and terminal escapes: for names and messages of others.
std::string printable(std::string_view text);

}  // namespace host

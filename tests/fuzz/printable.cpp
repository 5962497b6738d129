// Words of others on a terminal: nothing that it obeys, and nothing more to clean the second time.
#include "cli/text.h"
#include "fuzz.h"
#include "host/log.h"

void attack(std::string_view bytes) {
    const std::string shown = host::printable(bytes);
    fuzz::hold(fuzz::is_drawable(shown), "printable text can be drawn");
    fuzz::hold(host::printable(shown) == shown, "printable text stays as it is");
    const std::string escaped = cli::terminal_safe(bytes);
    fuzz::hold(fuzz::is_drawable(escaped), "terminal_safe text can be drawn");
    fuzz::hold(cli::terminal_safe(escaped) == escaped, "terminal_safe text stays as it is");
    if (fuzz::is_drawable(bytes))
        fuzz::hold(shown == bytes && escaped == bytes, "plain text is shown as it is");
}

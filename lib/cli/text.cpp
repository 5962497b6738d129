// Foreign text on a terminal.
#include "cli/text.h"

#include "error/utf8.h"

namespace cli {

std::string terminal_safe(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (const std::size_t length = error::printable_length(text); length > 0) {
            out += text.substr(0, length);
            text.remove_prefix(length);
            continue;
        }
        constexpr char digits[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(text[0]);
        if (byte == '\n')
            out += "\\n";
        else if (byte == '\t')
            out += ' ';
        else
            out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        text.remove_prefix(1);
    }
    return out;
}

}  // namespace cli

// Database URLs (RFC 3986): writes, masks and parses them.

#include "service/url.h"

#include <algorithm>

#include "error/error.h"

namespace service {

namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool is_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (is_unreserved(c)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += digits[byte >> 4U];
        result += digits[byte & 15U];
    }
    return result;
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A percent sign that is not followed by two hexadecimal digits is literal: the official plugin
// does not encode.
std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 &&
            hex(text[i + 2]) >= 0) {
            result += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::string put_together(const Url& url, const std::string& password) {
    std::string text = url.scheme + "://" + encoded(url.user);
    if (!password.empty()) text += ":" + password;
    text += "@" + encoded(url.host);
    if (!url.port.empty()) text += ":" + encoded(url.port);
    text += "/" + encoded(url.database);
    if (!url.querystring.empty()) text += "?" + url.querystring;
    return text;
}

bool is_scheme(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-';
    };
    return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
           std::all_of(text.begin(), text.end(), allowed);
}

// Splits `user:password@host:port`; false when it cannot be one.
bool take_authority(std::string_view text, Url& url) {
    const auto at = text.rfind('@');
    if (at != std::string_view::npos) {
        const auto login = text.substr(0, at);
        const auto colon = login.find(':');
        url.user = decoded(login.substr(0, colon));
        if (colon != std::string_view::npos) url.password = decoded(login.substr(colon + 1));
        text.remove_prefix(at + 1);
    }
    std::size_t colon = text.rfind(':');
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        colon = text.find(':', close);
    }
    url.host = decoded(text.substr(0, colon));
    if (colon != std::string_view::npos) url.port = std::string(text.substr(colon + 1));
    return !url.host.empty() && is_digits(url.port);
}

std::optional<Url> take_apart(std::string_view scheme, std::string_view authority,
                              std::string_view tail) {
    Url url;
    url.scheme = scheme;
    if (!take_authority(authority, url)) return {};
    const auto question = tail.find('?');
    if (question != std::string_view::npos) url.querystring = tail.substr(question + 1);
    tail = tail.substr(0, question);
    if (tail.starts_with('/')) url.database = decoded(tail.substr(1));
    return url;
}

}  // namespace

std::string to_string(const Url& url) { return put_together(url, encoded(url.password)); }

std::string masked(const Url& url) { return put_together(url, "********"); }

std::optional<Url> parse_url(std::string_view text) {
    const auto mark = text.find("://");
    if (mark == std::string_view::npos || !is_scheme(text.substr(0, mark))) return {};
    const auto scheme = text.substr(0, mark);
    const auto rest = text.substr(mark + 3);
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    if (auto url = take_apart(scheme, rest.substr(0, end), rest.substr(end))) return url;
    // The official plugin does not encode `/`, `?` and `#` in a password, so the last `@` ends the
    // login.
    const auto at = rest.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto far = std::min(rest.find_first_of("/?#", at), rest.size());
    return take_apart(scheme, rest.substr(0, far), rest.substr(far));
}

void check_scheme(const std::string& scheme) {
    if (!is_scheme(scheme)) {
        throw usage_error(
            "'" + scheme + "' cannot be the scheme of a URL",
            "A scheme is a letter and then letters, digits, +, . or -, all lower case.");
    }
}

void check_querystring(const std::string& querystring) {
    const bool fits = std::all_of(querystring.begin(), querystring.end(),
                                  [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
    if (!fits) {
        throw usage_error("a query string of a URL holds printable ASCII without spaces and '#'",
                          "Percent-encode what must stand in it, for example %20 for a space.");
    }
}

void check_alias(const std::string& alias) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    if (alias.empty() || (alias[0] >= '0' && alias[0] <= '9') ||
        !std::all_of(alias.begin(), alias.end(), fits)) {
        throw usage_error(
            "'" + alias + "' cannot be the name of a variable",
            "An alias is made of letters, digits and underscores, and begins with no digit.");
    }
}

}  // namespace service

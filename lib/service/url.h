// Database URLs: computed each time, never stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace service {

/// The parts of a database URL, decoded.
struct Url {
    std::string scheme, user, password, host, port, database, querystring;
};

/// `scheme://user:password@host:port/database[?querystring]`, every part percent-encoded but the
/// query string (RFC 3986).
std::string to_string(const Url& url);
/// The same with `********` in place of the password.
std::string masked(const Url& url);
/// Parses a database URL; nothing if it is not one.
std::optional<Url> parse_url(std::string_view text);
/// Each throws a usage Error unless the text is valid: a scheme (`[a-z][a-z0-9+.-]*`), a query
/// string (printable ASCII, no `#`, no spaces), an alias ([A-Za-z_][A-Za-z0-9_]*).
void check_scheme(const std::string& scheme);
void check_querystring(const std::string& querystring);
void check_alias(const std::string& alias);

}  // namespace service

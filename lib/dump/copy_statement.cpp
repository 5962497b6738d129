// COPY .. FROM stdin, written anew from its parts.
#include "dump/copy_statement.h"

#include <algorithm>

#include "dump/sql_statement.h"

namespace dump {

namespace {

bool is_plain_word(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// A text that means the same whatever the settings; nothing for others.
std::optional<std::string> plain_text(std::string_view value) {
    const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
        return c >= ' ' && c <= '~' && c != '\'' && c != '\\';
    });
    if (!plain) return {};
    return "'" + std::string{value} + "'";
}

// What may stand in the options and the condition.
std::optional<std::string> rebuilt(const Token& token, std::string_view sql) {
    switch (token.kind) {
        case Token::Kind::word:
            return is_plain_word(token.value) ? token.value : quoted_name(token.value);
        case Token::Kind::name:
            return quoted_name(token.value);
        case Token::Kind::text: {
            // The two that scripts have: a tab between the columns, and \N for null.
            const auto written = sql.substr(token.begin, token.end - token.begin);
            if (written == R"(E'\t')" || written == R"(e'\t')") return R"(E'\t')";
            if (written == R"('\N')" || written == R"(E'\\N')") return R"(E'\\N')";
            return plain_text(token.value);
        }
        case Token::Kind::symbol:
            if (std::string_view{"(),.*"}.find(token.value) == std::string_view::npos) return {};
            return token.value;
    }
    return {};
}

}  // namespace

std::optional<std::string> rebuilt_copy(std::string_view statement) {
    Statement given{statement};
    if (!given.take({"copy"})) return {};
    std::string put = "COPY ";
    const auto names = given.qualified_name();
    if (names.empty()) return {};
    for (const auto& name : names) put += (&name == &names.front() ? "" : ".") + quoted_name(name);
    if (given.take_symbol('(')) {
        const char* before = " (";
        do {
            const auto column = given.name();
            if (!column) return {};
            put += before + quoted_name(*column);
            before = ", ";
        } while (given.take_symbol(','));
        if (!given.take_symbol(')')) return {};
        put += ")";
    }
    if (!given.take({"from", "stdin"})) return {};
    put += " FROM stdin";
    while (!given.ends()) {
        const auto part = rebuilt(given.tokens()[given.at()], given.sql());
        if (!part) return {};
        put += " " + *part;
        given.go_to(given.at() + 1);
    }
    return put + ";";
}

}  // namespace dump

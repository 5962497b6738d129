// Splits SQL statements into tokens, as the server's scanner does.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dump {

/// One token of a statement.
struct Token {
    enum class Kind {
        word,    // in small letters
        name,    // "..": the name without quotes
        text,    // '..' or $$..$$: the text between the quotes, not unescaped
        symbol,  // one other character, also a digit
    };
    Kind kind = Kind::symbol;
    std::string value = {};
    std::size_t begin = 0;  // its position in the statement
    std::size_t end = 0;

    /// Whether it is this keyword, given in lower case.
    bool is(std::string_view word) const { return kind == Kind::word && value == word; }
    /// Whether it is this symbol.
    bool is_symbol(char c) const { return kind == Kind::symbol && value.front() == c; }
    /// Whether it can be a name.
    bool is_name() const { return kind == Kind::word || kind == Kind::name; }
};

/// The tokens of a statement, at most `most`, without comments. A quote or comment that is not
/// closed ends with the text.
std::vector<Token> tokens_of(std::string_view sql, std::size_t most = std::string::npos);

/// Reads the tokens of one statement from left to right.
class Statement {
public:
    explicit Statement(std::string_view sql);

    /// The text of the statement.
    std::string_view sql() const { return sql_; }
    /// All its tokens.
    const std::vector<Token>& tokens() const { return tokens_; }
    /// The index of the next token.
    std::size_t at() const { return at_; }
    /// Continues at this token.
    void go_to(std::size_t at) { at_ = at; }

    /// Takes these words if they are next; returns whether they are.
    bool take(std::initializer_list<std::string_view> words);
    /// Takes a name, folded as the server does.
    std::optional<std::string> name();
    /// Takes a qualified name: `public.t` is two names.
    std::vector<std::string> qualified_name();
    /// Takes a text, or a name as value of a setting.
    std::optional<std::string> value();
    /// Takes this symbol if it is next; returns whether it is.
    bool take_symbol(char c);
    /// Whether nothing is left except a semicolon.
    bool ends() const;

private:
    std::string_view sql_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

/// The statements of a text, each with its semicolon and the comments before it.
std::vector<std::string_view> statements_of(std::string_view sql);

/// A name in double quotes for SQL.
std::string quoted_name(std::string_view name);
/// A text in quotes for SQL, valid with either value of standard_conforming_strings.
std::string quoted_text(std::string_view text);

}  // namespace dump

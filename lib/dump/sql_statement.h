// One SQL statement, taken apart as the server's own scanner does.
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
        name,    // "..": what it stands for
        text,    // '..' or $$..$$: what stands between the quotes, as it is written
        symbol,  // one character of anything else, digits among them
    };
    Kind kind = Kind::symbol;
    std::string value = {};
    std::size_t begin = 0;  // where it stands in the statement
    std::size_t end = 0;

    bool is(std::string_view word) const { return kind == Kind::word && value == word; }
    bool is_symbol(char c) const { return kind == Kind::symbol && value.front() == c; }
    /// Whether it can name something.
    bool is_name() const { return kind == Kind::word || kind == Kind::name; }
};

/// The tokens of a statement, or the first so many of them; comments are left out. What is open at
/// the end ends there.
std::vector<Token> tokens_of(std::string_view sql, std::size_t most = std::string::npos);

/// Reads the tokens of one statement from the left to the right.
class Statement {
public:
    explicit Statement(std::string_view sql);

    std::string_view sql() const { return sql_; }
    const std::vector<Token>& tokens() const { return tokens_; }
    std::size_t at() const { return at_; }
    /// What is taken next stands there.
    void go_to(std::size_t at) { at_ = at; }

    /// Takes these words, or nothing.
    bool take(std::initializer_list<std::string_view> words);
    /// Takes a name as the server would read it.
    std::optional<std::string> name();
    /// Takes a name with what it lies in: `public.t` is two names.
    std::vector<std::string> qualified_name();
    /// Takes a text, or the name that a setting's value may be.
    std::optional<std::string> value();
    bool take_symbol(char c);
    /// Whether nothing is left, but for the semicolon.
    bool ends() const;

private:
    std::string_view sql_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

/// The statements of a text, each with its semicolon and what stands before it.
std::vector<std::string_view> statements_of(std::string_view sql);

/// A name as SQL takes it, always quoted.
std::string quoted_name(std::string_view name);
/// A text as SQL takes it, whatever standard_conforming_strings says.
std::string quoted_text(std::string_view text);

}  // namespace dump

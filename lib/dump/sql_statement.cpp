// Splits SQL statements into tokens, as the server's scanner does.
#include "dump/sql_statement.h"

#include <algorithm>

#include "dump/sql_characters.h"

namespace dump {

namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Scanner {
public:
    explicit Scanner(std::string_view sql) : sql_(sql) {}

    std::optional<Token> next() {
        skip();
        if (at_ >= sql_.size()) return {};
        Token token;
        token.begin = at_;
        const char c = sql_[at_];
        if (c == '"') {
            token.kind = Token::Kind::name;
            token.value = until_quote('"', false);
        } else if (c == '\'' || (small(c) == 'e' && peek(1) == '\'')) {
            at_ += c == '\'' ? 0 : 1;
            token.kind = Token::Kind::text;
            token.value = until_quote('\'', c != '\'');
        } else if (c == '$' && body_tag() > 0) {
            token.kind = Token::Kind::text;
            token.value = body();
        } else if (is_letter(c)) {
            token.kind = Token::Kind::word;
            for (; at_ < sql_.size() && is_word(sql_[at_]); ++at_) token.value += small(sql_[at_]);
        } else {
            token.value = sql_[at_++];
        }
        token.end = at_;
        return token;
    }

private:
    char peek(std::size_t ahead) const {
        return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
    }

    void skip() {
        while (at_ < sql_.size()) {
            if (is_space(sql_[at_])) {
                ++at_;
            } else if (peek(0) == '-' && peek(1) == '-') {
                at_ = std::min(sql_.find('\n', at_), sql_.size());
            } else if (peek(0) == '/' && peek(1) == '*') {
                skip_comment();
            } else {
                return;
            }
        }
    }

    void skip_comment() {
        int open = 0;
        do {
            const bool opens = peek(0) == '/' && peek(1) == '*';
            const bool closes = peek(0) == '*' && peek(1) == '/';
            open += opens ? 1 : 0;
            open -= closes ? 1 : 0;
            at_ += opens || closes ? 2 : 1;
        } while (open > 0 && at_ < sql_.size());
        at_ = std::min(at_, sql_.size());
    }

    // A doubled quote is one quote.
    std::string until_quote(char quote, bool escapes) {
        std::string value;
        for (++at_; at_ < sql_.size(); ++at_) {
            if (sql_[at_] == quote && peek(1) != quote) {
                ++at_;
                break;
            }
            if (sql_[at_] == quote || (escapes && sql_[at_] == '\\')) ++at_;
            if (at_ < sql_.size()) value += sql_[at_];
        }
        return value;
    }

    // The length of the dollar-quote tag that begins here, 0 if there is none.
    std::size_t body_tag() const {
        std::size_t size = 1;
        while (peek(size) != '$') {
            const bool fits = is_letter(peek(size)) || (size > 1 && is_digit(peek(size)));
            if (!fits) return 0;
            ++size;
        }
        return size + 1;
    }

    std::string body() {
        const std::string_view tag = sql_.substr(at_, body_tag());
        at_ += tag.size();
        const std::size_t stop = std::min(sql_.find(tag, at_), sql_.size());
        std::string value{sql_.substr(at_, stop - at_)};
        at_ = std::min(stop + tag.size(), sql_.size());
        return value;
    }

    std::string_view sql_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view sql, std::size_t most) {
    Scanner scanner{sql};
    std::vector<Token> tokens;
    while (tokens.size() < most) {
        auto token = scanner.next();
        if (!token) break;
        tokens.push_back(std::move(*token));
    }
    return tokens;
}

Statement::Statement(std::string_view sql) : sql_(sql), tokens_(tokens_of(sql)) {}

bool Statement::take(std::initializer_list<std::string_view> words) {
    if (words.size() > tokens_.size() - at_) return false;
    const auto next = tokens_.begin() + static_cast<std::ptrdiff_t>(at_);
    const bool all =
        std::equal(words.begin(), words.end(), next,
                   [](std::string_view word, const Token& token) { return token.is(word); });
    if (all) at_ += words.size();
    return all;
}

std::optional<std::string> Statement::name() {
    if (at_ == tokens_.size() || !tokens_[at_].is_name() || tokens_[at_].value.empty()) return {};
    return tokens_[at_++].value;
}

std::vector<std::string> Statement::qualified_name() {
    std::vector<std::string> names;
    do {
        auto one = name();
        if (!one) return {};
        names.push_back(std::move(*one));
    } while (take_symbol('.'));
    return names;
}

std::optional<std::string> Statement::value() {
    if (at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::text) return tokens_[at_++].value;
    return name();
}

bool Statement::take_symbol(char c) {
    if (at_ == tokens_.size() || !tokens_[at_].is_symbol(c)) return false;
    ++at_;
    return true;
}

bool Statement::ends() const {
    return at_ == tokens_.size() || (at_ + 1 == tokens_.size() && tokens_[at_].is_symbol(';'));
}

std::vector<std::string_view> statements_of(std::string_view sql) {
    std::vector<std::string_view> statements;
    std::size_t begin = 0;
    int open = 0;
    const auto tokens = tokens_of(sql);
    for (const Token& token : tokens) {
        if (token.is_symbol('(')) ++open;
        if (token.is_symbol(')')) --open;
        if (open > 0 || !token.is_symbol(';')) continue;
        statements.push_back(sql.substr(begin, token.end - begin));
        begin = token.end;
    }
    if (!tokens.empty() && begin <= tokens.back().begin) statements.push_back(sql.substr(begin));
    return statements;
}

std::string quoted_name(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + '"';
}

std::string quoted_text(std::string_view text) {
    const bool escapes = text.find('\\') != std::string_view::npos;
    std::string quoted = escapes ? " E'" : "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') quoted += c;
        quoted += c;
    }
    return quoted + '\'';
}

}  // namespace dump

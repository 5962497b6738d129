// Splits a plain dump into statements and rows, as psql does.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dump {

/// Reads a plain dump in pieces of any size, replaces or removes statements, and checks whether the
/// dump is complete. It is no protection against the author of the dump: that is done by the rights
/// of the role that runs it and by psql's `\restrict`. Backslash commands, statements about the
/// whole server, and COPY with files or programs are an Error here, so that the message says what
/// to do, and a trusted dump stays in its database too.
class PlainDumpFilter {
public:
    using Sink = std::function<void(std::string_view)>;
    /// The replacement of a statement. Nothing: it stays; empty: it is removed, with its rows if it
    /// is a COPY.
    using Change = std::function<std::optional<std::string>(std::string_view statement)>;

    /// `sink` gets what psql reads: everything except `\restrict` and `\unrestrict`, which an older
    /// psql does not know, with each statement as `change` returns it. Line numbers do not change.
    explicit PlainDumpFilter(Sink sink, Change change = {});

    /// Sets a function that is called after a COPY, before its rows, with the number of the line on
    /// which the COPY ends. If it returns false, the rows are left out.
    void before_rows(std::function<bool(std::size_t line)> takes_rows) {
        takes_rows_ = std::move(takes_rows);
    }

    /// Text around a statement.
    struct Enclosure {
        std::string before = {};
        std::string after = {};
    };
    /// Puts text of the caller around each statement. Apart from that the sink then gets nothing of
    /// the dump but rows, each COPY as `rebuilt_copy` writes it, and the ends of lines.
    void enclose(std::function<Enclosure()> enclosure) { enclosure_ = std::move(enclosure); }

    /// Reads the next bytes. Throws Error for what import does not run.
    void feed(std::string_view bytes);
    /// Whether rows of a COPY come next.
    bool in_rows() const { return in_rows_; }
    /// Ends the dump. Throws Error if it ends inside a statement or has none. False if it has
    /// pg_dump's first line but not its last.
    bool finish();

private:
    // What the next byte belongs to.
    enum class In {
        text,           // between tokens
        word,           // an unquoted name or keyword
        dash,           // one `-`
        slash,          // one `/`
        dollar,         // `$` and what may become the tag of a body
        quote,          // '..'
        quote_escape,   // after a backslash in E'..'
        quote_end,      // after its `'`; a second one continues it
        name,           // ".."
        line_comment,   // -- ..
        block_comment,  // /* .. */, nested
        body,           // $tag$ .. $tag$
        command,        // a backslash command, up to the end of the line
        copy_begin,     // after `COPY .. FROM stdin;`, up to the end of that line
        copy_line,      // at the beginning of a line of data
        copy_rest,      // in a line of data
    };

    /// The current statement.
    struct Statement {
        bool begun = false;
        int words = 0;                          // how many unquoted words it has
        std::array<std::string, 4> first = {};  // the first ones, in upper case
        std::string last = {};                  // the previous token, if it was such a word
        bool takes_data = false;                // COPY .. FROM stdin
        bool gives_data = false;                // COPY .. TO stdout
        int parentheses = 0;
        bool too_long = false;  // too long to be kept until it is complete
        int begins = 0;         // BEGIN ATOMIC .. END of a function's body
    };

    void read(std::string_view bytes);
    const char* step(const char* at, const char* end);
    const char* in_text(const char* at);
    const char* in_word(const char* at, const char* end);
    const char* in_dash(const char* at);
    const char* in_slash(const char* at);
    const char* in_dollar(const char* at);
    const char* in_quote(const char* at, const char* end);
    const char* in_quote_end(const char* at);
    const char* in_name(const char* at, const char* end);
    const char* in_line_comment(const char* at, const char* end);
    const char* in_block_comment(const char* at);
    const char* in_body(const char* at, const char* end);
    const char* in_command(const char* at, const char* end);
    const char* in_copy_begin(const char* at);
    const char* in_copy_line(const char* at);
    const char* in_copy_rest(const char* at, const char* end);

    const char* begin_token(const char* at);
    void give(std::string_view statement);
    void give_lines(std::string_view text);
    void check_beginning() const;
    bool change_statement(const char* end);
    void pass(const char* end);
    void begin_quote(bool escapes);
    void take_symbol(char c);
    void take_word();
    void track_begins();
    void check_scope() const;
    void go_on_unchanged(std::string_view text);
    void end_statement();
    void end_comment();
    void end_command();
    bool escapes_now() const { return escapes_ || plain_escapes_; }
    std::size_t line() const;
    [[noreturn]] void refuse(const std::string& what, const std::string& hint) const;

    Sink sink_;
    Change change_;
    std::function<bool(std::size_t)> takes_rows_;
    std::function<Enclosure()> enclosure_;
    In in_ = In::text;
    Statement statement_;
    std::string token_;        // the current word, tag, comment or command; limited in length
    std::string tag_;          // of the body, dollars included
    std::size_t matched_ = 0;  // how much of the tag, or of `\.` and the end of a line, was matched
    int comments_ = 0;         // nested /* */
    char previous_ = 0;        // in a block comment
    bool escapes_ = false;     // this '..' has backslash escapes
    bool continues_ = false;   // an E'..' has just ended and may continue on a new line
    bool new_line_ = false;    // a new line came since
    bool plain_escapes_ = false;  // standard_conforming_strings is off
    std::string head_;            // the first bytes, which may be a byte order mark
    bool began_ = false;          // whether that is decided
    bool dumped_ = false;         // pg_dump's first line was read
    bool complete_ = false;       // pg_dump's last line was read
    bool announced_ = false;      // a comment announced a statement that has not come yet
    bool any_ = false;            // there was a statement
    bool left_out_ = false;       // the rows of this COPY are left out
    bool was_given_ = false;      // the COPY itself was not left out
    bool in_rows_ = false;        // of a COPY
    std::string closing_;         // goes to the sink after the current statement
    std::size_t lines_ = 1;       // lines before this piece
    const char* piece_ = nullptr;
    const char* at_ = nullptr;
    const char* kept_ = nullptr;   // the sink has the piece up to here
    const char* begin_ = nullptr;  // where the statement begins in this piece
    std::string held_;             // the part of the statement in earlier pieces
};

}  // namespace dump

// Splits a plain dump into statements and rows as psql does.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dump {

/// Reads a plain dump in pieces of any size: replaces statements and leaves them out, and knows
/// whether the dump is whole. It guards nothing against whoever made the dump: the rights of the
/// role that runs it and psql's `\restrict` do. psql's commands, statements about the whole server
/// and COPY with its files or programs are an Error here, so that its text says what to do and a
/// trusted dump stays in its database too.
class PlainDumpFilter {
public:
    using Sink = std::function<void(std::string_view)>;
    /// What is to be read in the place of a statement: nothing, it stays; empty, it is left out,
    /// the rows of a COPY with it.
    using Change = std::function<std::optional<std::string>(std::string_view statement)>;

    /// `sink` gets what psql is to read: all but `\restrict` and `\unrestrict`, which older ones do
    /// not know, each statement as `change` puts it. Every line keeps its number.
    explicit PlainDumpFilter(Sink sink, Change change = {});

    /// Called when the sink has all up to the rows of a COPY, with the line on which that ends;
    /// false leaves the rows out.
    void before_rows(std::function<bool(std::size_t line)> takes_rows) {
        takes_rows_ = std::move(takes_rows);
    }

    /// What is put before and after a statement.
    struct Enclosure {
        std::string before = {};
        std::string after = {};
    };
    /// Has each statement enclosed, by words of its own. Beside these the sink then gets nothing of
    /// the dump but rows, each COPY as `rebuilt_copy` writes it, and the ends of lines.
    void enclose(std::function<Enclosure()> enclosure) { enclosure_ = std::move(enclosure); }

    void feed(std::string_view bytes);
    /// Whether what comes next are rows of a COPY.
    bool in_rows() const { return in_rows_; }
    /// Throws Error when the script ends inside something or holds no statement. False when it has
    /// pg_dump's first line without its last.
    bool finish();

private:
    // What the next byte is part of.
    enum class In {
        text,           // between tokens
        word,           // an unquoted name or keyword
        dash,           // one `-`
        slash,          // one `/`
        dollar,         // `$` and what may become the tag of a body
        quote,          // '..'
        quote_escape,   // after a backslash in E'..'
        quote_end,      // after its `'`, which a second one takes back
        name,           // ".."
        line_comment,   // -- ..
        block_comment,  // /* .. */, nested
        body,           // $tag$ .. $tag$
        command,        // a backslash command, up to the end of the line
        copy_begin,     // after `COPY .. FROM stdin;`, up to the end of that line
        copy_line,      // at the beginning of a line of data
        copy_rest,      // in a line of data
    };

    /// The statement that is being read.
    struct Statement {
        bool begun = false;
        int words = 0;                          // how many unquoted words it has had
        std::array<std::string, 4> first = {};  // the first of them, in capitals
        std::string last = {};                  // the token before, where it was such a word
        bool takes_data = false;                // COPY .. FROM stdin
        bool gives_data = false;                // COPY .. TO stdout
        int parentheses = 0;
        bool too_long = false;  // to be held until it is known whole
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
    std::string token_;           // the word, tag, comment or command so far; bounded
    std::string tag_;             // of the body, dollars included
    std::size_t matched_ = 0;     // how much of it, or of `\.` and a line's end, has just been read
    int comments_ = 0;            // nested /* */
    char previous_ = 0;           // in a block comment
    bool escapes_ = false;        // this '..' has backslash escapes
    bool continues_ = false;      // an E'..' just ended: on a new line it may go on
    bool new_line_ = false;       // there was one since
    bool plain_escapes_ = false;  // standard_conforming_strings is off
    std::string head_;            // what may still become a byte order mark
    bool began_ = false;          // that is decided
    bool dumped_ = false;         // pg_dump's first line was there
    bool complete_ = false;       // and its last
    bool announced_ = false;      // a comment named what follows, which is yet to come
    bool any_ = false;            // there was a statement
    bool left_out_ = false;       // the rows of this COPY
    bool was_given_ = false;      // but not the COPY itself
    bool in_rows_ = false;        // of a COPY
    std::string closing_;         // of a statement whose beginning the sink has
    std::size_t lines_ = 1;       // up to this piece
    const char* piece_ = nullptr;
    const char* at_ = nullptr;
    const char* kept_ = nullptr;   // from here on the piece is still to be given to the sink
    const char* begin_ = nullptr;  // of the statement in this piece
    std::string held_;             // what earlier pieces had of it
};

}  // namespace dump

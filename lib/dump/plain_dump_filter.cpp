// Splits a plain dump into statements and rows, as psql does.
#include "dump/plain_dump_filter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "dump/copy_statement.h"
#include "dump/format.h"
#include "dump/sql_characters.h"
#include "dump/sql_statement.h"
#include "error/error.h"

namespace dump {

namespace {

constexpr std::size_t longest_token = 128;      // of the tokens that are checked
constexpr std::size_t longest_changed = 65536;  // of statements that may be replaced
constexpr std::string_view dump_first = "-- PostgreSQL database dump";
constexpr std::string_view dump_last = "-- PostgreSQL database dump complete";
constexpr std::string_view cluster_first = "-- PostgreSQL database cluster dump";
constexpr const char* of_cluster =
    "Import fills one database: make the dump with pg_dump. Where there is only this file, the "
    "lines from one '\\connect NAME' to the next are one database's.";
// pg_dump writes no such statement: the file was written or changed by hand.
constexpr const char* without_it =
    "Take the statement out of the file. A script of your own, roles and all, is run by 'dokku "
    "postgres:connect SERVICE < FILE'.";
constexpr const char* one_database =
    "Import fills one database and changes nothing else. Make the dump with pg_dump, without "
    "--create.";

constexpr std::string_view mark = "\xef\xbb\xbf";

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <std::size_t N>
bool one_of(std::string_view word, const std::string_view (&words)[N]) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

const char* find(const char* at, const char* end, char c) {
    const void* found = std::memchr(at, c, static_cast<std::size_t>(end - at));
    return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace

PlainDumpFilter::PlainDumpFilter(Sink sink, Change change)
    : sink_(std::move(sink)), change_(std::move(change)) {}

std::size_t PlainDumpFilter::line() const {
    return lines_ + static_cast<std::size_t>(std::count(piece_, at_, '\n'));
}

void PlainDumpFilter::refuse(const std::string& what, const std::string& hint) const {
    throw Error{"line " + std::to_string(line()) + " of the dump " + what, hint};
}

void PlainDumpFilter::feed(std::string_view bytes) {
    if (began_) return read(bytes);
    // The byte order mark may come in pieces.
    head_ += bytes;
    if (head_.size() < mark.size() && mark.starts_with(head_)) return;
    began_ = true;
    const std::string head = std::exchange(head_, {});
    read(std::string_view{head}.substr(head.starts_with(mark) ? mark.size() : 0));
}

void PlainDumpFilter::read(std::string_view bytes) {
    if (bytes.empty()) return;
    const char* const end = bytes.data() + bytes.size();
    piece_ = at_ = kept_ = bytes.data();
    begin_ = held_.empty() ? nullptr : piece_;
    // psql ignores the rest of a line after a NUL byte.
    const char* const nul = find(at_, end, '\0');
    if (nul != end) {
        at_ = nul;
        refuse("holds a NUL byte", make_it_again);
    }
    while (at_ != end) at_ = step(at_, end);
    if (in_ != In::command) {
        if (begin_ != nullptr && !statement_.too_long) {
            if (held_.empty()) pass(begin_);
            held_.append(begin_, end);
            if (held_.size() > longest_changed) go_on_unchanged(held_);
            kept_ = end;
        } else {
            pass(end);
        }
    }
    lines_ += static_cast<std::size_t>(std::count(piece_, end, '\n'));
    piece_ = at_ = kept_ = begin_ = nullptr;
}

// Passes what was read so far to the sink.
void PlainDumpFilter::pass(const char* end) {
    const bool is_open = !enclosure_ || in_rows_ || !closing_.empty();
    if (!held_.empty() && is_open) sink_(held_);
    held_.clear();
    const std::string_view text{kept_, static_cast<std::size_t>(end - kept_)};
    if (left_out_ || !is_open) {
        give_lines(text);
    } else if (!text.empty()) {
        sink_(text);
    }
    kept_ = end;
}

// The ends of the lines of a text alone.
void PlainDumpFilter::give_lines(std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (lines > 0) sink_(std::string(lines, '\n'));
}

// A whole statement.
void PlainDumpFilter::give(std::string_view statement) {
    if (!enclosure_) return sink_(statement);
    if (statement_.takes_data) {
        const auto copy = rebuilt_copy(statement);
        if (!copy)
            refuse("has a COPY in a form that --merge does not take",
                   "Write it as pg_dump does: COPY table (column, ..) FROM stdin;");
        give_lines(statement);  // psql takes rows from the end of its line on
        return sink_(*copy);
    }
    const Enclosure enclosure = enclosure_();
    std::string text;
    text.reserve(enclosure.before.size() + statement.size() + enclosure.after.size());
    sink_(text.append(enclosure.before).append(statement).append(enclosure.after));
}

// Behind a sign it is not held, and so could not be enclosed.
void PlainDumpFilter::check_beginning() const {
    if (enclosure_ && !statement_.begun)
        refuse("has a statement that begins with a sign", "Begin it with a word.");
}

const char* PlainDumpFilter::step(const char* at, const char* end) {
    switch (in_) {
        case In::text:
            return in_text(at);
        case In::word:
            return in_word(at, end);
        case In::dash:
            return in_dash(at);
        case In::slash:
            return in_slash(at);
        case In::dollar:
            return in_dollar(at);
        case In::quote:
            return in_quote(at, end);
        case In::quote_escape:
            in_ = In::quote;
            return at + 1;
        case In::quote_end:
            return in_quote_end(at);
        case In::name:
            return in_name(at, end);
        case In::line_comment:
            return in_line_comment(at, end);
        case In::block_comment:
            return in_block_comment(at);
        case In::body:
            return in_body(at, end);
        case In::command:
            return in_command(at, end);
        case In::copy_begin:
            return in_copy_begin(at);
        case In::copy_line:
            return in_copy_line(at);
        case In::copy_rest:
            return in_copy_rest(at, end);
    }
    return end;
}

const char* PlainDumpFilter::in_text(const char* at) {
    const char c = *at;
    if (c == '\n') new_line_ = true;
    if (is_space(c)) return at + 1;
    if (c == '-') {
        in_ = In::dash;
        return at + 1;
    }
    if (c == '\'' && continues_ && new_line_) {
        begin_quote(true);
        return at + 1;
    }
    continues_ = false;
    if (c == '/') {
        in_ = In::slash;
        return at + 1;
    }
    if (c == '\\') {
        pass(at);
        token_.clear();
        in_ = In::command;
        return at + 1;
    }
    return begin_token(at);
}

const char* PlainDumpFilter::begin_token(const char* at) {
    const char c = *at;
    token_.clear();
    if (is_letter(c)) {
        if (!statement_.begun) begin_ = at;
        in_ = In::word;
        return at;
    }
    if (c == ';' && statement_.parentheses == 0 && statement_.begins == 0) {
        end_statement();
        return at + 1;
    }
    check_beginning();
    take_symbol(c);
    if (c == '\'') begin_quote(false);
    if (c == '"') in_ = In::name;
    if (c == '$') in_ = In::dollar;
    return at + 1;
}

void PlainDumpFilter::take_symbol(char c) {
    statement_.begun = true;
    statement_.last.clear();
    if (c == '(') ++statement_.parentheses;
    if (c == ')' && statement_.parentheses > 0) --statement_.parentheses;
}

void PlainDumpFilter::begin_quote(bool escapes) {
    escapes_ = escapes;
    in_ = In::quote;
}

const char* PlainDumpFilter::in_word(const char* at, const char* end) {
    const char* stop = at;
    while (stop != end && is_word(*stop)) ++stop;
    for (const char* c = at; c != stop && token_.size() < longest_token; ++c) token_ += capital(*c);
    if (stop == end) return end;
    in_ = In::text;
    if (*stop == '\'' && token_ == "E") {
        take_symbol('\'');
        begin_quote(true);
        return stop + 1;
    }
    take_word();
    return stop;
}

const char* PlainDumpFilter::in_dash(const char* at) {
    if (*at == '-') {
        token_ = "--";
        in_ = In::line_comment;
        return at + 1;
    }
    in_ = In::text;
    continues_ = false;
    check_beginning();
    take_symbol('-');
    return at;
}

const char* PlainDumpFilter::in_slash(const char* at) {
    if (*at == '*') {
        comments_ = 1;
        previous_ = 0;
        in_ = In::block_comment;
        return at + 1;
    }
    check_beginning();
    take_symbol('/');
    if (*at == '/') return at + 1;
    in_ = In::text;
    return at;
}

const char* PlainDumpFilter::in_dollar(const char* at) {
    const char c = *at;
    if (c == '$') {
        tag_ = "$" + token_ + "$";
        matched_ = 0;
        in_ = In::body;
        return at + 1;
    }
    const bool fits = token_.empty() ? is_letter(c) : is_letter(c) || is_digit(c);
    if (fits && token_.size() < longest_token) {
        token_ += c;
        return at + 1;
    }
    if (fits) refuse("has a dollar quote with too long a name", {});
    // Not a tag: the dollar was a symbol, followed by a word.
    in_ = token_.empty() ? In::text : In::word;
    std::transform(token_.begin(), token_.end(), token_.begin(), capital);
    return at;
}

const char* PlainDumpFilter::in_quote(const char* at, const char* end) {
    if (!escapes_now()) {
        at = find(at, end, '\'');
    } else {
        while (at != end && *at != '\'' && *at != '\\') ++at;
    }
    if (at == end) return end;
    in_ = *at == '\\' ? In::quote_escape : In::quote_end;
    return at + 1;
}

const char* PlainDumpFilter::in_quote_end(const char* at) {
    if (*at == '\'') {
        in_ = In::quote;
        return at + 1;
    }
    continues_ = escapes_;
    new_line_ = false;
    in_ = In::text;
    return at;
}

const char* PlainDumpFilter::in_name(const char* at, const char* end) {
    at = find(at, end, '"');
    if (at == end) return end;
    in_ = In::text;
    return at + 1;
}

const char* PlainDumpFilter::in_line_comment(const char* at, const char* end) {
    const char* const stop = std::min(find(at, end, '\n'), find(at, end, '\r'));
    const auto room = longest_token - std::min(longest_token, token_.size());
    token_.append(at, std::min(room, static_cast<std::size_t>(stop - at)));
    if (stop == end) return end;
    end_comment();
    return stop;
}

void PlainDumpFilter::end_comment() {
    in_ = In::text;
    if (statement_.begun) return;
    if (token_ == cluster_first)
        refuse("says that it is of a whole cluster (pg_dumpall)", of_cluster);
    if (token_ == dump_first) {
        dumped_ = true;
        complete_ = false;
    }
    if (token_ == dump_last) complete_ = true;
    if (token_.starts_with("-- Name: ") || token_.starts_with("-- Data for Name: "))
        announced_ = true;
}

const char* PlainDumpFilter::in_block_comment(const char* at) {
    const char c = *at;
    const bool opens = previous_ == '/' && c == '*';
    const bool closes = previous_ == '*' && c == '/';
    if (opens) ++comments_;
    if (closes) --comments_;
    previous_ = opens || closes ? '\0' : c;
    if (comments_ == 0) in_ = In::text;
    return at + 1;
}

const char* PlainDumpFilter::in_body(const char* at, const char* end) {
    if (matched_ == 0) {
        at = find(at, end, '$');
        if (at == end) return end;
    }
    // A tag has a dollar only at both ends, so after a mismatch only a dollar can begin it again.
    if (*at == tag_[matched_]) {
        ++matched_;
    } else {
        matched_ = *at == '$' ? 1 : 0;
    }
    if (matched_ == tag_.size()) in_ = In::text;
    return at + 1;
}

const char* PlainDumpFilter::in_command(const char* at, const char* end) {
    const char* const stop = find(at, end, '\n');
    const auto room = longest_token - std::min(longest_token, token_.size());
    token_.append(at, std::min(room, static_cast<std::size_t>(stop - at)));
    if (stop == end) return end;
    end_command();
    in_ = In::text;
    kept_ = stop;
    return stop;
}

void PlainDumpFilter::end_command() {
    const auto stop = std::find_if_not(token_.begin(), token_.end(), is_letter);
    const std::string word{token_.begin(), stop};
    if (!statement_.begun && (word == "restrict" || word == "unrestrict")) return;
    // A command may be a symbol: `\!` runs a program.
    const std::string shown = word.empty() ? token_.substr(0, 1) : word;
    refuse("holds psql's command '\\" + shown + "', which import does not run",
           word == "connect" || word == "c" ? one_database
                                            : "Remove it, or make the dump with pg_dump.");
}

const char* PlainDumpFilter::in_copy_begin(const char* at) {
    if (*at == '\n') {
        in_ = In::copy_line;
        matched_ = 0;
        pass(at + 1);
        in_rows_ = true;
        if (takes_rows_ && !left_out_) left_out_ = was_given_ = !takes_rows_(line());
    } else if (!is_space(*at)) {
        refuse("goes on after COPY .. FROM stdin",
               "The data of a COPY begin on the line after it.");
    }
    return at + 1;
}

const char* PlainDumpFilter::in_copy_line(const char* at) {
    constexpr std::string_view terminator = "\\.\r\n";
    const bool without_return = matched_ == 2 && *at == '\n';
    if (!without_return && *at != terminator[matched_]) {
        in_ = In::copy_rest;
        return at;
    }
    ++matched_;
    if (without_return || matched_ == terminator.size()) {
        in_ = In::text;
        if (left_out_) pass(at);
        if (enclosure_) pass(at + 1);
        left_out_ = in_rows_ = false;
        // Since CVE-2026-6464 psql waits for the end of the rows after a COPY that failed.
        if (std::exchange(was_given_, false)) sink_("\\.");
    }
    return at + 1;
}

const char* PlainDumpFilter::in_copy_rest(const char* at, const char* end) {
    // Most of a dump are lines of data, so this loop is fast for ordinary ones.
    while (true) {
        at = find(at, end, '\n');
        if (at == end) return end;
        ++at;
        if (at == end || *at == '\\') break;
    }
    in_ = In::copy_line;
    matched_ = 0;
    return at;
}

void PlainDumpFilter::take_word() {
    // Two files were joined. The server's error would not show why it fails.
    if (token_.starts_with(mark))
        refuse("holds a byte order mark", "Only the first bytes of a dump may be one: remove it.");
    statement_.begun = true;
    const auto index = static_cast<std::size_t>(statement_.words++);
    if (index < statement_.first.size()) statement_.first[index] = token_;
    if (statement_.first[0] == "COPY" && statement_.parentheses == 0) {
        // The server accepts both words for both directions.
        const bool stream = one_of(token_, {"STDIN", "STDOUT"});
        if (stream && statement_.last == "FROM") statement_.takes_data = true;
        if (stream && statement_.last == "TO") statement_.gives_data = true;
    }
    statement_.last = token_;
    track_begins();
}

// Replaces the statement that ends here. The number of lines stays the same.
bool PlainDumpFilter::change_statement(const char* end) {
    if (begin_ == nullptr || statement_.too_long) return true;
    if (!held_.empty()) {
        held_.append(begin_, end);
        kept_ = end;
    }
    const std::string_view text = held_.empty() ? std::string_view{begin_, end} : held_;
    if (text.size() > longest_changed) {
        if (held_.empty()) pass(begin_);
        go_on_unchanged(text);
        return true;
    }
    auto said = change_ ? change_(text) : std::nullopt;
    if (held_.empty()) pass(begin_);
    kept_ = end;
    if (!said) {
        give(text);
        held_.clear();
        return true;
    }
    const bool stays = !said->empty();
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    const auto kept = static_cast<std::size_t>(std::count(said->begin(), said->end(), '\n'));
    said->append(lines - std::min(lines, kept), '\n');
    held_.clear();
    if (!stays) {
        give_lines(*said);
    } else {
        give(*said);
    }
    return stays;
}

// A statement of which only a part is kept cannot be replaced, such as a COMMIT after a long
// comment.
void PlainDumpFilter::go_on_unchanged(std::string_view text) {
    statement_.too_long = true;
    if (change_ && change_(text.substr(0, longest_changed)))
        refuse("has a statement that import would change and that is too long for it",
               "Take the comments out of it, or the statement out of the dump.");
    if (!enclosure_) return;
    if (dump::tokens_of(text, 1).front().is("copy"))
        refuse("has a COPY in a form that --merge does not take", "It is too long.");
    Enclosure enclosure = enclosure_();
    sink_(enclosure.before);
    closing_ = std::move(enclosure.after);
}

// The role of an import has no right to do any of this, but a superuser has (--trusted), and dumps
// of pg_dump --create contain it. This error says what to do.
void PlainDumpFilter::check_scope() const {
    const auto& first = statement_.first;
    if (first[0] == "COPY" && !statement_.takes_data && !statement_.gives_data)
        refuse("has a COPY with a file or a program of the server, which import does not run",
               "Use COPY .. FROM stdin, as pg_dump does.");
    if (first[0] == "ALTER" && first[1] == "SYSTEM")
        refuse("changes the settings of the whole server", one_database);
    if (!one_of(first[0], {"CREATE", "ALTER", "DROP"})) return;
    if (first[1] == "DATABASE") refuse("is about a database as a whole", one_database);
    if (first[1] == "TABLESPACE")
        refuse("is about a tablespace, which belongs to the whole server", one_database);
    const bool user = first[1] == "USER" && first[2] != "MAPPING";
    if (user || one_of(first[1], {"ROLE", "GROUP"}))
        refuse("is about a role, which belongs to the whole server", without_it);
}

// The body of a SQL function (BEGIN ATOMIC) holds statements that do not end the function's own.
// This is psql's rule.
void PlainDumpFilter::track_begins() {
    const auto& first = statement_.first;
    constexpr std::string_view routines[] = {"FUNCTION", "PROCEDURE"};
    const bool routine =
        first[0] == "CREATE" &&
        (one_of(first[1], routines) ||
         (first[1] == "OR" && first[2] == "REPLACE" && one_of(first[3], routines)));
    if (!routine || statement_.parentheses != 0) return;
    const bool opens = token_ == "BEGIN" || (token_ == "CASE" && statement_.begins > 0);
    if (opens) ++statement_.begins;
    if (token_ == "END" && statement_.begins > 0) --statement_.begins;
}

void PlainDumpFilter::end_statement() {
    check_scope();
    const auto& first = statement_.first;
    if (first[0] == "SET") {
        const std::size_t at = one_of(first[1], {"SESSION", "LOCAL"}) ? 2 : 1;
        const std::string& value = first[at + 1] == "TO" && at == 1 ? first[at + 2] : first[at + 1];
        if (first[at] == "STANDARD_CONFORMING_STRINGS")
            plain_escapes_ = one_of(value, {"OFF", "FALSE"});
    }
    const bool stays = change_statement(at_ + 1);
    if (!held_.empty()) pass(at_ + 1);
    if (!closing_.empty()) {
        pass(at_ + 1);
        sink_(std::exchange(closing_, {}));
    }
    any_ = any_ || statement_.begun;
    announced_ = false;
    in_ = statement_.takes_data ? In::copy_begin : In::text;
    left_out_ = statement_.takes_data && !stays;
    statement_ = {};
    begin_ = nullptr;
}

bool PlainDumpFilter::finish() {
    if (in_ == In::command) {
        end_command();
        in_ = In::text;
    }
    const bool in_comment = in_ == In::line_comment;
    if (in_comment) end_comment();
    if (in_ != In::text || statement_.begun || !head_.empty())
        throw Error{"the dump is cut off: it ends inside a statement", make_it_again};
    if (!any_) throw Error{"the input holds no dump", "It has no SQL statement."};
    const bool is_whole = !dumped_ || complete_;
    // A file from which somebody removed the last line does not end in a comment, and lacks nothing
    // that a comment announced.
    if (!is_whole && (announced_ || in_comment))
        throw Error{"the dump is cut off: what its last line announces is missing", make_it_again};
    return is_whole;
}

}  // namespace dump

// Imports a plain dump with psql.
#include "transfer/plain_import.h"

#include <string>
#include <utility>

#include "dump/plain_dump_filter.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "transfer/script_tool.h"

namespace transfer {

namespace {

// After a failed COPY psql takes its rows for statements. So the rows are sent only when the server
// waits for them.
class Copies {
public:
    Copies(const ImportJob& work, ImportTool& filling)
        : server_(work.session.beside()),
          application_(work.session.application()),
          filling_(filling) {}

    /// The COPY statement with a comment that distinguishes it from earlier ones.
    std::string marked(std::string_view statement) {
        constexpr std::string_view word = "COPY";
        return std::string{word} + " " + mark(++count_) +
               std::string{statement.substr(word.size())};
    }
    /// Whether the server waits for the rows of the last COPY, which ends on this line.
    bool takes_rows(std::size_t line) {
        constexpr std::chrono::milliseconds pause{2};
        while (true) {
            const bool failed = filling_.complaints().last_line() >= line;
            if (pg::waits_for_rows(server_, application_, "COPY " + mark(count_))) return true;
            if (failed) return false;
            if (!filling_.listen(pause)) return false;
        }
    }

private:
    static std::string mark(std::size_t number) { return "/*" + std::to_string(number) + "*/"; }

    PooledConnection server_;
    std::string application_;
    ImportTool& filling_;
    std::size_t count_ = 0;
};

bool is_copy(std::string_view statement) {
    const auto first = dump::tokens_of(statement, 1);
    return !first.empty() && first[0].is("copy") && first[0].begin == 0;
}

template <class Feed>
void read(const ImportJob& work, const ImportMonitor& monitor, const Feed& feed) {
    if (work.head.encoding == dump::Encoding::utf8) return pump(work.source, monitor, feed);
    host::warn(
        "the dump is in UTF-16, as PowerShell's '>' writes it: characters beyond ASCII may be "
        "damaged. pg_dump --file writes it as it is");
    dump::Utf16Decoder utf16{work.head.encoding};
    pump(work.source, monitor, [&](std::string_view bytes) { feed(utf16.text(bytes)); });
}

void accept_without_last_line(const StatementRules& rules) {
    if (!rules.any())
        throw Error{"the dump is cut off: it ends before it creates anything",
                    "Make the dump again, and copy it whole."};
    host::warn(
        "pg_dump's last line is missing; the dump is imported, because nothing in it is "
        "incomplete");
}

}  // namespace

void check_psql(const Session& session, bool trusted) {
    if (trusted || pg::knows_restrict(session.version())) return;
    throw Error{
        "psql of this service's image lacks \\restrict, so an untrusted plain dump is not safe",
        "Send a dump in the custom format, upgrade to a newer minor version with 'dokku "
        "postgres:upgrade " +
            session.service().name + "', or use --trusted if you trust whoever made the dump.",
        Exit::refused};
}

void fill_by_script(const ImportJob& work) {
    make_ready(work);
    ImportMonitor monitor{work};
    StatementRules& rules = work.rules;
    ImportTool filling{work, script_tool(work), monitor, lines_before_script};
    filling.give(script_head(work));
    std::optional<Copies> copies;
    if (work.how.lenient) copies.emplace(work, filling);
    std::string passed;  // what the filter passed of the current piece
    const auto hand_over = [&] { filling.give(std::exchange(passed, {})); };
    dump::PlainDumpFilter script{[&](std::string_view bytes) {
                                     // Once a role is missing, the rest is only searched for more
                                     // missing roles.
                                     if (!rules.needs_roles()) passed += bytes;
                                 },
                                 [&](std::string_view statement) {
                                     auto changed = rules.change(statement);
                                     if (copies && !changed && is_copy(statement))
                                         changed = copies->marked(statement);
                                     return changed;
                                 }};
    if (copies) {
        script.before_rows([&](std::size_t line) {
            hand_over();
            return copies->takes_rows(line + lines_before_script);
        });
    }
    if (work.how.merge) script.enclose(merge_enclosure);
    read(work, monitor, [&](std::string_view bytes) {
        script.feed(bytes);
        hand_over();
    });
    if (!script.finish()) accept_without_last_line(rules);
    const std::string rest = rules.rest();
    filling.give(work.how.merge && !rest.empty() ? enclosed(rest) : rest);
    rules.check_roles(work.session.service().name);
    // psql runs everything it has read when its input ends, even if that is by accident. Only this
    // COMMIT completes the import.
    if (work.how.merge) filling.give("\nCOMMIT;\n");
    monitor.handed_over();
    filling.finish();
}

}  // namespace transfer

// Adds an archive to a database with contents, by one session in one transaction.
#include "transfer/merge_import.h"

#include <string>
#include <utility>

#include "dump/plain_dump_filter.h"
#include "dump/sql_statement.h"
#include "process/cancellation.h"
#include "transfer/archive_input.h"
#include "transfer/pg_restore.h"
#include "transfer/script_tool.h"
#include "value/hexadecimal.h"

namespace transfer {

namespace {

// The SQL script of an archive without data. pg_restore writes it without a connection.
std::string script_of(const ImportJob& work, std::string archive) {
    process::Command command = work.staging.tool(script_words({.grants = work.how.grants}));
    command.input = std::move(archive);
    process::Result result = work.session.outcome(process::run(command));
    process::check_cancelled();
    if (!result.ok()) throw refused(work, {.message = reason_of(result.err)});
    return std::move(result.out);
}

class ArchiveMerge {
public:
    explicit ArchiveMerge(const ImportJob& work) : work_(work) {
        work.rules.check_roles(work.session.service().name);
    }

    void run() {
        make_ready(work_);
        ImportTool psql{work_, script_tool(work_), monitor_, ToolErrors::no_lines};
        psql.give(script_head(work_));
        psql_ = &psql;
        script_.enclose(merge_enclosure);
        const std::string before = contents_.before();
        feed(script_of(work_, before.empty() ? contents_.settings() : before));
        add_data();
        if (std::string after = contents_.after(); !after.empty())
            feed(script_of(work_, std::move(after)));
        script_.finish();
        psql.give("\nCOMMIT;\n");
        monitor_.handed_over();
        psql.finish();
    }

private:
    void feed(std::string_view text) {
        script_.feed(text);
        psql_->give(std::exchange(passed_, {}));
    }

    void add_data() {
        const auto data = input_.data();
        for (auto part = data->next(); part; part = data->next()) {
            if (part->of->method == dump::LoadMethod::nowhere) continue;
            if (part->of->entry.kind == "BLOBS") {
                add_object(*part, *data);
            } else {
                add_rows(part->of->entry, *data);
            }
        }
        input_.read_rest();
    }

    // Rows of a COPY, or INSERT statements.
    void add_rows(const dump::Entry& entry, dump::DataReader& data) {
        const std::string schema = entry.schema.value_or("");
        if (!contents_.is_qualified() && !schema.empty())
            feed("SET search_path = " + dump::quoted_name(schema) + ", pg_catalog;\n");
        const std::string copy = entry.copy.value_or("");
        feed(copy.empty() || copy.ends_with('\n') ? copy : copy + "\n");
        char last = '\n';
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) {
            feed(bytes);
            last = bytes.back();
        }
        if (last != '\n') feed("\n");
        if (script_.in_rows()) feed("\\.\n");
    }

    void add_object(const dump::Part& part, dump::DataReader& data) {
        if (!part.large_object) return;
        const std::string object = std::to_string(*part.large_object);
        if (part.of->method == dump::LoadMethod::tool)
            feed("SELECT pg_catalog.lo_create(" + object + ");\n");
        std::uint64_t offset = 0;
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) {
            while (!bytes.empty()) {
                constexpr std::size_t most = std::size_t{16} * 1024;
                const auto some = bytes.substr(0, most);
                feed("SELECT pg_catalog.lo_put(" + object + ", " + std::to_string(offset) +
                     ", pg_catalog.decode('" + value::hexadecimal(some) + "', 'hex'));\n");
                offset += some.size();
                bytes.remove_prefix(some.size());
            }
        }
    }

    const ImportJob& work_;
    ImportMonitor monitor_{work_};
    ArchiveInput input_{work_, monitor_};
    const dump::TableOfContents& contents_ = input_.contents();
    std::string passed_;  // what the filter passed of the current piece
    dump::PlainDumpFilter script_{[this](std::string_view bytes) { passed_ += bytes; }};
    ImportTool* psql_ = nullptr;
};

}  // namespace

void merge_archive(const ImportJob& work) { ArchiveMerge{work}.run(); }

}  // namespace transfer

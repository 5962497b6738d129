// An archive added to a database with contents: by one session, in one transaction.
#include "transfer/merge_import.h"

#include <string>
#include <utility>

#include "dump/plain_dump_filter.h"
#include "dump/sql_statement.h"
#include "process/cancellation.h"
#include "transfer/archive_input.h"
#include "transfer/pg_restore.h"
#include "transfer/script_tool.h"

namespace transfer {

namespace {

// What an archive without data holds, as pg_restore says it. It comes without a connection.
std::string script_of(const ImportJob& work, std::string archive) {
    process::Command command = work.staging.tool(script_words({.grants = work.how.grants}));
    command.input = std::move(archive);
    process::Result result = work.session.outcome(process::run(command));
    process::check_cancelled();
    if (!result.ok()) throw refused(work, {.message = reason_of(result.err)});
    return std::move(result.out);
}

class Merging {
public:
    explicit Merging(const ImportJob& work) : work_(work) {
        work.rules.check_roles(work.session.service().name);
    }

    void run() {
        make_ready(work_);
        ImportTool filling{work_, script_tool(work_), monitor_, ToolErrors::no_lines};
        filling.give(script_head(work_));
        filling_ = &filling;
        script_.enclose(merge_enclosure);
        const std::string before = contents_.before();
        feed(script_of(work_, before.empty() ? contents_.settings() : before));
        add_data();
        if (std::string after = contents_.after(); !after.empty())
            feed(script_of(work_, std::move(after)));
        script_.finish();
        filling.give("\nCOMMIT;\n");
        monitor_.handed_over();
        filling.finish();
    }

private:
    void feed(std::string_view text) {
        script_.feed(text);
        filling_->give(std::exchange(passed_, {}));
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
                     ", pg_catalog.decode('" + hexadecimal(some) + "', 'hex'));\n");
                offset += some.size();
                bytes.remove_prefix(some.size());
            }
        }
    }

    static std::string hexadecimal(std::string_view bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        text.reserve(2 * bytes.size());
        for (const char c : bytes) {
            const auto byte = static_cast<unsigned char>(c);
            text += digits[byte / 16];
            text += digits[byte % 16];
        }
        return text;
    }

    const ImportJob& work_;
    ImportMonitor monitor_{work_};
    ArchiveInput input_{work_, monitor_};
    const dump::TableOfContents& contents_ = input_.contents();
    std::string passed_;  // of one piece: it is handed over at once
    dump::PlainDumpFilter script_{[this](std::string_view bytes) { passed_ += bytes; }};
    ImportTool* filling_ = nullptr;
};

}  // namespace

void merge_archive(const ImportJob& work) { Merging{work}.run(); }

}  // namespace transfer

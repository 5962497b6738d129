// Imports an archive while it arrives.
#include "transfer/archive_import.h"

#include <optional>

#include "pg/loader.h"
#include "transfer/archive_input.h"
#include "transfer/pg_restore.h"
#include "transfer/row_loader.h"

namespace transfer {

namespace {

// Passes data blocks to a pg_restore that has read their table of contents.
class Forwarding {
public:
    Forwarding(const dump::ArchiveHeader& head, ImportTool& tool) : head_(head), tool_(tool) {}

    void give(const dump::Part& part, dump::DataReader& data) {
        if (part.of->entry.kind != "BLOBS") {
            tool_.give(dump::block_header(head_, dump::Block::data, part.of->entry.id));
            return give_chunks(data);
        }
        if (!part.large_object) return begin_large_objects(part);
        // an oid is unsigned, a number in an archive is signed
        tool_.give(dump::archive_number(head_, static_cast<std::int32_t>(*part.large_object)));
        give_chunks(data);
    }
    /// To be called before a part of another entry.
    void end_large_objects() {
        if (in_large_objects_) tool_.give(dump::archive_number(head_, 0));
        in_large_objects_ = false;
    }

private:
    void begin_large_objects(const dump::Part& part) {
        tool_.give(dump::block_header(head_, dump::Block::large_objects, part.of->entry.id));
        in_large_objects_ = true;
    }
    void give_chunks(dump::DataReader& data) {
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) {
            tool_.give(dump::archive_number(head_, static_cast<long>(bytes.size())));
            tool_.give(bytes);
        }
        tool_.give(dump::archive_number(head_, 0));
    }

    const dump::ArchiveHeader& head_;
    ImportTool& tool_;
    bool in_large_objects_ = false;
};

class ArchiveFilling {
public:
    explicit ArchiveFilling(const ImportJob& work)
        : work_(work), jobs_(work.how.jobs.value_or(default_jobs())) {
        work.rules.check_roles(work.session.service().name);
        if (work.parts != nullptr) work.parts->check_list(work.rules);
    }

    void run() {
        auto loaders = make_before();
        // This pg_restore starts early and gets everything except the last byte, without which it
        // does nothing until the rows are loaded.
        const std::string after = contents_.after();
        std::optional<ImportTool> building;
        if (!after.empty()) {
            building.emplace(work_, restore_tool(work_.staging, how(), jobs_), monitor_);
            building->give(std::string_view{after}.substr(0, after.size() - 1));
        }
        load(std::move(loaders));
        monitor_.handed_over();
        if (!building) return;
        building->give(std::string_view{after}.substr(after.size() - 1));
        building->finish();
    }

private:
    // pg_restore starts while the database is created. Our sessions log in before any code of the
    // dump runs.
    std::vector<pg::Loader> make_before() {
        const std::string before = contents_.before();
        std::optional<ImportTool> making;
        if (!before.empty()) making.emplace(work_, stream_tool(), monitor_);
        make_ready(work_);
        std::vector<pg::Loader> loaders;
        if (contents_.has(dump::LoadMethod::copy) ||
            contents_.has(dump::LoadMethod::large_objects)) {
            // An error ends our session, whereas pg_restore goes on.
            if (!work_.how.lenient) loaders = work_.staging.loaders(jobs_, contents_.encoding());
            if (loaders.empty()) contents_.leave_to_tool();
        }
        if (making) {
            making->give(before);
            making->finish();
        }
        return loaders;
    }

    RestoreOptions how() const {
        return {.grants = work_.how.grants, .lenient = work_.how.lenient};
    }

    process::Command stream_tool() const {
        return work_.staging.tool(restore_words(work_.staging.name(), how()));
    }

    void load(std::vector<pg::Loader> loaders) {
        RowLoader loading{std::move(loaders), [this] { monitor_(); }};
        work_.source.wait_by([&](int descriptor) { loading.wait(descriptor); });
        try {
            load_by(loading);
        } catch (const RefusedRows& failure) {
            throw refused_rows(work_, failure);
        }
        work_.source.wait_by({});
    }

    void load_by(RowLoader& loading) {
        std::optional<ImportTool> tool;
        std::optional<Forwarding> blocks;
        if (contents_.has(dump::LoadMethod::tool)) {
            tool.emplace(work_, stream_tool(), monitor_);
            tool->give(contents_.for_tool());
            blocks.emplace(contents_.head(), *tool);
        }
        const auto data = input_.data();
        for (auto part = data->next(); part; part = data->next()) {
            if (blocks && !part->large_object) blocks->end_large_objects();
            if (part->of->method == dump::LoadMethod::copy) load_rows(loading, *part, *data);
            if (part->of->method == dump::LoadMethod::large_objects)
                load_object(loading, *part, *data);
            if (part->of->method == dump::LoadMethod::tool) blocks->give(*part, *data);
        }
        input_.read_rest();  // padding
        if (blocks) blocks->end_large_objects();
        loading.finish();
        if (tool) tool->finish();
    }

    void load_rows(RowLoader& loading, const dump::Part& part, dump::DataReader& data) {
        const dump::Entry& entry = part.of->entry;
        const CopyTarget target{
            .statement = entry.copy.value_or(""),
            .schema = contents_.is_qualified() ? "" : entry.schema.value_or("")};
        RowChunks chunks{loading.chunk_size(),
                         [&](RowChunk piece) { loading.rows(target, std::move(piece)); }};
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) chunks.add(bytes);
        chunks.finish();
        loading.end_table();
    }

    // In chunks that begin at the server's own page boundaries.
    static void load_object(RowLoader& loading, const dump::Part& part, dump::DataReader& data) {
        constexpr std::size_t most = std::size_t{256} * 1024;
        if (!part.large_object) return;
        std::uint64_t offset = 0;
        std::string piece;
        const auto give = [&] {
            const auto size = piece.size();
            loading.large_object(*part.large_object, offset, std::exchange(piece, {}));
            offset += size;
        };
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) {
            while (!bytes.empty()) {
                const auto some = bytes.substr(0, most - piece.size());
                piece += some;
                bytes.remove_prefix(some.size());
                if (piece.size() == most) give();
            }
        }
        if (!piece.empty()) give();
    }

    const ImportJob& work_;
    ImportMonitor monitor_{work_};
    ArchiveInput input_{work_, monitor_};
    dump::TableOfContents& contents_ = input_.contents();
    int jobs_;
};

}  // namespace

void fill_by_archive(const ImportJob& work) { ArchiveFilling{work}.run(); }

}  // namespace transfer

// A database filled by an archive as it arrives.
#include "backup/archive_filling.h"

#include <optional>

#include "backup/contents.h"
#include "backup/data_reader.h"
#include "backup/entry_rules.h"
#include "backup/loading.h"
#include "backup/pg_restore.h"
#include "pg/loader.h"

namespace backup {

namespace {

// Blocks of data on their way to a pg_restore that has read their table of contents.
class Forwarding {
public:
    Forwarding(const ArchiveHead& head, Filling& tool) : head_(head), tool_(tool) {}

    void give(const Part& part, DataReader& data) {
        if (part.of->entry.kind != "BLOBS") {
            tool_.give(block_head(head_, Block::data, part.of->entry.id));
            return give_chunks(data);
        }
        if (!part.large_object) return begin_large_objects(part);
        // an oid without a sign travels as a number with one
        tool_.give(archive_number(head_, static_cast<std::int32_t>(*part.large_object)));
        give_chunks(data);
    }
    /// Before a part that is of another entry.
    void end_large_objects() {
        if (in_large_objects_) tool_.give(archive_number(head_, 0));
        in_large_objects_ = false;
    }

private:
    void begin_large_objects(const Part& part) {
        tool_.give(block_head(head_, Block::large_objects, part.of->entry.id));
        in_large_objects_ = true;
    }
    void give_chunks(DataReader& data) {
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) {
            tool_.give(archive_number(head_, static_cast<long>(bytes.size())));
            tool_.give(bytes);
        }
        tool_.give(archive_number(head_, 0));
    }

    const ArchiveHead& head_;
    Filling& tool_;
    bool in_large_objects_ = false;
};

class ArchiveFilling {
public:
    explicit ArchiveFilling(const Work& work)
        : work_(work), contents_(read_contents()), jobs_(work.how.jobs.value_or(default_jobs())) {
        work.rules.check_roles(work.session.service().name);
        if (work.parts != nullptr) work.parts->check_list(work.rules);
    }

    void run() {
        auto loaders = make_before();
        // It has all but one byte when the rows have come, and is of no use without it.
        const std::string after = contents_.after();
        std::optional<Filling> building;
        if (!after.empty()) {
            building.emplace(work_, restore_tool(work_.replacement, how(), jobs_), oversight_);
            building->give(std::string_view{after}.substr(0, after.size() - 1));
        }
        load(std::move(loaders));
        oversight_.handed_over();
        if (!building) return;
        building->give(std::string_view{after}.substr(after.size() - 1));
        building->finish();
    }

private:
    Contents read_contents() {
        EntryRules rules{work_.rules};
        const Keep keep = [&rules](Entry& entry) { return rules(entry); };
        return work_.head.format == Format::tar ? tar_contents(tar_, keep) : Contents{bytes_, keep};
    }

    // The program comes up meanwhile. The sessions are let in before anything of the dump's is at
    // work.
    std::vector<pg::Loader> make_before() {
        const std::string before = contents_.before();
        std::optional<Filling> making;
        if (!before.empty()) making.emplace(work_, stream_tool(), oversight_);
        make_ready(work_);
        std::vector<pg::Loader> loaders;
        if (contents_.has(Road::copy) || contents_.has(Road::large_objects)) {
            // An error ends a session of ours, and not pg_restore.
            if (!work_.how.lenient)
                loaders = work_.replacement.loaders(jobs_, contents_.encoding());
            if (loaders.empty()) contents_.leave_to_tool();
        }
        if (making) {
            making->give(before);
            making->finish();
        }
        return loaders;
    }

    Restore how() const { return {.grants = work_.how.grants, .lenient = work_.how.lenient}; }

    process::Command stream_tool() const {
        return work_.replacement.tool(restore_words(work_.replacement.name(), how()));
    }

    void load(std::vector<pg::Loader> loaders) {
        Loading loading{std::move(loaders), [this] { oversight_(); }};
        work_.source.wait_by([&](int descriptor) { loading.wait(descriptor); });
        try {
            load_by(loading);
        } catch (const RefusedRows& failure) {
            throw refused_rows(work_, failure);
        }
        work_.source.wait_by({});
    }

    void load_by(Loading& loading) {
        std::optional<Filling> tool;
        std::optional<Forwarding> blocks;
        if (contents_.has(Road::tool)) {
            tool.emplace(work_, stream_tool(), oversight_);
            tool->give(contents_.for_tool());
            blocks.emplace(contents_.head(), *tool);
        }
        const auto data = work_.head.format == Format::tar ? tar_data(tar_, contents_)
                                                      : custom_data(intake_, contents_);
        for (auto part = data->next(); part; part = data->next()) {
            if (blocks && !part->large_object) blocks->end_large_objects();
            if (part->of->road == Road::copy) load_rows(loading, *part, *data);
            if (part->of->road == Road::large_objects) load_object(loading, *part, *data);
            if (part->of->road == Road::tool) blocks->give(*part, *data);
        }
        while (!intake_.view(std::string_view::npos).empty()) continue;  // padding
        if (blocks) blocks->end_large_objects();
        loading.finish();
        if (tool) tool->finish();
    }

    void load_rows(Loading& loading, const Part& part, DataReader& data) {
        const Entry& entry = part.of->entry;
        const Target target{.statement = entry.copy.value_or(""),
                            .schema = contents_.is_qualified() ? "" : entry.schema.value_or("")};
        Pieces pieces{loading.piece_size(),
                      [&](Piece piece) { loading.rows(target, std::move(piece)); }};
        for (auto bytes = data.read(); !bytes.empty(); bytes = data.read()) pieces.add(bytes);
        pieces.finish();
        loading.end_table();
    }

    // In pieces that begin where the server begins another of its own.
    static void load_object(Loading& loading, const Part& part, DataReader& data) {
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

    const Work& work_;
    Oversight oversight_{work_};
    Intake intake_{[this] {
        oversight_();
        return work_.source.read();
    }};
    Bytes bytes_ = [this](char* into, std::size_t size) { return intake_.take(into, size); };
    TarReader tar_{bytes_};
    Contents contents_;
    int jobs_;
};

}  // namespace

void fill_by_archive(const Work& work) { ArchiveFilling{work}.run(); }

}  // namespace backup

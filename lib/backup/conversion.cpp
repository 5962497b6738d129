// A tar archive of pg_dump turned into a custom one on its way: over a tar that ends early
// pg_restore spins for ever, over a custom one it fails.
#include "backup/conversion.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/tar.h"
#include "host/log.h"

namespace backup {

namespace {

// What the table of contents lets expect, in its order.
struct Part {
    int id = 0;
    bool large_objects = false;  // the member that lists them, which follows them
    std::string file = {};
};

Error wrong_table() { return damaged_tar("its table of contents is not as pg_dump writes it"); }

// The oid of `blob_4242.dat`.
std::optional<std::uint32_t> large_object_of(std::string_view name) {
    constexpr std::string_view begin = "blob_";
    constexpr std::string_view end = ".dat";
    if (!name.starts_with(begin) || !name.ends_with(end)) return {};
    name.remove_prefix(begin.size());
    name.remove_suffix(end.size());
    std::uint32_t oid = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), oid);
    if (error != std::errc{} || stop != name.data() + name.size() || oid == 0) return {};
    return oid;
}

class Conversion {
public:
    Conversion(const Bytes& bytes, const Sink& sink) : tar_(bytes), sink_(sink) {}

    void run(const std::function<void(Entry&)>& change) {
        const auto table = tar_.next();
        if (!table || table->name != "toc.dat") throw damaged_tar("it does not begin with a table");
        pass_table(change);
        auto member = tar_.next();
        for (const Part& part : parts_) {
            if (part.large_objects) pass_large_objects(part, member);
            if (!member || member->name != part.file) throw unexpected(member, part);
            if (part.large_objects) {
                end_large_objects(*member);
            } else {
                blocks_.data(part.id, member_, member->size);
            }
            member = tar_.next();
        }
        // the same once more, for psql
        if (member && member->name == "restore.sql") member = tar_.next();
        if (member) throw unknown(*member);
    }

private:
    void pass_table(const std::function<void(Entry&)>& change) {
        ArchiveReader reader{member_};
        if (reader.head().layout != Layout::tar) throw wrong_table();
        head_ = reader.head();
        head_.layout = Layout::custom;
        head_.compression = 0;
        sink_(archive_head(head_, reader.size()));
        while (auto entry = reader.next()) {
            if (entry->file && !entry->file->empty()) expect(*entry);
            change(*entry);
            sink_(archive_entry(head_, *entry));
        }
        if (tar_.left() != 0) throw wrong_table();
    }

    void expect(Entry& entry) {
        constexpr std::size_t longest = 100;  // that a member may have
        constexpr std::size_t most = 1000UL * 1000;
        if (entry.file->size() > longest || parts_.size() == most) throw wrong_table();
        entry.place.known = Place::Known::no;
        const bool large_objects = entry.kind == "BLOBS";
        parts_.push_back({.id = entry.id,
                          .large_objects = large_objects,
                          .file = large_objects ? list_of(entry.id) : *entry.file});
    }

    // The table of contents names a file that is not there.
    std::string list_of(int id) const {
        constexpr int with_several = 16;
        return head_.version < with_several ? "blobs.toc" : "blobs_" + std::to_string(id) + ".toc";
    }

    void pass_large_objects(const Part& part, std::optional<Member>& member) {
        blocks_.begin_large_objects(part.id);
        listed_ = 0;
        for (; member && member->name != part.file; member = tar_.next()) {
            const auto oid = large_object_of(member->name);
            if (!oid) throw unexpected(member, part);
            blocks_.large_object(*oid, member_, member->size);
            listed_ += std::to_string(*oid).size() + member->name.size() + 2;  // `4242 NAME` a line
        }
    }

    void end_large_objects(const Member& list) {
        if (list.size != listed_)
            throw damaged_tar("'" + list.name + "' lists other large objects than it holds");
        blocks_.end_large_objects();
    }

    static Error unknown(const Member& member) {
        return damaged_tar("'" + host::printable(member.name) + "' does not belong into it");
    }
    static Error unexpected(const std::optional<Member>& member, const Part& part) {
        const std::string wanted = "'" + host::printable(part.file) + "'";
        if (!member) return damaged_tar("it lacks " + wanted);
        return damaged_tar("'" + host::printable(member->name) + "' stands where " + wanted +
                           " should be");
    }

    TarReader tar_;
    const Sink& sink_;
    ArchiveHead head_;
    const Bytes member_ = [this](char* into, std::size_t size) { return tar_.read(into, size); };
    const Blocks blocks_{head_, sink_};
    std::vector<Part> parts_;
    std::uint64_t listed_ = 0;  // how long the list of the large objects has to be
};

}  // namespace

void pass_as_custom(const Bytes& bytes, const std::function<void(Entry&)>& change,
                    const Sink& sink) {
    Conversion{bytes, sink}.run(change);
}

}  // namespace backup

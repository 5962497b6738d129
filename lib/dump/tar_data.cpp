// The data of a tar archive of pg_dump: members in the order of the table of contents.
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "dump/data_reader.h"
#include "host/log.h"

namespace dump {

namespace {

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

class TarData final : public DataReader {
public:
    TarData(TarReader& tar, const TableOfContents& contents) : tar_(tar), contents_(contents) {
        for (const auto& one : contents.data()) {
            constexpr std::size_t longest = 100;  // that a member may have
            const auto& file = one.entry.file;
            if (!file || file->empty() || file->size() > longest) throw wrong_table();
        }
    }

    std::optional<Part> next() override {
        if (!began_) member_ = tar_.next();
        began_ = true;
        if (is_open_) member_ = tar_.next();
        is_open_ = false;
        if (in_large_objects_) return next_large_object();
        if (at_ == contents_.data().size()) {
            end();
            return {};
        }
        const Data& data = contents_.data()[at_];
        if (data.entry.kind == "BLOBS") {
            in_large_objects_ = true;
            listed_ = 0;
            return Part{.of = &data};
        }
        return open(Part{.of = &data}, *data.entry.file);
    }

    std::string_view read() override {
        if (!is_open_) return {};
        return {buffer_.data(), tar_.read(buffer_.data(), buffer_.size())};
    }

private:
    // Large objects precede the member that lists them.
    std::optional<Part> next_large_object() {
        const Data& data = contents_.data()[at_];
        const std::string list = list_of(data.entry.id);
        if (!member_ || member_->name != list) {
            const auto oid = member_ ? large_object_of(member_->name) : std::nullopt;
            if (!oid) throw unexpected(list);
            // `4242 NAME` a line
            listed_ += std::to_string(*oid).size() + member_->name.size() + 2;
            is_open_ = true;
            return Part{.of = &data, .large_object = oid};
        }
        if (member_->size != listed_)
            throw damaged_tar("'" + list + "' lists other large objects than it holds");
        in_large_objects_ = false;
        is_open_ = true;
        ++at_;
        return next();
    }

    Part open(const Part& part, const std::string& file) {
        if (!member_ || member_->name != file) throw unexpected(file);
        is_open_ = true;
        ++at_;
        return part;
    }

    void end() {
        // restore.sql has the same contents once more, for psql
        if (member_ && member_->name == "restore.sql") member_ = tar_.next();
        if (member_) {
            throw damaged_tar("'" + host::printable(member_->name) + "' does not belong in it");
        }
    }

    // The name of the list. The table of contents has the name of a file that does not exist.
    std::string list_of(int id) const {
        constexpr int with_several = 16;
        return contents_.head().version < with_several ? "blobs.toc"
                                                       : "blobs_" + std::to_string(id) + ".toc";
    }

    Error unexpected(const std::string& file) const {
        const std::string wanted = "'" + host::printable(file) + "'";
        if (!member_) return damaged_tar("it lacks " + wanted);
        return damaged_tar("'" + host::printable(member_->name) + "' stands where " + wanted +
                           " should be");
    }

    TarReader& tar_;
    const TableOfContents& contents_;
    std::size_t at_ = 0;  // index of the entry with data
    bool began_ = false;
    bool is_open_ = false;  // the member belongs to a part, or was skipped
    bool in_large_objects_ = false;
    std::uint64_t listed_ = 0;  // the expected size of the list of large objects
    std::optional<Member> member_;
    std::array<char, 131072> buffer_;
};

}  // namespace

TableOfContents tar_contents(TarReader& tar, const EntryFilter& keep) {
    const auto table = tar.next();
    if (!table || table->name != "toc.dat") throw damaged_tar("it does not begin with a table");
    TableOfContents contents{[&](char* into, std::size_t size) { return tar.read(into, size); },
                             keep};
    if (contents.head().format != ArchiveFormat::tar || tar.left() != 0) throw wrong_table();
    return contents;
}

std::unique_ptr<DataReader> tar_data(TarReader& tar, const TableOfContents& contents) {
    return std::make_unique<TarData>(tar, contents);
}

}  // namespace dump

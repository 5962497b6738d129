// Turns a directory archive, sent as a stream, into one custom archive.
#include "dump/folder_archive.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dump {

namespace {

template <class Number>
Number number_of(std::string_view digits) {
    Number value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || stop != digits.data() + digits.size()) throw not_understood();
    return value;
}

constexpr std::size_t most_at_once = 500;  // files of a batch

// Reads the stream in large blocks.
class Input {
public:
    explicit Input(const Bytes& bytes) : bytes_(bytes) {}

    std::size_t read(char* into, std::size_t size) {
        if (left_.empty() && size > 0) {
            const auto count = bytes_(block_.data(), block_.size());
            if (count == 0) throw CutOff{};
            left_ = {block_.data(), count};
        }
        const auto count = left_.copy(into, size);
        left_.remove_prefix(count);
        return count;
    }

    std::string line() {
        constexpr std::size_t longest = 4096;
        std::string text;
        char next = 0;
        for (read(&next, 1); next != '\n'; read(&next, 1)) {
            text += next;
            if (text.size() > longest) throw not_understood();
        }
        return text;
    }

private:
    const Bytes& bytes_;
    std::array<char, 65536> block_{};
    std::string_view left_;
};

// One file of the folder.
struct File {
    enum class Of { table, contents, large_object };
    Of of = Of::table;
    std::uint32_t id = 0;  // of the entry, or the oid of the large object; 0 for `blobs.toc`
    std::uint64_t size = 0;
};

// `1234 5678.dat.zst`; nothing for an empty line.
std::optional<File> file_of(const std::string& line) {
    if (line.empty()) return {};
    const auto space = line.find(' ');
    if (space == std::string::npos) throw not_understood();
    File file;
    file.size = number_of<std::uint64_t>(std::string_view(line).substr(0, space));
    std::string_view name = std::string_view(line).substr(space + 1);
    if (name == "blobs.toc") {
        file.of = File::Of::contents;
        return file;
    }
    constexpr std::pair<std::string_view, File::Of> beginnings[] = {
        {"blobs_", File::Of::contents}, {"blob_", File::Of::large_object}};
    for (const auto& [beginning, of] : beginnings) {
        if (!name.starts_with(beginning)) continue;
        file.of = of;
        name.remove_prefix(beginning.size());
        break;
    }
    file.id = number_of<std::uint32_t>(name.substr(0, name.find('.')));
    if (file.id == 0) throw not_understood();  // in an archive, 0 ends the large objects
    return file;
}

// One block of the new archive.
struct Extent {
    int id = 0;  // 0: unknown until the table of contents is read again
    bool large_objects = false;
    std::uint64_t size = 0;
    std::uint64_t place = 0;
};

// Writes the archive.
class Archiving {
public:
    Archiving(const Bytes& bytes, const Sink& sink) : input_(bytes), out_(sink) {}

    void run(const std::function<void(std::uint64_t)>& tell_size) {
        measure_table();
        measure_files();
        tell_size(total_);
        write_table();
        write_files();
    }

private:
    template <class Each>
    void each_entry(const Each& each) {
        auto left = number_of<std::uint64_t>(input_.line());
        ArchiveReader reader{[&](char* into, std::size_t size) {
            const auto count = input_.read(into, std::min<std::uint64_t>(size, left));
            left -= count;
            return count;
        }};
        head_ = reader.head();
        // the length of a chunk must fit into a number, and a position into an offset
        if (head_.format != ArchiveFormat::tar || head_.number_size != sizeof(std::uint32_t) ||
            head_.offset_size != sizeof(std::uint64_t))
            throw not_understood();
        head_.format = ArchiveFormat::custom;
        entries_ = reader.size();
        each(std::optional<Entry>{});
        for (auto entry = reader.next(); entry; entry = reader.next()) each(entry);
        if (left != 0) throw not_understood();
    }

    static bool has_file(const Entry& entry) { return entry.file && !entry.file->empty(); }

    void measure_table() {
        each_entry([&](const std::optional<Entry>& entry) {
            if (entry && has_file(*entry)) ++with_file_;
            table_size_ += entry ? archive_entry(head_, *entry).size()
                                 : archive_header(head_, entries_).size();
        });
    }

    void measure_files() {
        for (auto file = file_of(input_.line()); file; file = file_of(input_.line())) {
            if (file->of == File::Of::large_object) {
                if (extents_.empty() || !extents_.back().large_objects) throw not_understood();
                extents_.back().size += blocks_.large_object_length(file->size);
                continue;
            }
            if (extents_.size() == with_file_) throw not_understood();
            const bool contents = file->of == File::Of::contents;
            extents_.push_back({.id = static_cast<int>(file->id),
                                .large_objects = contents,
                                .size = contents ? blocks_.large_objects_length()
                                                 : blocks_.data_length(file->size)});
        }
        total_ = table_size_;
        for (Extent& extent : extents_) {
            extent.place = total_;
            total_ += extent.size;
        }
    }

    static void match(const Extent& extent, int id, bool large_objects) {
        const bool same_id = extent.id == id || extent.id == 0 || id == 0;
        if (!same_id || extent.large_objects != large_objects) throw not_understood();
    }

    void write_table() {
        auto next = extents_.begin();
        each_entry([&](const std::optional<Entry>& found) {
            if (!found) {
                write(archive_header(head_, entries_));
                return;
            }
            Entry entry = *found;
            if (has_file(entry)) {
                if (next == extents_.end()) throw not_understood();
                match(*next, entry.id, entry.kind == "BLOBS");
                next->id = entry.id;
                entry.position = {.state = DataOffset::State::yes, .offset = next->place};
                ++next;
            }
            write(archive_entry(head_, entry));
        });
        if (next != extents_.end() || written_ != table_size_) throw not_understood();
    }

    void write_files() {
        auto next = extents_.begin();
        bool among_objects = false;
        for (auto files = batch(); !files.empty(); files = batch()) {
            for (const File& file : files) {
                if (file.of == File::Of::large_object) {
                    write_large_object(file, among_objects);
                    continue;
                }
                if (among_objects) blocks_.end_large_objects();
                if (next == extents_.end()) throw not_understood();
                among_objects = next->large_objects;
                write_block(*next++, file);
            }
        }
        if (among_objects) blocks_.end_large_objects();
        if (next != extents_.end() || written_ != total_) throw not_understood();
    }

    // A position may be wrong: if a size has changed, or the sum does not fit into a number.
    void write_block(const Extent& extent, const File& file) {
        match(extent, static_cast<int>(file.id), file.of == File::Of::contents);
        if (written_ != extent.place) throw not_understood();
        if (extent.large_objects) {
            blocks_.begin_large_objects(extent.id);
            skip(file.size);
        } else {
            blocks_.data(extent.id, bytes_, file.size);
        }
    }

    void write_large_object(const File& file, bool among_objects) {
        if (!among_objects) throw not_understood();
        blocks_.large_object(file.id, bytes_, file.size);
    }

    std::vector<File> batch() {
        std::vector<File> files;
        for (auto file = file_of(input_.line()); file; file = file_of(input_.line())) {
            if (files.size() == most_at_once) throw not_understood();
            files.push_back(*file);
        }
        return files;
    }

    void skip(std::uint64_t size) {
        std::array<char, 4096> block{};
        while (size > 0)
            size -= input_.read(block.data(), std::min<std::uint64_t>(size, block.size()));
    }

    void write(std::string_view bytes) {
        out_(bytes);
        written_ += bytes.size();
    }

    Input input_;
    const Sink& out_;
    ArchiveHeader head_;
    const Bytes bytes_ = [this](char* into, std::size_t size) { return input_.read(into, size); };
    const Sink sink_ = [this](std::string_view bytes) { write(bytes); };
    const BlockWriter blocks_{head_, sink_};
    std::size_t entries_ = 0;
    std::size_t with_file_ = 0;
    std::uint64_t table_size_ = 0;
    std::vector<Extent> extents_;
    std::uint64_t total_ = 0;
    std::uint64_t written_ = 0;
};

}  // namespace

Error not_understood() { return Error{"unexpected output of the container instead of a dump"}; }

void pass_folder(const Bytes& bytes, const std::function<void(std::uint64_t)>& tell_size,
                 const Sink& sink) {
    Archiving{bytes, sink}.run(tell_size);
}

}  // namespace dump

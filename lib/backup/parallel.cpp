// Export by several sessions at once: into a folder beside the server's data, from there as one
// archive.
#include "backup/parallel.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include "backup/archive.h"
#include "backup/blocks.h"
#include "backup/ending.h"
#include "backup/interrupt.h"
#include "backup/room.h"
#include "error/error.h"
#include "host/log.h"
#include "pg/databases.h"
#include "process/child.h"
#include "process/process.h"

namespace backup {

namespace {

constexpr std::string_view folder_prefix = "dokku_postgres_export_";

// $1 is the data directory. A folder carries the process id of its script; after the container was
// started anew that number may be another program's.
constexpr std::string_view sweeping = R"sh(
data=$1
for old in "$data"/dokku_postgres_export_*; do
    [ -d "$old" ] || continue
    grep -q dokku_postgres_export_ "/proc/${old##*_}/cmdline" 2>/dev/null || rm -rf -- "$old"
done
)sh";

// The other words are those of pg_dump. The end of the input is the end of whoever wants the dump:
// the engine would take the bytes to their end and drop them. Sent are the table of contents, the
// sizes and names of the files in its order up to an empty line, the table of contents again, and
// the files: some sizes and names, an empty line, their bytes, and so on up to an empty line.
constexpr std::string_view dumping = R"sh(
umask 077
shift
folder=$data/dokku_postgres_export_$$
work=
watcher=
leave() {
    trap '' HUP INT TERM PIPE
    [ -z "$work" ] || kill "$work" 2>/dev/null
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null
    wait
    rm -rf -- "$folder"
}
trap leave EXIT
trap 'exit 143' HUP INT TERM PIPE
rm -rf -- "$folder"
mkdir -- "$folder" || exit 1
exec 3<&0 </dev/null
{
    read -r _ <&3
    kill -TERM $$
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-
"$@" --file="$folder" &
work=$!
wait "$work" || exit
work=
cd -- "$folder" || exit 1
list() {
    pg_restore --list . | while IFS='; ' read -r id catalog oid kind rest; do
        case $id in '' | *[!0-9]*) continue ;; esac
        if [ "$kind" = BLOBS ]; then
            for contents in "blobs_$id.toc" blobs.toc; do
                [ -e "$contents" ] || continue
                echo "$contents"
                suffix=.zst
                read -r oid name <"$contents" && [ -e "$name" ] && suffix=
                sed "s/^[0-9]* //; s/\$/$suffix/" "$contents"
                break
            done
        else
            for name in "$id.dat" "$id.dat.zst"; do
                [ ! -e "$name" ] || echo "$name"
            done
        fi
    done >files
}
table() { stat -c %s toc.dat && cat toc.dat; }
send() {
    list &&
        table &&
        xargs -r stat -c '%s %n' <files &&
        echo &&
        table &&
        xargs -r -n 500 sh -c 'stat -c "%s %n" "$@" && echo && cat -- "$@"' sh <files &&
        echo
}
send &
work=$!
wait "$work" || exit
work=
)sh";

// Sessions that dump fill a disk as fast as its cache takes it, and go on for as long as it takes
// to tell them: that much is kept free beside what the server needs.
constexpr std::uint64_t reserve = 400ULL * 1000 * 1000;

// The script's side ended before all was sent.
struct CutOff {};

Error not_understood() { return Error{"the container sent what is no dump"}; }

template <class Number>
Number number_of(std::string_view digits) {
    Number value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || stop != digits.data() + digits.size()) throw not_understood();
    return value;
}

// What the script sends.
class Input {
public:
    explicit Input(process::Drain& drain) : drain_(drain) {}

    std::size_t read(char* into, std::size_t size) {
        if (left_.empty()) {
            const auto count = drain_.read(block_.data(), block_.size());
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
    process::Drain& drain_;
    std::array<char, 65536> block_{};
    std::string_view left_;
};

// One file of a dump as it lies in the folder.
struct File {
    enum class Of { table, contents, large_object };
    Of of = Of::table;
    std::uint32_t id = 0;  // the entry's, or the large object's oid; 0: `blobs.toc` does not say
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
    return file;
}

// One block of the archive to be.
struct Piece {
    int id = 0;  // 0: not known before the table of contents is seen again
    bool large_objects = false;
    std::uint64_t size = 0;
};

// The archive on its way out.
class Archiving {
public:
    Archiving(Input& input, int out, const Audience& audience)
        : input_(input), out_(out), audience_(audience) {}

    void run() {
        measure_table();
        measure_files();
        write_table();
        write_files();
        if (written_ != total_) throw not_understood();
    }
    void tick() const {
        Interrupt::check();
        if (audience_.watch)
            audience_.watch(written_, total_ == 0 ? std::optional<std::uint64_t>{} : total_);
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
        if (reader.head().layout != Layout::tar) throw not_understood();
        head_ = reader.head();
        head_.layout = Layout::custom;
        entries_ = reader.size();
        each(std::optional<Entry>{});
        for (auto entry = reader.next(); entry; entry = reader.next()) each(entry);
        if (left != 0) throw not_understood();
    }

    void measure_table() {
        table_size_ = 0;
        each_entry([&](const std::optional<Entry>& entry) {
            table_size_ +=
                entry ? archive_entry(head_, *entry).size() : archive_head(head_, entries_).size();
        });
    }

    void measure_files() {
        for (auto file = file_of(input_.line()); file; file = file_of(input_.line())) {
            if (file->of == File::Of::large_object) {
                if (pieces_.empty() || !pieces_.back().large_objects) throw not_understood();
                pieces_.back().size += blocks_.large_object_length(file->size);
                continue;
            }
            const bool contents = file->of == File::Of::contents;
            pieces_.push_back({.id = static_cast<int>(file->id),
                               .large_objects = contents,
                               .size = contents ? blocks_.large_objects_length()
                                                : blocks_.data_length(file->size)});
        }
        total_ = table_size_;
        for (const Piece& piece : pieces_) total_ += piece.size;
    }

    static void match(Piece& piece, const Entry& entry) {
        if (piece.id == 0) piece.id = entry.id;
        if (piece.id != entry.id || piece.large_objects != (entry.kind == "BLOBS"))
            throw not_understood();
    }

    void write_table() {
        std::uint64_t offset = table_size_;
        auto next = pieces_.begin();
        each_entry([&](const std::optional<Entry>& found) {
            if (!found) {
                write(archive_head(head_, entries_));
                return;
            }
            Entry entry = *found;
            if (entry.file && !entry.file->empty()) {
                if (next == pieces_.end()) throw not_understood();
                match(*next, entry);
                entry.place = {.known = Place::Known::yes, .offset = offset};
                offset += next->size;
                ++next;
            }
            write(archive_entry(head_, entry));
        });
        if (next != pieces_.end() || written_ != table_size_) throw not_understood();
    }

    void write_files() {
        auto next = pieces_.begin();
        bool among_objects = false;
        for (auto files = batch(); !files.empty(); files = batch()) {
            for (const File& file : files) {
                if (file.of == File::Of::large_object) {
                    write_large_object(file, among_objects);
                    continue;
                }
                if (among_objects) blocks_.end_large_objects();
                if (next == pieces_.end()) throw not_understood();
                among_objects = next->large_objects;
                write_block(*next++, file);
            }
        }
        if (among_objects) blocks_.end_large_objects();
    }

    void write_block(const Piece& piece, const File& file) {
        if (piece.large_objects) {
            blocks_.begin_large_objects(piece.id);
            skip(file.size);
        } else {
            blocks_.data(piece.id, bytes_, file.size);
        }
    }

    void write_large_object(const File& file, bool among_objects) {
        if (!among_objects) throw not_understood();
        blocks_.large_object(file.id, bytes_, file.size);
    }

    std::vector<File> batch() {
        std::vector<File> files;
        for (auto file = file_of(input_.line()); file; file = file_of(input_.line()))
            files.push_back(*file);
        return files;
    }

    void skip(std::uint64_t size) {
        std::array<char, 4096> block{};
        while (size > 0)
            size -= input_.read(block.data(), std::min<std::uint64_t>(size, block.size()));
    }

    void write(std::string_view bytes) {
        process::write_to(out_, bytes, [this] { tick(); });
        written_ += bytes.size();
        tick();
    }

    Input& input_;
    int out_;
    const Audience& audience_;
    ArchiveHead head_;
    const Bytes bytes_ = [this](char* into, std::size_t size) { return input_.read(into, size); };
    const Sink sink_ = [this](std::string_view bytes) { write(bytes); };
    const Blocks blocks_{head_, sink_};
    std::size_t entries_ = 0;
    std::uint64_t table_size_ = 0;
    std::vector<Piece> pieces_;
    std::uint64_t total_ = 0;
    std::uint64_t written_ = 0;
};

// The files of a dump are seldom more than a third of the database and often far less: a dump holds
// no index and no dead row. What is asked for is only to refuse at once what cannot succeed; what
// is not enough the guard ends.
std::uint64_t estimate(pg::Connection& server, const Session& session, const Dumping& how) {
    constexpr std::uint64_t packed_share = 4;
    constexpr std::uint64_t plain_share = 2;
    const auto size = static_cast<std::uint64_t>(pg::size(server, session.database()));
    return size / (how.compress == "none" || how.compress == "0" ? plain_share : packed_share);
}

std::vector<std::string> script_words(std::string_view script, const std::string& data) {
    return {"sh", "-c", std::string(sweeping) + std::string(script), "sh", data};
}

}  // namespace

void dump_in_parallel(const Session& session, const Dumping& how, int out,
                      const Audience& audience) {
    std::string data;
    {
        auto server = session.own();
        need_room(session.service(), reserve + estimate(server, session, how));
        data = pg::setting(server, "data_directory");
    }
    std::vector<std::string> words = script_words(dumping, data);
    for (auto& word : dump_words(how, session.major())) words.push_back(std::move(word));

    Ending ending{session};
    process::Pipe held;  // open as long as we live
    process::Drain drain{
        session.work({.words = words, .database = session.database(), .input = true}),
        held.read.get()};
    held.read.close();
    Input input{drain};
    Archiving archiving{input, out, audience};
    drain.watch(
        [&] {
            archiving.tick();
            need_room(session.service(), reserve);
        },
        look_at_room);
    bool whole = true;
    try {
        archiving.run();
    } catch (const CutOff&) {
        whole = false;
    }
    const auto result = session.outcome(drain.finish());
    Interrupt::check();
    check_end(result, audience);
    if (!whole) throw not_understood();
    ending.done();
}

void remove_leftovers(const Session& session) {
    std::string data;
    try {
        auto server = session.own();
        if (pg::data_files(server, std::string(folder_prefix)).empty()) return;
        data = pg::setting(server, "data_directory");
    } catch (const pg::Failure& failure) {
        host::debug(failure.what());  // what hinders nobody now is no reason to fail
        return;
    }
    process::run(session.tool({.words = script_words("", data), .database = session.database()}));
}

}  // namespace backup

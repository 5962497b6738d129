// Detects the format of a dump by its first bytes.
#include "dump/format.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "dump/archive.h"
#include "error/error.h"
#include "pg/majors.h"

namespace dump {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t tar_block = 512;
constexpr const char* known_forms =
    "Import takes what pg_dump makes in its custom, tar and plain formats, and gzip or zstd of "
    "those.";

struct UnsupportedCompression {
    std::string_view magic;
    const char* name;
    const char* unpacks;
};
constexpr UnsupportedCompression unsupported_compressions[] = {
    {"\xfd\x37zXZ\0"sv, "xz", "xz -dc"},
    {"BZh"sv, "bzip2", "bzip2 -dc"},
    {"\x04\x22\x4d\x18"sv, "lz4", "lz4 -dc"},
    {"PK\x03\x04"sv, "zip", "unzip -p"},
};

// A later major reads every version that we know.
int newest_readable(int major) {
    for (const pg::Major& reader : pg::majors)
        if (major <= reader.number) return reader.newest_archive;
    return 255;
}

Error cut_off() {
    return Error{"the dump is cut off in its first bytes", "Make it again, and copy it whole."};
}

Error unknown_form() { return Error{"the input is not a dump that import knows", known_forms}; }

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 &&
           "\t\n\v\f\r\x1b"sv.find(c) == std::string_view::npos;
}

bool is_sql(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (std::any_of(text.begin(), text.end(), is_control)) return false;
    const auto first = text.find_first_not_of(" \t\n\v\f\r");
    if (first == std::string_view::npos) return true;  // the filter later finds that it is empty
    const char c = text[first];
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           R"(-/\(;)"sv.find(c) != std::string_view::npos;
}

// A terminal puts a carriage return before every newline, also in binary data.
bool has_only_ends_of_terminals(std::string_view head, int least) {
    int ends = 0;
    for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
        if (at == 0 || head[at - 1] != '\r') return false;
        ++ends;
    }
    return ends >= least;
}

Error from_terminal() {
    return Error{"the dump went through a terminal, which puts a return before every end of a line",
                 "Make it again without one: no -t for 'docker exec', 'ssh' and 'docker compose "
                 "run', -T for 'docker compose exec', and binary for FTP."};
}

Error ruined_by_utf16(const char* what) {
    return Error{std::string{what} +
                     " went through a program that takes it for text and writes UTF-16, as "
                     "PowerShell's '>' does, and cannot be put right",
                 "Make it again and let the program write the file itself: pg_dump --file NAME."};
}

// A text in UTF-16, or a binary dump that was converted to it.
Head look_at_utf16(std::string_view head, Encoding encoding) {
    const std::string text = Utf16Decoder{encoding}.text(head);
    if (text.starts_with(archive_magic)) throw ruined_by_utf16("the archive");
    if (text.starts_with("\x1f") || text.starts_with("PK") || text.starts_with("(\u00b5"))
        throw ruined_by_utf16("the compressed dump");
    if (!is_sql(text)) throw unknown_form();
    return {.encoding = encoding};
}

// The header of an archive in its first bytes.
ArchiveHeader read_archive(std::string_view bytes) {
    return ArchiveReader::header_of([&](char* into, std::size_t size) {
        if (bytes.empty()) throw cut_off();
        const auto count = bytes.copy(into, size);
        bytes.remove_prefix(count);
        return count;
    });
}

bool is_tar(std::string_view head) {
    constexpr std::size_t magic_at = 257;
    return head.size() >= tar_block && head.substr(magic_at).starts_with("ustar");
}

Head look_at_tar(std::string_view head) {
    const std::string_view name = head.substr(0, std::min<std::size_t>(head.find('\0'), 100));
    if (name != "toc.dat") {
        const bool folder = name.ends_with("/") || name.ends_with("/toc.dat");
        throw Error{"the tar archive is not from pg_dump: it does not begin with 'toc.dat'",
                    folder ? "A folder of pg_dump --format directory cannot be imported from a "
                             "tar: run 'pg_restore --file - FOLDER' and import what that prints."
                           : known_forms};
    }
    const std::string_view table = head.substr(tar_block);
    if (!table.starts_with(archive_magic)) throw cut_off();
    return {.format = Format::tar, .archive = read_archive(table)};
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\n\v\f\r\0"sv) == std::string_view::npos;
}

int major_of(std::string_view version) {
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    return major;
}

}  // namespace

Wrapper wrapper_of(std::string_view head) {
    for (const UnsupportedCompression& foreign : unsupported_compressions) {
        if (!head.starts_with(foreign.magic)) continue;
        throw Error{std::string("the input is compressed with ") + foreign.name +
                        ", which import does not support",
                    std::string("Decompress it on the way: '") + foreign.unpacks +
                        " FILE | dokku postgres:import ..', or send gzip or zstd."};
    }
    // A skippable frame, which pzstd and others write first.
    const bool skippable =
        head.size() >= 4 && (head[0] & 0xf0) == 0x50 && head.substr(1).starts_with("\x2a\x4d\x18");
    const Wrapper wrapping = head.starts_with("\x1f\x8b")                        ? Wrapper::gzip
                             : skippable || head.starts_with("\x28\xb5\x2f\xfd") ? Wrapper::zstd
                                                                                 : Wrapper::none;
    constexpr int by_chance = 4;
    if (wrapping != Wrapper::none && has_only_ends_of_terminals(head, by_chance))
        throw from_terminal();
    return wrapping;
}

Head look_at(std::string_view head) {
    if (head.empty()) {
        throw Error{"No data provided on stdin.", "The input is empty: nothing was imported.",
                    Exit::refused};
    }
    if (const auto encoding = encoding_of(head); encoding != Encoding::utf8)
        return look_at_utf16(head, encoding);
    if (head.starts_with(archive_magic)) {
        if (has_only_ends_of_terminals(head, 1)) throw from_terminal();
        return {.format = Format::custom, .archive = read_archive(head)};
    }
    if (is_tar(head)) return look_at_tar(head);
    if (archive_magic.starts_with(head.substr(0, archive_magic.size()))) throw cut_off();
    if (is_blank(head)) throw Error{"the input holds no dump", known_forms};
    if (wrapper_of(head) != Wrapper::none) {
        throw Error{"the dump is compressed twice", "Decompress it once before the import."};
    }
    if (!is_sql(head)) throw unknown_form();
    return {};
}

void check_readable(const Head& head, int major) {
    if (!head.archive) return;
    const ArchiveHeader& archive = *head.archive;
    const std::string tool = archive.tool.value_or("");
    const std::string version = tool.substr(0, tool.find(' '));
    if (archive.version <= newest_readable(major)) {
        if (ArchiveReader::reads(archive.version)) return;
        throw Error{
            "the dump was made by pg_dump " + version + ", whose archives import does not read",
            "Import it as a plain dump: that is what 'pg_restore --file - FILE' prints."};
    }
    const std::string made = std::to_string(major_of(tool));
    const std::string ours = std::to_string(major);
    throw Error{
        "the dump was made by pg_dump " + version + ", which PostgreSQL " + ours + " cannot read",
        "Make it with pg_dump " + ours + ", or import it into a service of PostgreSQL " + made +
            " or later ('dokku postgres:create NEW --image-version " + made + "')."};
}

}  // namespace dump

// The table of contents of an archive on its way to a role without rights.
#include "backup/contents.h"

#include <string>

#include "backup/extension.h"
#include "error/error.h"

namespace backup {

namespace {

// What says the same and is as long, where there is such a text.
std::string put(const std::string& statement) {
    std::string said = is_extension_comment(statement)
                           ? std::string{}
                           : extension_call(statement).value_or(statement);
    if (said.size() > statement.size()) return statement;
    said.resize(statement.size(), ' ');
    return said;
}

}  // namespace

void confine(Entry& entry) {
    if (entry.definition) entry.definition = put(*entry.definition);
}

void pass_contents(const Bytes& bytes, const Sink& sink) {
    std::uint64_t taken = 0;
    std::uint64_t passed = 0;
    const auto pass = [&](const std::string& part) {
        passed += part.size();
        // The places of the data are counted from the first byte of the archive.
        if (passed != taken)
            throw Error{"the archive's table of contents is not as pg_dump writes it"};
        sink(part);
    };
    ArchiveReader archive{[&](char* into, std::size_t size) {
        const auto count = bytes(into, size);
        taken += count;
        return count;
    }};
    pass(archive_head(archive.head(), archive.size()));
    while (auto entry = archive.next()) {
        confine(*entry);
        pass(archive_entry(archive.head(), *entry));
    }
}

}  // namespace backup

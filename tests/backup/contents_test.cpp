// The tables of contents of real archives (see archive_test.cpp), put for a role without rights.
#include "backup/contents.h"

#include "backup/archives.h"
#include "backup/bytes.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

// What passes, with all that stands behind it.
std::string passed(const std::string& bytes) {
    std::string out;
    std::size_t taken = 0;
    backup::pass_contents(bytes::from(bytes, taken), [&](std::string_view part) { out += part; });
    return out + bytes.substr(taken);
}

// The statements of the entries of a kind.
std::string statements(const std::string& bytes, const std::string& kind) {
    std::size_t taken = 0;
    backup::ArchiveReader reader{bytes::from(bytes, taken)};
    std::string out;
    for (auto entry = reader.next(); entry; entry = reader.next())
        if (entry->kind == kind) out += entry->definition.value_or("");
    return out;
}

}  // namespace

TEST_CASE("extensions are called, comments on them are blank, and nothing moves") {
    for (const std::string name : {"15.dump", "15.toc", "17.dump", "17.toc", "18.dump", "18.toc"}) {
        CAPTURE(name);
        const std::string before = archives::fixture(name);
        const std::string after = passed(before);
        CHECK(after.size() == before.size());
        CHECK(statements(after, "EXTENSION")
                  .starts_with("SELECT dokku_postgres_import.extend('pgcrypto','s');  "));
        const std::string comments = statements(after, "COMMENT");
        CHECK(comments.find("EXTENSION") == std::string::npos);
        CHECK(statements(before, "COMMENT").find("COMMENT ON EXTENSION") != std::string::npos);
        CHECK(statements(after, "TABLE") == statements(before, "TABLE"));
        CHECK(passed(after) == after);
        // all but the two statements is as it was
        std::size_t changed = 0;
        for (std::size_t i = 0; i < before.size(); ++i) changed += before[i] != after[i] ? 1U : 0U;
        CHECK(changed < 120);
    }
}

TEST_CASE("a table of contents that is cut off is refused") {
    const std::string bytes = archives::fixture("17.dump");
    for (std::size_t size = 0; size < bytes.size() / 2; size += 13)
        CHECK_THROWS_AS(passed(bytes.substr(0, size)), Error);
}

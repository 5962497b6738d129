// Reports made of one SQL statement.
#include "report/report.h"

#include "cli/report.h"
#include "error/error.h"
#include "fakes/catch.h"

using report::Unit;

namespace {

constexpr report::Column columns[] = {{"name"},
                                      {"rows", Unit::number},
                                      {"size", Unit::bytes},
                                      {"age", Unit::duration},
                                      {"since", Unit::time}};
constexpr report::Statement statements[] = {{"old", 14}, {"new", 16}};
constexpr report::Report tables{columns, statements};

}  // namespace

TEST_CASE("a report has a statement for each range of majors") {
    CHECK(report::statement_for(tables, 14) == "old");
    CHECK(report::statement_for(tables, 15) == "old");
    CHECK(report::statement_for(tables, 16) == "new");
    CHECK(report::statement_for(tables, 19) == "new");
    CHECK_THROWS_AS(report::statement_for(tables, 13), Error);
}

TEST_CASE("the values of a row have the units of its columns") {
    CHECK(cli::json(report::typed(tables, {"a", "7", "4096", "90", "0"})) ==
          R"({"name":"a","rows":7,"size":4096,"age":90,"since":"1970-01-01T00:00:00Z"})"
          "\n");
    CHECK(cli::text(report::typed(tables, {"a", "7", "4096", "90", "0"})) ==
          "name=a rows=7 size=4 kB age=1:30 since=1970-01-01 00:00:00 UTC");
    CHECK(cli::json(report::typed_rows(tables, {})) == "[]\n");
    CHECK(report::typed_rows(tables, {{"a"}, {"b"}}).size() == 2);
    CHECK(cli::text(report::typed(tables, {{}, "7.5", "x", ""})) ==
          "name=- rows=- size=- age=- since=-");
}

TEST_CASE("rows come out of the text that they went into") {
    using report::Row;
    const std::vector<Row> rows = {{"a=\n", "", {}, "1", "2"}, {{}, {}, {}, {}, {}}};
    CHECK(report::unpacked(tables, report::packed(rows)) == rows);
    CHECK(report::unpacked(tables, "")->empty());
    for (const std::string& odd : {std::string("17.6 1 2 3\n"), std::string("=a"),
                                   std::string(4, '\0'), std::string("a\0\0\0\0\0", 6)})
        CHECK_FALSE(report::unpacked(tables, odd));
}

// What each major can do.
#include "pg/majors.h"

#include "fakes/catch.h"

TEST_CASE("psql knows restrict from the minor versions that brought it") {
    CHECK_FALSE(pg::knows_restrict(140018));
    CHECK(pg::knows_restrict(140019));
    CHECK_FALSE(pg::knows_restrict(150013));
    CHECK(pg::knows_restrict(150014));
    CHECK_FALSE(pg::knows_restrict(160009));
    CHECK(pg::knows_restrict(160010));
    CHECK_FALSE(pg::knows_restrict(170005));
    CHECK(pg::knows_restrict(170006));
    CHECK(pg::knows_restrict(180000));
    CHECK_FALSE(pg::knows_restrict(130022));
}

TEST_CASE("a major that we do not know yet can do what the newest can") {
    CHECK(pg::find_major(13) == nullptr);
    CHECK(pg::find_major(17)->data_target == "/var/lib/postgresql/data");
    CHECK(pg::has(16, pg::Feature::dump_methods));
    CHECK_FALSE(pg::has(15, pg::Feature::dump_methods));
    CHECK(pg::has(19, pg::Feature::major_folders));
    CHECK(pg::major_of(170006) == 17);
}

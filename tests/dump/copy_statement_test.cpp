// COPY statements written anew.
#include "dump/copy_statement.h"

#include "fakes/catch.h"

TEST_CASE("a COPY from the stream is written from its parts") {
    CHECK(dump::rebuilt_copy("COPY public.t (a, \"B\"\" c\") FROM stdin;") ==
          "COPY \"public\".\"t\" (\"a\", \"B\"\" c\") FROM stdin;");
    CHECK(dump::rebuilt_copy("copy /* x */ T\nfrom STDIN -- y\n") == "COPY \"t\" FROM stdin;");
    CHECK(dump::rebuilt_copy("COPY t FROM stdin WITH (FORMAT csv, DELIMITER E'\\t', NULL '\\N', "
                             "QUOTE '|', HEADER);") ==
          "COPY \"t\" FROM stdin with ( format csv , delimiter E'\\t' , null E'\\\\N' , quote '|' "
          ", header );");
    CHECK(dump::rebuilt_copy("COPY t FROM stdin WHERE gr\xc3\xb6\xc3\x9f\x65;") ==
          "COPY \"t\" FROM stdin where \"gr\xc3\xb6\xc3\x9f\x65\";");
}

TEST_CASE("what may be anything else than a COPY from the stream is not written anew") {
    for (const std::string statement :
         {"COPY t FROM '/etc/passwd' WHERE a IS DISTINCT FROM stdin;", "COPY t FROM PROGRAM 'id';",
          "COPY t TO stdout;", "COPY (SELECT 1) TO stdout;", "COPY t FROM stdin; COMMIT;",
          "COPY t FROM stdin (DELIMITER E'\\'); COMMIT; --');", "COPY t FROM stdin WHERE a = 1;",
          "COPY t FROM stdin (NULL 'a\nb');", "COPY t FROM stdin WHERE a[1:b$c$]; COMMIT; --$c$];",
          "COMMIT;", "COPY", "COPY t", "COPY t (", "COPY t (a", "COPY t (a) FROM", ""}) {
        CAPTURE(statement);
        CHECK_FALSE(dump::rebuilt_copy(statement));
    }
}

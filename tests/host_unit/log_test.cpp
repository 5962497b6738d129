// lib/host/log: what of a foreign text reaches the terminal.
#include "host/log.h"

#include "fakes/catch.h"

TEST_CASE("printable keeps text and drops what a terminal obeys", "[host]") {
    CHECK(host::printable("plain text, 100 %") == "plain text, 100 %");
    CHECK(host::printable("K\xc3\xa4se \xe2\x82\xac \xf0\x9f\x90\x98") ==
          "K\xc3\xa4se \xe2\x82\xac \xf0\x9f\x90\x98");
    CHECK(host::printable("a\nb\tc") == "a b c");
    CHECK(host::printable("a\r\b\a\x7f"
                          "b") == "ab");
    CHECK(host::printable("\x1b[31mred\x1b[0m") == "red");
    CHECK(host::printable("\x1b]0;title\aname") == "name");
    CHECK(host::printable("\x1b]8;;http://x\x1b\\link") == "link");
    CHECK(host::printable("\x1b"
                          "cname") == "name");
    CHECK(host::printable("end\x1b") == "end");
    CHECK(host::printable("end\x1b[31") == "end");
    CHECK(host::printable("a\xc2\x9b"
                          "b") == "ab");  // CSI as one character
    CHECK(host::printable("a\xe2\x80\xae"
                          "b") == "ab");  // right to left from here
    CHECK(host::printable("a\xff"
                          "b\xc3") == "a?b?");  // no UTF-8
    CHECK(host::printable("").empty());
}

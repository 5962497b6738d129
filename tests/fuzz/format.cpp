// The first bytes of a dump: what they say does not depend on what follows.
#include "dump/format.h"

#include "fuzz.h"

void attack(std::string_view bytes) {
    const bool packed = fuzz::refusal([&] { dump::wrapper_of(bytes); }).empty() &&
                        dump::wrapper_of(bytes) != dump::Wrapper::none;
    dump::Head head;
    if (!fuzz::refusal([&] { head = dump::look_at(bytes); }).empty()) return;
    fuzz::hold(!packed, "what is packed is not looked into");
    fuzz::hold(head.archive.has_value() == (head.format != dump::Format::plain),
               "archives say what they are");
    if (!head.archive) return;
    fuzz::hold(head.archive->version >= 10 && head.archive->version <= 255, "a version of pg_dump");
    std::size_t texts = 0;
    for (const auto& text : {head.archive->database, head.archive->server, head.archive->tool})
        texts += text.value_or("").size();
    fuzz::hold(texts < bytes.size(), "texts come from the head");
    bool readable = false;
    for (const int major : {14, 15, 16, 17, 18}) {
        const bool now = fuzz::refusal([&] { dump::check_readable(head, major); }).empty();
        fuzz::hold(now || !readable, "a later major reads what an earlier one reads");
        readable = now;
    }
    const auto longer = dump::look_at(std::string(bytes) + "further");
    fuzz::hold(longer.format == head.format && longer.archive->tool == head.archive->tool &&
                   longer.archive->version == head.archive->version,
               "the same head with more behind it");
}

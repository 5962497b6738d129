// Hints for errors of the server during an import.
#include "transfer/hints.h"

#include <algorithm>
#include <array>
#include <optional>

#include "host/log.h"
#include "transfer/statement_rules.h"

namespace transfer {

namespace {

// Whether the server refuses for lack of rights. There is no SQLSTATE to decide by, only the
// message.
bool lacks_right(std::string_view message) {
    constexpr std::array<std::string_view, 6> marks = {"permission denied", "must be superuser",
                                                       "must be owner",     "must be able to",
                                                       "must be member",    "Only roles with"};
    return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
        return message.find(mark) != std::string_view::npos;
    });
}

// The text between two others in a message.
std::optional<std::string> between(std::string_view message, std::string_view before,
                                   std::string_view after) {
    const auto at = message.find(before);
    if (at == std::string_view::npos) return {};
    const auto begin = at + before.size();
    const auto end = message.find(after, begin);
    if (end == std::string_view::npos) return {};
    return std::string{message.substr(begin, end - begin)};
}

struct Maker {
    std::string_view object;
    std::string_view extension;
};
// Objects of extensions that are often missing in a dump, because pg_dump --schema leaves
// extensions out.
constexpr std::array<Maker, 30> makers = {{{"citext", "citext"},
                                           {"cosine_distance", "vector"},
                                           {"crypt", "pgcrypto"},
                                           {"cube", "cube"},
                                           {"digest", "pgcrypto"},
                                           {"earth", "earthdistance"},
                                           {"gen_random_bytes", "pgcrypto"},
                                           {"gen_random_uuid", "pgcrypto"},
                                           {"gen_salt", "pgcrypto"},
                                           {"geography", "postgis"},
                                           {"geometry", "postgis"},
                                           {"gin_trgm_ops", "pg_trgm"},
                                           {"gist_trgm_ops", "pg_trgm"},
                                           {"halfvec", "vector"},
                                           {"hmac", "pgcrypto"},
                                           {"hstore", "hstore"},
                                           {"isbn", "isn"},
                                           {"lquery", "ltree"},
                                           {"ltree", "ltree"},
                                           {"ltxtquery", "ltree"},
                                           {"pgp_sym_encrypt", "pgcrypto"},
                                           {"query_int", "intarray"},
                                           {"raster", "postgis_raster"},
                                           {"similarity", "pg_trgm"},
                                           {"sparsevec", "vector"},
                                           {"unaccent", "unaccent"},
                                           {"uuid_generate_v1", "uuid-ossp"},
                                           {"uuid_generate_v4", "uuid-ossp"},
                                           {"vector", "vector"},
                                           {"word_similarity", "pg_trgm"}}};

// `type "public.citext" does not exist` -> --extension citext:public
std::string extension_for(std::string_view message) {
    if (message.find("does not exist") == std::string_view::npos) return {};
    std::optional<std::string> object;
    for (const std::string_view kind :
         {"type \"", "operator class \"", "text search dictionary \"", "text search template \""}) {
        if (!object) object = between(message, kind, "\"");
    }
    if (!object) object = between(message, "function ", "(");
    if (!object) object = between(message, "type ", " ");
    if (!object) return {};
    while (object->ends_with("[]")) object->resize(object->size() - 2);
    const auto dot = object->find('.');
    const std::string schema = dot == std::string::npos ? "" : object->substr(0, dot);
    const std::string name = dot == std::string::npos ? *object : object->substr(dot + 1);
    const auto* const maker = std::find_if(makers.begin(), makers.end(),
                                           [&](const Maker& one) { return one.object == name; });
    if (maker == makers.end()) return {};
    return std::string{maker->extension} +
           (schema.empty() || schema == "public" ? "" : ":" + schema);
}

std::string import_with(const HintContext& given, const std::string& flags) {
    return "'dokku postgres:import " + given.service + " " + flags + " ..'";
}

std::string image_with_it(const HintContext& given) {
    return "Give the service an image that has it: 'dokku postgres:upgrade " + given.service +
           " --image IMAGE'.";
}

// For an extension or a library that the image does not have.
std::optional<Hint> missing_files(std::string_view message, const HintContext& given) {
    if (message.find("is not available") != std::string_view::npos &&
        message.find("extension \"") != std::string_view::npos) {
        return Hint{.text = image_with_it(given) + " To import all the rest, use " +
                            import_with(given, "--allow-errors") + "."};
    }
    if (message.find("could not access file \"") != std::string_view::npos) {
        return Hint{.text = "The dump has functions of a library that this image does not have. " +
                            image_with_it(given) +
                            " Where an extension brings them, dump a database that has them as the "
                            "extension."};
    }
    return {};
}

// For a dump that uses a table which it does not create.
Hint missing_relation(const HintContext& given) {
    if (given.only_rows) {
        return {.text =
                    "The dump has rows but creates no table. To add the rows to the tables that "
                    "the database has, use " +
                    import_with(given, "--merge") + ".",
                .code = Exit::refused};
    }
    return {.text = "The dump does not create it. To add the dump to a database that has it, use " +
                    import_with(given, "--merge") + ". To leave out what needs it, use " +
                    import_with(given, "--allow-errors") + "."};
}

}  // namespace

Hint hint_for(std::string_view message, const HintContext& given) {
    if (given.confined && lacks_right(message)) {
        return {.text =
                    "It needs rights outside of its own database. If you trust whoever "
                    "made the dump, give them to it with --trusted."};
    }
    if (const auto role = between(message, "role \"", "\" does not exist")) {
        return {.text =
                    "Make the role first: " + host::printable(role_hint(given.service, {*role}))};
    }
    if (auto hint = missing_files(message, given)) return *hint;
    if (const auto extension = extension_for(message); !extension.empty()) {
        return {.text =
                    "An extension that the dump leaves out has it. Create the extension "
                    "first: " +
                    host::printable(import_with(given, "--extension " + extension))};
    }
    if (const auto schema = between(message, "schema \"", "\" does not exist")) {
        return {.text = "Have it made first: " +
                        host::printable(import_with(given, "--schema " + *schema))};
    }
    if (message.find("relation \"") != std::string_view::npos &&
        message.find("does not exist") != std::string_view::npos && !given.merging) {
        return missing_relation(given);
    }
    if (given.merging &&
        (message.find("EXECUTE of transaction commands") != std::string_view::npos ||
         message == "invalid transaction termination")) {
        return {.text =
                    "The dump begins or ends a transaction, and --merge takes it in as one. "
                    "Remove what is about transactions from it."};
    }
    if (given.merging && message.find("already exists") != std::string_view::npos) {
        return {.text =
                    "--merge adds what is missing. For rows alone make the dump with "
                    "--data-only; for a new database leave --merge out.\n"
                    "For one table of a full dump: dokku postgres:help import"};
    }
    return {};
}

}  // namespace transfer

// Statements of a dump that import changes or leaves out, because stock tools fail or ignore an
// error there.
#include "transfer/statement_rules.h"

#include <algorithm>
#include <array>

#include "error/error.h"
#include "host/log.h"
#include "pg/import_role.h"

namespace transfer {

namespace {

constexpr std::string_view nothing = {};

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Objects that hosting providers put into each of their databases.
constexpr std::array<std::string_view, 6> provider_event_triggers = {
    "issue_graphql_placeholder", "issue_pg_cron_access", "issue_pg_graphql_access",
    "issue_pg_net_access",       "pgrst_ddl_watch",      "pgrst_drop_watch"};
constexpr std::array<std::string_view, 4> provider_schemas = {"_heroku", "rdsadmin", "neon_control",
                                                              "aiven_extras"};
constexpr std::array<std::string_view, 20> provider_extensions = {"aiven_extras",
                                                                  "aws_commons",
                                                                  "aws_lambda",
                                                                  "aws_s3",
                                                                  "azure",
                                                                  "azure_storage",
                                                                  "google_columnar_engine",
                                                                  "google_db_advisor",
                                                                  "google_ml_integration",
                                                                  "google_vacuum_mgmt",
                                                                  "index_advisor",
                                                                  "neon",
                                                                  "pg_graphql",
                                                                  "pg_net",
                                                                  "pg_tle",
                                                                  "pgaadauth",
                                                                  "pgsodium",
                                                                  "rds_tools",
                                                                  "supabase_vault",
                                                                  "wrappers"};
// Extensions of older versions of PostgreSQL.
constexpr std::array<std::string_view, 6> former_extensions = {
    "adminpack", "chkpass", "old_snapshot", "timetravel", "tsearch2", "hstore_plpython2u"};

bool is_of_provider(std::string_view name) {
    return name.starts_with("awsdms_") || name.starts_with("supabase_") ||
           name.starts_with("heroku_");
}

// PUBLIC and similar words are not names of roles.
bool is_special(const dump::Token& role) {
    return role.is("public") || role.is("current_user") || role.is("session_user") ||
           role.is("current_role");
}

/// The index of a word outside of parentheses; the number of tokens if there is none.
std::size_t find(const std::vector<dump::Token>& tokens, std::size_t from, std::string_view word) {
    int open = 0;
    for (std::size_t i = from; i < tokens.size(); ++i) {
        if (tokens[i].is_symbol('(')) ++open;
        if (tokens[i].is_symbol(')')) --open;
        if (open == 0 && tokens[i].is(word)) return i;
    }
    return tokens.size();
}

// The roles of a list that begins at this token. Moves `at` to its end.
std::vector<const dump::Token*> roles_from(const std::vector<dump::Token>& tokens,
                                           std::size_t& at) {
    std::vector<const dump::Token*> roles;
    while (at < tokens.size()) {
        if (tokens[at].is("group") && at + 1 < tokens.size() && tokens[at + 1].is_name()) ++at;
        if (!tokens[at].is_name()) break;
        roles.push_back(&tokens[at++]);
        if (at == tokens.size() || !tokens[at].is_symbol(',')) break;
        ++at;
    }
    return roles;
}

// Whether it is `ALTER .. OWNER TO name` and nothing else.
bool only_names_owner(const dump::Statement& given) {
    const auto& tokens = given.tokens();
    const std::size_t size = tokens.size() - (tokens.back().is_symbol(';') ? 1 : 0);
    if (size < 5 || !tokens[size - 3].is("owner") || !tokens[size - 2].is("to") ||
        !tokens[size - 1].is_name())
        return false;
    int open = 0;
    for (std::size_t i = 1; i < size - 3; ++i) {
        if (tokens[i].is_symbol('(')) ++open;
        if (tokens[i].is_symbol(')')) --open;
        const bool more = tokens[i].is("rename") || tokens[i].is("set") || tokens[i].is_symbol(',');
        if (open == 0 && more) return false;
    }
    return open == 0;
}

Relation relation_of(std::vector<std::string> names) {
    if (names.empty()) return {};
    Relation relation{.name = std::move(names.back())};
    if (names.size() > 1) relation.schema = std::move(names[names.size() - 2]);
    return relation;
}

}  // namespace

std::string shown(std::string_view kind, std::string_view name) {
    return std::string{kind} + " '" + host::printable(name) + "'";
}

std::string role_hint(const std::string& service, const std::vector<std::string>& roles) {
    std::string line = "dokku postgres:connect " + service;
    for (const auto& role : roles) {
        const bool plain =
            !role.empty() &&
            role.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
        line += " -c 'create role " + (plain ? role : dump::quoted_name(role)) + " nologin'";
    }
    return line;
}

StatementRules::StatementRules(pg::Inventory server, RuleOptions how)
    : server_(std::move(server)), how_(how) {
    present_ = server_.schemas;
    present_.erase("dokku_postgres_import");
}

void StatementRules::note(const std::string& what) {
    const auto known = std::find_if(notes_.begin(), notes_.end(),
                                    [&](const auto& one) { return one.first == what; });
    if (known == notes_.end()) {
        notes_.emplace_back(what, 1);
    } else {
        ++known->second;
    }
}

std::vector<std::string> StatementRules::lines() const {
    std::vector<std::string> lines;
    for (const auto& [what, count] : notes_)
        lines.push_back(what + (count > 1 ? " (" + std::to_string(count) + ")" : ""));
    return lines;
}

std::optional<std::string> StatementRules::leave_out(const std::string& what) {
    note("Left out: " + what);
    return std::string{nothing};
}

void StatementRules::fail(const std::string& what, const std::string& hint) {
    if (!how_.lenient) throw Error{what, hint};
    failures_.push_back({.message = what});
}

StatementRules::Change StatementRules::need_role(const std::string& role,
                                                 std::string_view statement) {
    if (how_.lenient) {
        failures_.push_back({.message = "role \"" + host::printable(role) + "\" does not exist",
                             .statement = beginning_of(statement)});
    } else if (std::find(missing_.begin(), missing_.end(), role) == missing_.end()) {
        missing_.push_back(role);
    }
    return std::string{nothing};
}

void StatementRules::check_roles(const std::string& service) const {
    if (missing_.empty()) return;
    std::string list;
    for (const auto& role : missing_) list += (list.empty() ? "'" : ", '") + role + "'";
    throw Error{(missing_.size() == 1 ? "the dump needs a role that is not here: "
                                      : "the dump needs roles that are not here: ") +
                    host::printable(list),
                "Make " + std::string{missing_.size() == 1 ? "it" : "them"} +
                    " first: " + host::printable(role_hint(service, missing_))};
}

bool StatementRules::has_role(const dump::Token& role) const {
    return is_special(role) || server_.roles.contains(role.value);
}

void StatementRules::note_left_out_rows(const Relation& table) {
    leave_out("rows of " + shown("table", table.schema + "." + table.name) +
              ", which an extension that was left out has");
}

void StatementRules::note_tablespace() { leave_out("tablespaces, which belong to the server"); }

bool StatementRules::is_left_out(const Relation& table) const {
    return foreign_schemas_.contains(table.schema) && !tables_.contains(table);
}

// A dump sets the grantor of a grant by SET SESSION AUTHORIZATION before it (buildACLCommands() in
// pg_dump). Only the following statement shows whether it is used for that.
std::optional<std::string> StatementRules::change(std::string_view statement) {
    if (postponed_.empty()) return decide(statement);
    dump::Statement given{statement};
    if (given.take({"grant"}) || given.take({"revoke"})) {
        return leave_out("grants by " + shown("role", postponed_role_));
    }
    if (given.take({"reset", "session", "authorization"}) ||
        given.take({"set", "session", "authorization", "default"})) {
        postponed_.clear();
        return std::string{nothing};
    }
    std::string before = rest();
    auto changed = decide(statement);
    if (before.empty()) return changed;
    return before + changed.value_or(std::string{statement});
}

std::string StatementRules::rest() {
    std::string statement = std::exchange(postponed_, {});
    if (statement.empty() || server_.roles.contains(postponed_role_)) return statement;
    need_role(postponed_role_, statement);
    return {};
}

StatementRules::Change StatementRules::decide(std::string_view statement) {
    // Most of a dump are rows, so only the first tokens of an INSERT are read.
    constexpr std::size_t enough = 8;
    const auto first = dump::tokens_of(statement, 1);
    if (first.empty() || first[0].kind != dump::Token::Kind::word) return {};
    const std::string& word = first[0].value;
    if (word == "insert") {
        dump::Statement given{statement.substr(0, dump::tokens_of(statement, enough).back().end)};
        if (given.take({"insert", "into"})) add_filled(relation_of(given.qualified_name()));
        return {};
    }
    struct Handler {
        std::string_view word;
        Change (StatementRules::*change)(dump::Statement&);
    };
    constexpr std::array<Handler, 13> handlers = {{{"create", &StatementRules::create},
                                                   {"alter", &StatementRules::alter},
                                                   {"comment", &StatementRules::comment},
                                                   {"drop", &StatementRules::drop},
                                                   {"set", &StatementRules::set},
                                                   {"copy", &StatementRules::copy},
                                                   {"begin", &StatementRules::transaction},
                                                   {"start", &StatementRules::transaction},
                                                   {"commit", &StatementRules::transaction},
                                                   {"end", &StatementRules::transaction},
                                                   {"rollback", &StatementRules::transaction},
                                                   {"abort", &StatementRules::transaction},
                                                   {"prepare", &StatementRules::transaction}}};
    const auto* const handler = std::find_if(handlers.begin(), handlers.end(),
                                             [&](const Handler& one) { return one.word == word; });
    const bool is_grant = word == "grant" || word == "revoke";
    if (handler == handlers.end() && !is_grant) return {};
    dump::Statement given{statement};
    return is_grant ? grant(given, "grants") : (this->*handler->change)(given);
}

StatementRules::Change StatementRules::create(dump::Statement& given) {
    given.take({"create"});
    if (given.take({"schema"})) return create_schema(given);
    if (given.take({"extension"})) return create_extension(given);
    const bool replaces = given.take({"or", "replace"});
    // pg_dump --clean first replaces a view that other objects depend on.
    if (replaces && dropped_ && !created_ && given.take({"view"}))
        return leave_out("what --clean of pg_dump removes");
    created_ = true;
    if (given.take({"event", "trigger"})) return create_event_trigger(given);
    if (given.take({"publication"})) return create_publication(given);
    if (given.take({"policy"})) return create_policy(given);
    return create_other(given);
}

StatementRules::Change StatementRules::create_schema(dump::Statement& given) {
    given.take({"if", "not", "exists"});
    const auto name = given.name();
    if (!name) return {};
    created_ = true;
    if (present_.contains(*name))
        return leave_out(shown("CREATE SCHEMA", *name) + ", which is there");
    server_.schemas.insert(*name);
    // Removes the owner.
    if (!given.take({"authorization"}) || !given.name() || !given.ends()) return {};
    return "CREATE SCHEMA " + dump::quoted_name(*name) + ";";
}

StatementRules::Change StatementRules::missing_extension(const std::string& name,
                                                         const std::string& schema) {
    left_out_.insert("extension " + name);
    if (!schema.empty() && schema != "public") foreign_schemas_.insert(schema);
    const std::string what = shown("extension", name);
    if (one_of(name, former_extensions))
        return leave_out(what + ", which PostgreSQL does not have any more");
    if (one_of(name, provider_extensions)) return leave_out(what + ", which only its host has");
    fail("the dump needs the " + what + ", which the service's image does not have",
         "Give the service an image that has it: 'dokku postgres:upgrade SERVICE --image IMAGE'.");
    return std::string{nothing};
}

// The statement that creates a schema which the dump uses only for an extension; empty if it
// exists.
std::string StatementRules::make_schema_of_extension(const std::string& schema) {
    if (schema.empty() || schema == "public") return {};
    extension_schemas_.insert(schema);
    if (!server_.schemas.insert(schema).second) return {};
    present_.insert(schema);
    note("Made: " + shown("schema", schema) +
         ", which the dump puts extensions into and does not make");
    return "CREATE SCHEMA " + dump::quoted_name(schema) + "; ";
}

StatementRules::Change StatementRules::create_extension(dump::Statement& given) {
    given.take({"if", "not", "exists"});
    const auto name = given.name();
    if (!name) return {};
    created_ = true;
    given.take({"with"});
    std::string schema;
    if (given.take({"schema"})) schema = given.name().value_or("");
    if (*name == "plpgsql") return std::string{nothing};  // every database has it
    if (!server_.extensions.contains(*name)) return missing_extension(*name, schema);
    const std::string before = make_schema_of_extension(schema);
    if (how_.confined) {
        return before + "SELECT " + pg::extend_function + "(" + dump::quoted_text(*name) + "," +
               (schema.empty() ? "pg_catalog.current_schema()" : dump::quoted_text(schema)) + ");";
    }
    if (before.empty()) return {};
    return before + std::string{given.sql()};
}

StatementRules::Change StatementRules::create_event_trigger(dump::Statement& given) {
    const auto name = given.name();
    const auto& tokens = given.tokens();
    const std::size_t executes = find(tokens, given.at(), "execute");
    if (!name || executes + 4 > tokens.size()) return {};
    const std::string& schema = tokens[executes + 2].value;
    const bool theirs = is_of_provider(*name) || one_of(*name, provider_event_triggers) ||
                        (one_of(schema, provider_schemas) && tokens[executes + 3].is_symbol('.'));
    if (!theirs) return {};
    left_out_.insert("event trigger " + *name);
    return leave_out(shown("event trigger", *name) + " of the database's former host");
}

StatementRules::Change StatementRules::create_publication(dump::Statement& given) {
    const auto name = given.name();
    if (!name || !is_of_provider(*name)) return {};
    left_out_.insert("publication " + *name);
    return leave_out(shown("publication", *name) + " of the database's former host");
}

StatementRules::Change StatementRules::create_policy(const dump::Statement& given) {
    const auto& tokens = given.tokens();
    std::size_t at = find(tokens, given.at(), "to") + 1;
    Change change;
    for (const dump::Token* role : roles_from(tokens, at)) {
        if (!has_role(*role)) change = need_role(role->value, given.sql());
    }
    return change;
}

StatementRules::Change StatementRules::create_other(dump::Statement& given) {
    for (const std::string_view word : {"trusted", "procedural", "unlogged", "foreign"})
        given.take({word});
    if (given.take({"table"})) {
        given.take({"if", "not", "exists"});
        add_table(relation_of(given.qualified_name()));
        return {};
    }
    // Statements of 8.4 and older for the language that every database has now.
    if (given.take({"language"}) && given.value() == "plpgsql")
        return leave_out("CREATE LANGUAGE 'plpgsql', which is there");
    if (given.take({"function"}) || given.take({"procedure"})) {
        const Relation function = relation_of(given.qualified_name());
        const std::string& name = function.name;
        functions_.insert(function);
        if (name == "plpgsql_call_handler" || name == "plpgsql_validator")
            return leave_out("functions of the language 'plpgsql', which are there");
    }
    return {};
}

StatementRules::Change StatementRules::alter(dump::Statement& given) {
    if (only_names_owner(given)) return std::string{nothing};
    given.take({"alter"});
    if (given.take({"default", "privileges"})) return alter_default_privileges(given);
    if (is_of_left_out(given)) return std::string{nothing};
    const auto& tokens = given.tokens();
    const bool removes =
        find(tokens, 0, "drop") != tokens.size() || find(tokens, 0, "detach") != tokens.size();
    if (!created_ && !how_.merging && removes) {
        dropped_ = true;
        return leave_out("what --clean of pg_dump removes");
    }
    return {};
}

// FOR ROLE with the role that runs the import has no effect, but only a superuser may write it.
bool StatementRules::take_default_roles(dump::Statement& given) {
    if (!given.take({"for", "role"}) && !given.take({"for", "user"})) return true;
    bool ours = true;
    do {
        const auto role = given.name();
        if (!role) return true;
        if (!server_.roles.contains(*role)) {
            leave_out("default privileges of " + shown("role", *role) + ", which is not here");
            return false;
        }
        ours = ours && *role == server_.user;
    } while (given.take_symbol(','));
    if (ours || !how_.confined) return true;
    leave_out("default privileges of other roles than the service's, which take --trusted");
    return false;
}

StatementRules::Change StatementRules::alter_default_privileges(dump::Statement& given) {
    const std::size_t begin = given.at();
    if (how_.grants && !take_default_roles(given)) return std::string{nothing};
    const std::size_t end = given.at();
    auto changed = grant(given, "default privileges");
    if (!how_.confined || begin == end || (changed && changed->empty())) return changed;
    // the part that names the role
    const auto& tokens = given.tokens();
    std::string said = changed.value_or(std::string{given.sql()});
    return said.erase(tokens[begin].begin, tokens[end].begin - tokens[begin].begin);
}

// Whether the next object is an extension, a publication or an event trigger that was left out.
bool StatementRules::is_of_left_out(dump::Statement& given) const {
    std::string kind;
    if (given.take({"extension"})) kind = "extension ";
    if (given.take({"publication"})) kind = "publication ";
    if (given.take({"event", "trigger"})) kind = "event trigger ";
    return !kind.empty() && left_out_.contains(kind + given.name().value_or(""));
}

bool StatementRules::lacks_extension() const {
    return std::any_of(left_out_.begin(), left_out_.end(),
                       [](const auto& one) { return one.starts_with("extension "); });
}

StatementRules::Change StatementRules::comment(dump::Statement& given) {
    given.take({"comment", "on"});
    const std::size_t begin = given.at();
    if (is_of_left_out(given)) return std::string{nothing};
    given.go_to(begin);
    // Only the owner of an extension may change its comment, and the extension sets one itself.
    if (given.take({"extension"})) return how_.confined ? Change{std::string{nothing}} : Change{};
    if (given.take({"schema"})) {
        if (!how_.merging || !present_.contains(given.name().value_or(""))) return {};
        return leave_out("comments on schemas that are there");
    }
    given.take({"procedural"});
    if (!how_.confined || !given.take({"language"})) return {};
    return leave_out("comments on languages, which are the server's");
}

StatementRules::Change StatementRules::drop(dump::Statement&) {
    if (created_ || how_.merging) return {};
    dropped_ = true;
    return leave_out("what --clean of pg_dump removes");
}

// The statement without those roles of a list that do not exist; empty if none exists.
std::string StatementRules::without_absent(const dump::Statement& given, std::size_t list,
                                           const char* what) {
    const auto& tokens = given.tokens();
    std::size_t end = list;
    const auto roles = roles_from(tokens, end);
    std::string kept;
    for (const dump::Token* role : roles) {
        if (has_role(*role)) {
            kept += (kept.empty() ? "" : ", ");
            kept += given.sql().substr(role->begin, role->end - role->begin);
        } else {
            leave_out(std::string{what} + " to " + shown("role", role->value) +
                      ", which is not here");
        }
    }
    if (kept.empty()) return {};
    const std::size_t begin = tokens[list].begin;
    const std::size_t stop = tokens[end - 1].end;
    return std::string{given.sql().substr(0, begin)} + kept + std::string{given.sql().substr(stop)};
}

// Why a grant on an object that the dump does not create is left out; null if it is not.
const char* StatementRules::why_not_granted(dump::Statement& given, std::size_t on) const {
    constexpr const char* gone = "grants on what an extension that was left out has";
    constexpr const char* not_ours =
        "grants on what the server or an extension has, which take --trusted";
    given.go_to(on + 1);
    const auto is_there = [&](const std::string& schema) {
        return !lacks_extension() || server_.schemas.contains(schema);
    };
    if (given.take({"schema"})) return is_there(given.name().value_or("")) ? nullptr : gone;
    const bool is_routine =
        given.take({"function"}) || given.take({"procedure"}) || given.take({"routine"});
    for (const std::string_view kind : {"table", "sequence", "type", "domain"}) given.take({kind});
    const Relation object = relation_of(given.qualified_name());
    const bool is_made = tables_.contains(object) || functions_.contains(object);
    if (object.schema.empty() || is_made) return nullptr;
    if (!is_there(object.schema)) return gone;
    const bool is_theirs =
        object.schema == "pg_catalog" || extension_schemas_.contains(object.schema);
    if (how_.confined && is_theirs) return not_ours;
    return lacks_extension() && is_routine ? gone : nullptr;
}

StatementRules::Change StatementRules::grant(dump::Statement& given, const char* what) {
    if (!how_.grants) return leave_out(std::string{what} + ", as --no-acl says");
    const auto& tokens = given.tokens();
    const bool revokes = find(tokens, given.at(), "revoke") == given.at();
    const bool is_default = given.at() > 0;
    const std::size_t on = find(tokens, given.at(), "on");
    const std::size_t list = find(tokens, on, revokes ? "from" : "to") + 1;
    if (list >= tokens.size()) return {};  // a grant of a role to a role, or something unknown
    std::size_t end = list;
    const auto roles = roles_from(tokens, end);
    const auto here = [&](const dump::Token* role) { return has_role(*role); };
    Change change;
    if (!std::all_of(roles.begin(), roles.end(), here)) change = without_absent(given, list, what);
    if (is_default || (change && change->empty())) return change;
    if (const char* const why = why_not_granted(given, on)) return leave_out(why);
    return change;
}

StatementRules::Change StatementRules::set(dump::Statement& given) {
    given.take({"set"});
    if (given.take({"session", "authorization"})) return set_authorization(given);
    if (given.take({"role"})) {
        given.take({"to"});
        given.take_symbol('=');
        if (given.take({"none"})) return {};
        const auto role = given.value();
        if (role && !server_.roles.contains(*role)) return need_role(*role, given.sql());
        return {};
    }
    return set_parameter(given);
}

StatementRules::Change StatementRules::set_authorization(dump::Statement& given) {
    if (given.take({"default"})) return {};
    const auto role = given.value();
    if (!role || (!how_.confined && server_.roles.contains(*role))) return {};
    postponed_ = given.sql();
    postponed_role_ = *role;
    return std::string{nothing};
}

StatementRules::Change StatementRules::set_parameter(dump::Statement& given) {
    if (!given.take({"session"})) given.take({"local"});
    const auto names = given.qualified_name();
    if (names.size() != 1 || (!given.take({"to"}) && !given.take_symbol('='))) return {};
    const std::string& name = names.front();
    if (!server_.parameters.contains(name)) {
        return leave_out("SET " + host::printable(name) + ", which PostgreSQL " +
                         std::to_string(server_.major) + " does not know");
    }
    const std::string value = given.value().value_or("");
    if (name == "default_tablespace" && !value.empty() && value != "default") {
        note_tablespace();
        return std::string{nothing};
    }
    // Tables have no OIDs since PostgreSQL 12.
    if (name == "default_with_oids" && (value == "true" || value == "on"))
        return leave_out("SET default_with_oids, which no table has any more");
    return {};
}

StatementRules::Change StatementRules::copy(dump::Statement& given) {
    given.take({"copy"});
    const Relation table = relation_of(given.qualified_name());
    if (table.name.empty()) return {};
    if (is_left_out(table)) {
        note_left_out_rows(table);
        return std::string{nothing};
    }
    add_filled(table);
    return {};
}

StatementRules::Change StatementRules::transaction(dump::Statement& given) {
    if (!how_.merging) return {};
    const auto has = [&](std::string_view word) {
        return find(given.tokens(), 0, word) != given.tokens().size();
    };
    const bool prepares = given.take({"prepare"});
    if (prepares && !given.take({"transaction"})) return {};
    if (given.take({"rollback"}) && has("to")) return {};
    if (prepares || has("rollback") || has("abort") || has("prepared")) {
        throw Error{
            "the dump rolls back or prepares a transaction, which is not possible with --merge",
            "Remove the transaction statements from it."};
    }
    return leave_out("BEGIN and COMMIT: the whole dump is one transaction");
}

}  // namespace transfer

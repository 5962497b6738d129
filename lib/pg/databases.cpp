// The databases of a server: the statements for import, clone, reset and info.
#include "pg/databases.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "pg/majors.h"
#include "pg/names.h"
#include "pg/transaction.h"
#include "process/cancellation.h"

namespace pg {

namespace {

constexpr int swap_attempts = 6;  // the server waits up to five seconds for sessions in each
constexpr std::chrono::seconds farewell{30};
constexpr auto object_in_use = "55006";

// Always `datname = $1::text`: as type name the parameter would be truncated to 63 bytes and match
// another database.
Row row_of(Connection& server, const std::string& columns, const std::string& database) {
    auto rows = server.query("select " + columns + " from pg_database d where datname = $1::text",
                             {database});
    if (rows.empty()) throw Failure{"database '" + database + "' does not exist", "3D000"};
    return std::move(rows.front());
}

std::string altered(Connection& server, const std::string& database) {
    return "alter database " + server.identifier(database);
}

void end_sessions(Connection& server, const std::string& database) {
    server.query(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = $1::text and pid <> pg_backend_pid()",
        {database});
}

std::string provider_of(Connection& server, const DatabaseOptions& making) {
    if (making.provider == "i") {
        std::string words = " locale_provider icu icu_locale " + server.literal(making.locale);
        if (!making.icu_rules.empty()) words += " icu_rules " + server.literal(making.icu_rules);
        return words;
    }
    if (making.provider == "b") {
        return " locale_provider builtin builtin_locale " + server.literal(making.locale);
    }
    // Without this clause the provider is that of template0, which may be another one.
    return has(server.major(), Feature::locale_providers) ? " locale_provider libc" : "";
}

// Settings whose value is a list of quoted words, as in PostgreSQL's own clients
// (variable_is_guc_list_quote). As one literal they would become one word.
bool is_list(const std::string& setting) {
    constexpr std::array<std::string_view, 6> lists = {
        "local_preload_libraries",  "search_path",      "session_preload_libraries",
        "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"};
    return std::find(lists.begin(), lists.end(), setting) != lists.end();
}

// `"$user", public` -> '$user', 'public'
std::string list_literals(Connection& server, const std::string& value) {
    std::string literals;
    std::string_view left = value;
    while (true) {
        left.remove_prefix(std::min(left.find_first_not_of(" ,"), left.size()));
        if (left.empty()) break;
        std::string word;
        if (left.front() == '"') {
            word = take_quoted(left).value_or("");
        } else {
            word = left.substr(0, left.find_first_of(" ,"));
            left.remove_prefix(word.size());
        }
        literals += (literals.empty() ? "" : ", ") + server.literal(word);
    }
    return literals.empty() ? "''" : literals;
}

void copy_settings(Connection& server, const std::string& from, const std::string& to) {
    const auto rows = server.query(
        "select r.rolname, split_part(s.line, '=', 1), substr(s.line, strpos(s.line, '=') + 1)"
        " from pg_db_role_setting c join pg_database d on d.oid = c.setdatabase"
        " left join pg_roles r on r.oid = c.setrole, unnest(c.setconfig) s(line)"
        " where d.datname = $1::text and (c.setrole = 0 or r.rolname is not null)",
        {from});
    for (const auto& row : rows) {
        const std::string name = row[1].value_or("");
        const std::string value = row[2].value_or("");
        std::string words = altered(server, to);
        if (row[0]) {
            words = "alter role " + server.identifier(*row[0]) + " in database " +
                    server.identifier(to);
        }
        // `my.setting` is two names; such a name may also be longer than an identifier
        std::string quoted;
        for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
            end = name.find('.', begin);
            quoted +=
                (quoted.empty() ? "" : ".") + server.identifier(name.substr(begin, end - begin));
        }
        server.query(words + " set " + quoted + " to " +
                     (is_list(name) ? list_literals(server, value) : server.literal(value)));
    }
}

void copy_grants(Connection& server, const std::string& from, const std::string& to) {
    const Row owner = row_of(server, "pg_get_userbyid(datdba), datacl is null", from);
    if (owner[1] == "t") return;
    const std::string database = " on database " + server.identifier(to);
    server.query("revoke all" + database + " from public");
    server.query("revoke all" + database + " from " + server.identifier(owner[0].value_or("")));
    const auto rows = server.query(
        "select a.privilege_type, a.is_grantable, r.rolname from pg_database d,"
        " aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee"
        " where d.datname = $1::text and (a.grantee = 0 or r.rolname is not null)",
        {from});
    for (const auto& row : rows) {
        const std::string to_whom = row[2] ? server.identifier(*row[2]) : "public";
        // the privilege names of aclexplode: CREATE, TEMPORARY, CONNECT
        server.query("grant " + row[0].value_or("") + database + " to " + to_whom +
                     (row[1] == "t" ? " with grant option" : ""));
    }
}

// Ends the sessions just before the rename. The server keeps new sessions out once it begins to
// rename, so only one that logs in between the two costs another attempt.
void try_swap(Connection& server, const std::string& current, const std::string& next,
              const std::string& aside) {
    Transaction transaction{server};
    server.query(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname in ($1::text, $2::text) and pid <> pg_backend_pid()",
        {current, next});
    rename(server, current, aside);
    rename(server, next, current);
    allow_connections(server, aside, false);
    allow_connections(server, current, true);
    const process::DeferredCancellation until_answered{std::make_exception_ptr(
        CommitInDoubt{"the server has not answered whether the new database is in its place"})};
    transaction.commit();
}

}  // namespace

CommitInDoubt::CommitInDoubt(const std::string& reason)
    : Error{reason,
            "The database is either the new one or exactly the old one. Look which, and run the "
            "command again if it is the old one."} {}

bool exists(Connection& server, const std::string& database) {
    return !server.query("select 1 from pg_database where datname = $1::text", {database}).empty();
}

DatabaseOptions making_of(Connection& server, const std::string& database) {
    const int major = server.major();
    const bool has_providers = has(major, Feature::locale_providers);
    std::string locale = "null";
    if (has(major, Feature::one_locale)) {
        locale = "datlocale";
    } else if (has_providers) {
        locale = "daticulocale";
    }
    const Row row = row_of(
        server,
        "pg_get_userbyid(datdba), pg_encoding_to_char(encoding), " +
            std::string{has_providers ? "datlocprovider" : "'c'"} + ", datcollate, datctype, " +
            locale + ", " + (has(major, Feature::icu_rules) ? "daticurules" : "null") +
            ", (select spcname from pg_tablespace t where t.oid = d.dattablespace"
            " and spcname <> 'pg_default')",
        database);
    return {.owner = row[0].value_or(""),
            .encoding = row[1].value_or(""),
            .provider = row[2].value_or(""),
            .collation = row[3].value_or(""),
            .ctype = row[4].value_or(""),
            .locale = row[5].value_or(""),
            .icu_rules = row[6].value_or(""),
            .tablespace = row[7].value_or("")};
}

void create(Connection& server, const std::string& database, const DatabaseOptions& making) {
    std::string words = "create database " + server.identifier(database) + " template template0";
    if (!making.owner.empty()) words += " owner " + server.identifier(making.owner);
    if (!making.encoding.empty()) words += " encoding " + server.literal(making.encoding);
    if (!making.collation.empty()) words += " lc_collate " + server.literal(making.collation);
    if (!making.ctype.empty()) words += " lc_ctype " + server.literal(making.ctype);
    if (!making.provider.empty()) words += provider_of(server, making);
    if (!making.tablespace.empty()) words += " tablespace " + server.identifier(making.tablespace);
    server.query(words);
}

void drop(Connection& server, const std::string& database) {
    const auto template_flag = server.query(
        "select 1 from pg_database where datname = $1::text and datistemplate", {database});
    if (!template_flag.empty()) server.query(altered(server, database) + " is_template false");
    const std::string words = "drop database if exists " + server.identifier(database);
    if (has(server.major(), Feature::forced_drop)) {
        server.query(words + " with (force)");
        return;
    }
    if (!exists(server, database)) return;
    allow_connections(server, database, false);
    terminate_sessions(server, database);
    server.query(words);
}

void rename(Connection& server, const std::string& from, const std::string& to) {
    server.query(altered(server, from) + " rename to " + server.identifier(to));
}

int terminate_sessions(Connection& server, const std::string& database) {
    const int before = connections(server, database);
    const auto end = std::chrono::steady_clock::now() + farewell;
    // A session needs some time to end.
    for (int left = before; left != 0; left = connections(server, database)) {
        end_sessions(server, database);
        if (std::chrono::steady_clock::now() > end) {
            throw Failure{"sessions in database '" + database + "' do not end", object_in_use};
        }
        server.query("select pg_sleep(0.02)");
    }
    return before;
}

int terminate_application(Connection& server, const std::string& application) {
    const auto rows = server.query(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = $1::text and pid <> pg_backend_pid()",
        {application});
    return static_cast<int>(rows.size());
}

bool waits_for_rows(Connection& server, const std::string& application,
                    const std::string& beginning) {
    return !server
                .query(
                    "select 1 from pg_stat_activity where application_name = $1::text and state ="
                    " 'active' and wait_event = 'ClientRead' and left(query, length($2::text)) ="
                    " $2::text",
                    {application, beginning})
                .empty();
}

void allow_connections(Connection& server, const std::string& database, bool allowed) {
    server.query(altered(server, database) + " allow_connections " + (allowed ? "true" : "false"));
}

void swap(Connection& server, const std::string& current, const std::string& next,
          const std::string& aside) {
    for (int attempt = 1;; ++attempt) {
        try {
            try_swap(server, current, next, aside);
            return;
        } catch (const Failure& failure) {
            if (failure.sqlstate() != object_in_use || attempt == swap_attempts) throw;
        }
    }
}

// After a crash of any process the postmaster restarts all others, so the checkpointer's start
// changes with every crash.
std::string crash_epoch(Connection& server) {
    return first_column(
               server.query("select concat_ws(' ', pg_postmaster_start_time(), pid, backend_start)"
                            " from pg_stat_activity where backend_type = 'checkpointer'"))
        .at(0);
}

std::vector<Tie> ties(Connection& server, const std::string& database) {
    const auto rows = server.query(
        "select 'subscription', subname::text from pg_subscription s join pg_database d on d.oid ="
        " subdbid where datname = $1::text"
        " union all select 'slot', slot_name::text from pg_replication_slots where database ="
        " $1::text and not temporary"
        " union all select 'prepared transaction', gid from pg_prepared_xacts where database ="
        " $1::text order by 1, 2",
        {database});
    std::vector<Tie> found;
    for (const auto& row : rows) found.push_back({row[0].value_or(""), row[1].value_or("")});
    return found;
}

std::vector<std::string> drop_subscriptions(Connection& inside) {
    const auto names = first_column(inside.query(
        "select subname from pg_subscription where subdbid = (select oid from pg_database where"
        " datname = current_database())"));
    for (const auto& name : names) {
        const std::string subscription = " subscription " + inside.identifier(name);
        inside.query("alter" + subscription + " disable");
        inside.query("alter" + subscription + " set (slot_name = none)");
        inside.query("drop" + subscription);
    }
    return names;
}

std::optional<std::string> comment(Connection& server, const std::string& database) {
    return row_of(server, "shobj_description(oid, 'pg_database')", database).front();
}

void set_comment(Connection& server, const std::string& database,
                 const std::optional<std::string>& text) {
    server.query("comment on database " + server.identifier(database) + " is " +
                 (text ? server.literal(*text) : "null"));
}

std::int64_t size(Connection& server, const std::string& database) {
    return whole_number(row_of(server, "pg_database_size(oid)", database).front());
}

int connections(Connection& server, const std::string& database) {
    const auto rows = server.query(
        "select count(*) from pg_stat_activity where datname = $1::text and pid <> "
        "pg_backend_pid()",
        {database});
    return static_cast<int>(whole_number(rows.front().front()));
}

std::vector<std::string> databases(Connection& server, const std::string& prefix) {
    const auto rows = server.query(
        "select datname from pg_database where (not datistemplate or $1::text <> '')"
        " and left(datname::text, length($1::text)) = $1::text order by datname::text collate "
        "\"C\"",
        {prefix});
    return first_column(rows);
}

std::vector<std::string> data_files(Connection& server, const std::string& prefix) {
    return first_column(server.query(
        "select name from pg_ls_dir('.') name where left(name, length($1::text)) = $1::text",
        {prefix}));
}

void copy_attributes(Connection& server, const std::string& from, const std::string& to) {
    const Row row = row_of(server,
                           "pg_get_userbyid(datdba), datconnlimit, "
                           "shobj_description(oid, 'pg_database'), datistemplate",
                           from);
    server.query(altered(server, to) + " owner to " + server.identifier(row[0].value_or("")));
    server.query(altered(server, to) + " connection limit " + std::to_string(whole_number(row[1])));
    set_comment(server, to, row[2]);
    if (row[3] == "t") server.query(altered(server, to) + " is_template true");
    copy_settings(server, from, to);
    copy_grants(server, from, to);
}

void set_password(Connection& server, const std::string& role, const std::string& password) {
    server.query("alter role " + server.identifier(role) + " password " +
                 server.literal(server.verifier(role, password)));
}

std::string setting(Connection& server, const std::string& name) {
    return server.query("select current_setting($1, true)", {name}).front().front().value_or("");
}

}  // namespace pg

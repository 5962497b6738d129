// Statements of a dump that import changes or leaves out, because stock tools fail or ignore an
// error there.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dump/sql_statement.h"
#include "pg/inventory.h"
#include "transfer/tool_errors.h"

namespace transfer {

/// The options of an import that the rules depend on.
struct RuleOptions {
    bool confined = true;  // the dump runs as a role without rights
    bool grants = true;    // false: they are left out
    bool merging = false;  // added to a database with contents, in one transaction
    bool lenient = false;  // errors are counted, and their statements left out
};

/// A relation named in a dump; the schema is empty if the name is not qualified.
struct Relation {
    std::string schema = {};
    std::string name = {};
    bool operator==(const Relation&) const = default;
    bool operator<(const Relation& other) const {
        return std::tie(schema, name) < std::tie(other.schema, other.name);
    }
};

/// Applies the rules to the statements of one dump, in their order. Counts what it leaves out and
/// creates, and remembers which tables the dump creates and has rows for.
class StatementRules {
public:
    StatementRules(pg::Inventory server, RuleOptions how);

    /// The replacement of a statement. Nothing: it stays; empty: it is left out. Throws Error for
    /// something that the server cannot have.
    std::optional<std::string> change(std::string_view statement);
    /// A statement that was postponed and is still to be run, or empty.
    std::string rest();

    /// One line for each kind of thing that was left out or created.
    std::vector<std::string> lines() const;
    /// The errors of statements that were not run, if errors are only counted.
    const std::vector<ToolError>& failures() const { return failures_; }
    /// Throws Error if the dump needs roles that do not exist; the hint creates them.
    void check_roles(const std::string& service) const;
    /// Whether roles are missing; then nothing more is run.
    bool needs_roles() const { return !missing_.empty(); }

    /// The tables that the dump creates, and those that it has rows for.
    const std::set<Relation>& tables() const { return tables_; }
    const std::set<Relation>& filled() const { return filled_; }
    /// Whether the dump has created or filled anything so far.
    bool any() const { return created_ || !filled_.empty(); }
    /// Adds a table of an archive's table of contents.
    void add_table(Relation table) { tables_.insert(std::move(table)); }
    void add_filled(Relation table) { filled_.insert(std::move(table)); }
    /// The same for a function, without its arguments.
    void add_function(Relation function) { functions_.insert(std::move(function)); }
    /// Whether a table belongs to an extension that was left out.
    bool is_left_out(const Relation& table) const;

    /// Counts the rows of such a table, or a tablespace, as left out.
    void note_left_out_rows(const Relation& table);
    void note_tablespace();

private:
    using Change = std::optional<std::string>;

    Change decide(std::string_view statement);
    Change create(dump::Statement& given);
    Change create_schema(dump::Statement& given);
    Change create_extension(dump::Statement& given);
    Change missing_extension(const std::string& name, const std::string& schema);
    std::string make_schema_of_extension(const std::string& schema);
    Change create_event_trigger(dump::Statement& given);
    Change create_publication(dump::Statement& given);
    Change create_policy(const dump::Statement& given);
    Change create_other(dump::Statement& given);
    Change alter(dump::Statement& given);
    Change alter_default_privileges(dump::Statement& given);
    Change comment(dump::Statement& given);
    bool is_of_left_out(dump::Statement& given) const;
    bool lacks_extension() const;
    Change drop(dump::Statement& given);
    Change grant(dump::Statement& given, const char* what);
    const char* why_not_granted(dump::Statement& given, std::size_t on) const;
    Change set(dump::Statement& given);
    Change set_parameter(dump::Statement& given);
    Change set_authorization(dump::Statement& given);
    Change copy(dump::Statement& given);
    Change transaction(dump::Statement& given);
    bool take_default_roles(dump::Statement& given);
    Change leave_out(const std::string& what);
    void note(const std::string& what);
    Change need_role(const std::string& role, std::string_view statement);
    void fail(const std::string& what, const std::string& hint);
    bool has_role(const dump::Token& role) const;
    std::string without_absent(const dump::Statement& given, std::size_t list, const char* what);

    pg::Inventory server_;
    RuleOptions how_;
    std::vector<std::pair<std::string, std::size_t>> notes_;
    std::vector<ToolError> failures_;
    std::vector<std::string> missing_;
    pg::Names present_;          // schemas that existed before the dump's statements
    pg::Names left_out_;         // `event trigger e`, `publication p`, `extension x`
    pg::Names foreign_schemas_;  // schemas of extensions that were left out
    std::set<Relation> tables_;
    std::set<Relation> filled_;
    std::set<Relation> functions_;
    pg::Names extension_schemas_;  // except public
    std::string postponed_;        // SET SESSION AUTHORIZATION, until its purpose is known
    std::string postponed_role_;   // whose
    bool created_ = false;         // a CREATE was read
    bool dropped_ = false;         // a DROP was read before any CREATE
};

/// A kind of object and a name, as messages show them: role 'x'.
std::string shown(std::string_view kind, std::string_view name);

/// The command that creates missing roles.
std::string role_hint(const std::string& service, const std::vector<std::string>& roles);

}  // namespace transfer

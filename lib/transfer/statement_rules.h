// What stock tools get past in a dump, and import does right or leaves out: statement by statement.
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

/// How a dump is taken in, as far as its statements show it.
struct Ruling {
    bool confined = true;  // by a role without rights
    bool grants = true;    // false: they are left out
    bool merging = false;  // into a database with contents, in one transaction
    bool lenient = false;  // what fails is counted and left out
};

/// A relation that a dump names; the schema is empty where it says none.
struct Relation {
    std::string schema = {};
    std::string name = {};
    bool operator==(const Relation&) const = default;
    bool operator<(const Relation& other) const {
        return std::tie(schema, name) < std::tie(other.schema, other.name);
    }
};

/// Decides on the statements of one dump, in their order. Remembers what it left out and made, for
/// a line each, and which tables the dump makes and has rows for.
class StatementRules {
public:
    StatementRules(pg::Inventory server, Ruling how);

    /// What is to be run in the place of a statement; nothing: it stays as it is; empty: it is left
    /// out. Throws Error for what the server cannot have.
    std::optional<std::string> change(std::string_view statement);
    /// What of the dump was put off and is still to be run.
    std::string rest();

    /// One line for each kind of thing that was left out or made.
    std::vector<std::string> lines() const;
    /// What failed without being run, while such things are counted only.
    const std::vector<ToolError>& failures() const { return failures_; }
    /// Throws Error, with what makes them, when the dump needs roles that are not there.
    void check_roles(const std::string& service) const;
    /// Whether it needs such: nothing that comes is run.
    bool needs_roles() const { return !missing_.empty(); }

    /// The tables that the dump makes, and those that it has rows for.
    const std::set<Relation>& tables() const { return tables_; }
    const std::set<Relation>& filled() const { return filled_; }
    /// Whether the dump has made or filled anything so far.
    bool any() const { return created_ || !filled_.empty(); }
    /// Remembers one that an archive lists.
    void add_table(Relation table) { tables_.insert(std::move(table)); }
    void add_filled(Relation table) { filled_.insert(std::move(table)); }
    /// The same of a function, by its name alone.
    void add_function(Relation function) { functions_.insert(std::move(function)); }
    /// Whether rows are of an extension that was left out.
    bool is_left_out(const Relation& table) const;

    /// Counts such rows, or a tablespace, as left out.
    void note_left_out_rows(const Relation& table);
    void note_tablespace();

private:
    using Change = std::optional<std::string>;

    Change decide(std::string_view statement);
    Change create(dump::Statement& given);
    Change create_schema(dump::Statement& given);
    Change create_extension(dump::Statement& given);
    Change lack_extension(const std::string& name, const std::string& schema);
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
    Ruling how_;
    std::vector<std::pair<std::string, std::size_t>> notes_;
    std::vector<ToolError> failures_;
    std::vector<std::string> missing_;
    pg::Names present_;          // schemas that were there before the dump's statements
    pg::Names left_out_;         // `event trigger e`, `publication p`, `extension x`
    pg::Names foreign_schemas_;  // of extensions that were left out
    std::set<Relation> tables_;
    std::set<Relation> filled_;
    std::set<Relation> functions_;
    pg::Names extension_schemas_;  // but public
    std::string put_off_;          // SET SESSION AUTHORIZATION, until it is known for what
    std::string put_off_role_;     // whose
    bool created_ = false;         // a CREATE was there
    bool dropped_ = false;         // a DROP was before it
};

/// A kind of thing and a name, as lines and errors show them: role 'x'.
std::string shown(std::string_view kind, std::string_view name);

/// How a role that is not there is made.
std::string role_hint(const std::string& service, const std::vector<std::string>& roles);

}  // namespace transfer

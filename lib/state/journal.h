// The journal of a service's operation: how far a change of several steps has come.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace state {

/// An operation that has begun and has not ended. It explains itself, so that every command can say
/// what is unfinished without knowing the operation.
struct Journal {
    std::string operation = {};                      // the command: create, upgrade, ..
    std::vector<std::string> arguments = {};         // what it was asked, without secrets
    std::string step = {};                           // the last one that was begun
    std::map<std::string, std::string> memory = {};  // what its steps must remember
    bool blocks = false;      // other commands are refused until it is finished
    std::string found = {};   // what is wrong with the service: a line, for who is refused
    std::string finish = {};  // how to finish it or to take it back: a sentence
    bool operator==(const Journal&) const = default;
};

/// The journal's file in a service's folder.
std::filesystem::path journal_path(const std::filesystem::path& folder);
/// The journal of the folder's unfinished operation, nothing when there is none. Fields that are
/// missing are empty; throws Error that names the file when it cannot be read as a journal.
std::optional<Journal> read_journal(const std::filesystem::path& folder);
/// Replaces the journal, all or nothing (0600).
void write_journal(const std::filesystem::path& folder, const Journal& journal);
/// Removes the journal if it is there: the operation has ended.
void remove_journal(const std::filesystem::path& folder);

}  // namespace state

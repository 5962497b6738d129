// Parses the errors that psql and pg_restore print: place, statement and the server's message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace transfer {

/// One error.
struct ToolError {
    std::string where = {};    // `line 12` of a script, `TABLE DATA public.users` of an archive
    std::string message = {};  // the server's, or the tool's
    std::vector<std::string> details = {};  // DETAIL, HINT, CONTEXT as psql shows them
    std::string statement = {};             // its beginning, with string literals masked
};

/// Parses a tool's stderr as it arrives, in bounded memory.
class ToolErrors {
public:
    /// `lines_before` is the number of lines that were sent before the dump; no_lines: lines say
    /// nothing about the dump. Lines that begin with `foreign` are not from the tool.
    static constexpr std::size_t no_lines = static_cast<std::size_t>(-1);
    explicit ToolErrors(std::size_t lines_before = 0, std::string foreign = {})
        : lines_before_(lines_before), foreign_(std::move(foreign)) {}

    /// Reads the next bytes of stderr.
    void read(std::string_view bytes);
    /// Ends the last error; no more lines follow.
    void end();
    /// Adds an error that no tool printed.
    void add(ToolError complaint);
    /// Adds the errors of another object.
    void take(const ToolErrors& others);

    /// The first errors; not all are kept.
    const std::vector<ToolError>& first() const { return first_; }
    /// The number of all errors.
    std::size_t count() const { return count_; }
    /// The line of the last error, including the lines before the dump; 0: none.
    std::size_t last_line() const { return last_line_; }

private:
    // What the next line may continue.
    enum class In { nothing, message, statement };

    void take_line(std::string_view line);
    bool begin(std::string_view line);
    void begin_complaint(std::string_view message);
    void go_on(std::string_view line);

    std::size_t lines_before_;
    std::string foreign_;
    std::size_t line_number_ = 0;
    std::size_t last_line_ = 0;
    std::string line_;
    std::string entry_;
    std::string at_;
    In in_ = In::nothing;
    ToolError last_;
    std::vector<ToolError> first_;
    std::size_t count_ = 0;
};

/// The beginning of a statement on one line, with string literals masked.
std::string beginning_of(std::string_view statement);
/// A line of a server's output with passwords masked.
std::string without_passwords(std::string_view text);
/// An error on one line, and the lines with its details.
std::string headline(const ToolError& complaint);
std::string explanation(const ToolError& complaint);

}  // namespace transfer

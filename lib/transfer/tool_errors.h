// What psql and pg_restore say of what failed: where, which statement, and the server's own words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace transfer {

/// One failure.
struct ToolError {
    std::string where = {};    // `line 12` of a script, `TABLE DATA public.users` of an archive
    std::string message = {};  // the server's, or the tool's
    std::vector<std::string> details = {};  // DETAIL, HINT, CONTEXT as psql shows them
    std::string statement = {};             // its beginning, without the texts in it
};

/// Reads a tool's standard error as it comes, in bounded memory.
class ToolErrors {
public:
    /// `lines_before` is how many lines a script was given that are not the dump's; what begins
    /// with `foreign` is not the tool's.
    static constexpr std::size_t no_lines = static_cast<std::size_t>(-1);  // they tell nothing
    explicit ToolErrors(std::size_t lines_before = 0, std::string foreign = {})
        : lines_before_(lines_before), foreign_(std::move(foreign)) {}

    void hear(std::string_view bytes);
    /// The last line has come.
    void end();
    /// Adds one that no tool said.
    void add(ToolError complaint);
    /// Adds those of another.
    void take(const ToolErrors& others);

    /// The first ones.
    const std::vector<ToolError>& first() const { return first_; }
    /// How many there were.
    std::size_t count() const { return count_; }
    /// The line that the last one was said of, those before the dump's counted in; 0: of none.
    std::size_t last_line() const { return last_line_; }

private:
    // What the line that comes may go on.
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

/// The beginning of a statement on one line, its texts masked.
std::string beginning_of(std::string_view statement);
/// A line of a server without the passwords in it.
std::string without_passwords(std::string_view text);
/// A complaint on one line, and the lines that explain it.
std::string headline(const ToolError& complaint);
std::string explanation(const ToolError& complaint);

}  // namespace transfer

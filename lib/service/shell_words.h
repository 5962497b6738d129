// Splits texts into words and joins them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace service {

/// Splits a text into words and quotes as a shell does, without expansion. Throws a usage Error for
/// a quote that is not closed.
std::vector<std::string> split_words(std::string_view text);
/// The parts of a text that are not empty.
std::vector<std::string> split(std::string_view text, char separator);
/// The words joined with a separator.
std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace service

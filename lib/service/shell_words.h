// Texts split into words and put together again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace service {

/// Splits as a shell splits words and quotes; nothing is expanded. Throws a usage Error for a quote
/// that is not closed.
std::vector<std::string> split_words(std::string_view text);
/// The parts of a text that are not empty.
std::vector<std::string> split(std::string_view text, char separator);
/// The words in one text, the separator between each two.
std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace service

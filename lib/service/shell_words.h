// Options split into words as a shell splits them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace service {

/// Splits as a shell splits words and quotes; nothing is expanded. Throws a usage Error for a quote
/// that is not closed.
std::vector<std::string> split_words(std::string_view text);
/// The words in one text, the separator between each two.
std::string joined(const std::vector<std::string>& words, std::string_view separator);

}  // namespace service

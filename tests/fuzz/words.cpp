// CONFIG_OPTIONS: words that are quoted come back as they were.
#include "service/shell_words.h"

#include "fuzz.h"

namespace {

std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
    return text + "'";
}

}  // namespace

void attack(std::string_view bytes) {
    std::vector<std::string> words;
    if (!fuzz::refusal([&] { words = service::split_words(bytes); }).empty()) return;
    std::string text;
    for (const auto& word : words) text += quoted(word) + " \n";
    fuzz::hold(service::split_words(text) == words, "quoted words are the same words");
    if (bytes.find_first_of("'\"\\") != std::string_view::npos) return;
    std::string plain;
    for (const auto& word : words) plain += (plain.empty() ? "" : " ") + word;
    fuzz::hold(service::split_words(plain) == words, "plain words are the same words");
}

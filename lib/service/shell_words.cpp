// Splits texts into words and joins them.

#include "service/shell_words.h"

#include "error/error.h"

namespace service {

namespace {

/// Splits a text character by character.
class Splitter {
public:
    void take(char c) {
        if (escaped_) {
            // In double quotes a backslash escapes only characters that have a meaning there.
            if (quote_ == '"' && std::string_view("$`\"\\\n").find(c) == std::string_view::npos) {
                word_ += '\\';
            }
            if (c != '\n') word_ += c;
            escaped_ = false;
            inside_ = true;
        } else if (c == '\\' && quote_ != '\'') {
            escaped_ = true;
        } else if (quote_ != 0) {
            take_quoted(c);
        } else {
            take_plain(c);
        }
    }

    std::vector<std::string> finish() {
        if (quote_ != 0 || escaped_) {
            throw usage_error("an unclosed quote or a lone backslash stands in the options");
        }
        end_word();
        return std::move(words_);
    }

private:
    void take_quoted(char c) {
        if (c == quote_) {
            quote_ = 0;
        } else {
            word_ += c;
        }
    }

    void take_plain(char c) {
        if (c == '\'' || c == '"') {
            quote_ = c;
            inside_ = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            end_word();
        } else {
            word_ += c;
            inside_ = true;
        }
    }

    void end_word() {
        if (inside_) words_.push_back(std::move(word_));
        word_.clear();
        inside_ = false;
    }

    std::vector<std::string> words_;
    std::string word_;
    bool inside_ = false;
    bool escaped_ = false;
    char quote_ = 0;
};

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
    Splitter splitter;
    for (const char c : text) splitter.take(c);
    return splitter.finish();
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) text += separator;
        text += word;
    }
    return text;
}

}  // namespace service

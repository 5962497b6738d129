// Runs a fuzzer without libFuzzer, the same inputs each time: replay-NAME FOLDER COUNT reads every file of the folder, then so
// many inputs made of them by a few changes each. The input at work is in ./NAME.input, and stays there
// when it breaks a property.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 4096;

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> corpus_of(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> corpus;
    std::transform(files.begin(), files.end(), std::back_inserter(corpus), read);
    return corpus;
}

// std::mt19937 gives the same numbers everywhere, the standard's distributions do not.
class Choice {
public:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : numbers_() % limit; }

private:
    std::mt19937 numbers_{20260101};
};

void change(std::string& input, const std::vector<std::string>& corpus, Choice& choice) {
    const std::size_t at = choice.below(input.size() + 1);
    switch (choice.below(6)) {
        case 0:
            input.insert(at, 1, static_cast<char>(choice.below(256)));
            break;
        case 1:
            if (at < input.size()) input[at] = static_cast<char>(choice.below(256));
            break;
        case 2:
            if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << choice.below(8)));
            break;
        case 3:
            input.erase(at, choice.below(16));
            break;
        case 4:
            input.resize(at);
            break;
        default: {
            const std::string& other = corpus[choice.below(corpus.size())];
            input.insert(at, other.substr(choice.below(other.size() + 1), choice.below(64)));
        }
    }
    if (input.size() > largest) input.resize(largest);
}

// A copy of its own for each, so that a byte read beyond it is one of nobody's.
void run(const std::string& input, const std::string& kept) {
    std::ofstream(kept, std::ios::binary) << input;
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const std::string name = fs::path(argv[0]).filename();
    const auto corpus = corpus_of(argv[1]);
    const std::string kept = name + ".input";
    if (corpus.empty()) return 1;
    for (const auto& input : corpus) run(input, kept);
    Choice choice;
    const int count = std::atoi(argv[2]);
    for (int number = 0; number < count; ++number) {
        std::string input = corpus[choice.below(corpus.size())];
        for (std::size_t changes = 1 + choice.below(4); changes > 0; --changes)
            change(input, corpus, choice);
        run(input, kept);
    }
    fs::remove(kept);
    std::printf("ok %s: %zu inputs\n", name.c_str(), corpus.size() + static_cast<std::size_t>(count));
}

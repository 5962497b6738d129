// Lists a folder at low cost, because hooks read large ones at every deploy.
#pragma once

#include <dirent.h>

#include <filesystem>
#include <memory>

namespace host {

/// An open folder; empty if it does not exist or cannot be read.
class Folder {
public:
    explicit Folder(const std::filesystem::path& path)
        : folder_(::opendir(path.c_str()), ::closedir) {}

    /// The next name that does not begin with a dot, nullptr after the last.
    const char* next() {
        const dirent* entry = folder_ ? ::readdir(folder_.get()) : nullptr;
        while (entry != nullptr && entry->d_name[0] == '.') entry = ::readdir(folder_.get());
        return entry == nullptr ? nullptr : entry->d_name;
    }
    /// The descriptor for system calls relative to the folder; valid once next() has returned a
    /// name.
    int descriptor() const { return ::dirfd(folder_.get()); }

private:
    std::unique_ptr<DIR, int (*)(DIR*)> folder_;
};

}  // namespace host

// A folder read name by name, with little cost for each: hooks read large ones at every deploy.
#pragma once

#include <dirent.h>

#include <filesystem>
#include <memory>

namespace host {

/// An open folder. One that is not there, or cannot be read, has no names.
class Folder {
public:
    explicit Folder(const std::filesystem::path& path)
        : folder_(::opendir(path.c_str()), ::closedir) {}

    /// The next name that begins with no dot, nothing after the last.
    const char* next() {
        const dirent* entry = folder_ ? ::readdir(folder_.get()) : nullptr;
        while (entry != nullptr && entry->d_name[0] == '.') entry = ::readdir(folder_.get());
        return entry == nullptr ? nullptr : entry->d_name;
    }
    /// For system calls relative to the folder, once there was a name.
    int descriptor() const { return ::dirfd(folder_.get()); }

private:
    std::unique_ptr<DIR, int (*)(DIR*)> folder_;
};

}  // namespace host

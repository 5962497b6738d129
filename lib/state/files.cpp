// State files: no partial write, no link followed, no secret readable for others at any moment.

#include "state/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "error/error.h"

namespace state {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest = 1024UL * 1024UL;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_;
};

Error failure(const std::string& what, const fs::path& path, int code = errno) {
    return Error{"cannot " + what + " '" + path.string() + "': " + std::strerror(code)};
}

// Hooks sometimes run as root. What they create in a folder of the dokku user must belong to dokku.
void give_to_owner_of(const fs::path& folder, const fs::path& path) {
    struct stat owner {};
    if (::geteuid() == 0 && ::stat(folder.c_str(), &owner) == 0 &&
        ::lchown(path.c_str(), owner.st_uid, owner.st_gid) != 0) {
        throw failure("change the owner of", path);
    }
}

void write_all(int descriptor, std::string_view text, const fs::path& path) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw failure("write", path);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// The temporary file of a write. Its name is always the same, so that the next run overwrites what
// a killed one left.
fs::path temporary_of(const fs::path& path) {
    return path.parent_path() / ("." + path.filename().string() + ".new");
}

int open_new(const fs::path& path, mode_t mode) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int descriptor = ::open(path.c_str(), flags, mode);
    if (descriptor < 0 && errno == EEXIST && ::unlink(path.c_str()) == 0) {
        descriptor = ::open(path.c_str(), flags, mode);
    }
    return descriptor;
}

void fill(const fs::path& path, std::string_view text, mode_t mode) {
    const Descriptor descriptor(open_new(path, mode));
    if (!descriptor) throw failure("write", path);
    if (::fchmod(descriptor.get(), mode) != 0) throw failure("write", path);
    write_all(descriptor.get(), text, path);
    if (::fsync(descriptor.get()) != 0) throw failure("save", path);
    give_to_owner_of(path.parent_path(), path);
}

std::string read_all(int descriptor, const fs::path& path) {
    std::string text;
    char buffer[4096];
    for (;;) {
        const ssize_t got = ::read(descriptor, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw failure("read", path);
        if (got == 0) return text;
        text.append(buffer, static_cast<std::size_t>(got));
        if (text.size() > largest) throw failure("read", path, EFBIG);
    }
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(white) - first + 1));
}

}  // namespace

void sync_folder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor || ::fsync(descriptor.get()) != 0) throw failure("save", folder);
}

std::optional<std::string> read_file(const fs::path& path) {
    // O_PATH first: root in a container can create device nodes in the data, and opening a device
    // has effects. Only a regular file is opened.
    const Descriptor name(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!name) {
        if (errno == ENOENT || errno == ENOTDIR) return {};
        throw failure("read", path);
    }
    struct stat status {};
    if (::fstat(name.get(), &status) != 0) throw failure("read", path);
    if (!S_ISREG(status.st_mode))
        throw Error{"cannot read '" + path.string() + "': not a regular file"};
    const std::string same = "/proc/self/fd/" + std::to_string(name.get());
    const Descriptor file(::open(same.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!file) throw failure("read", path);
    return read_all(file.get(), path);
}

std::optional<std::string> read_trimmed(const fs::path& path) {
    const auto text = read_file(path);
    if (!text) return {};
    auto inner = trimmed(*text);
    if (inner.empty()) return {};
    return inner;
}

std::vector<std::string> read_lines(const fs::path& path) {
    std::vector<std::string> lines;
    const auto text = read_file(path);
    if (!text) return lines;
    std::string_view left = *text;
    while (!left.empty()) {
        const auto end = left.find('\n');
        if (auto line = trimmed(left.substr(0, end)); !line.empty())
            lines.push_back(std::move(line));
        if (end == std::string_view::npos) break;
        left.remove_prefix(end + 1);
    }
    return lines;
}

void write_file(const fs::path& path, std::string_view text, mode_t mode) {
    const fs::path temporary = temporary_of(path);
    try {
        fill(temporary, text, mode);
        if (::rename(temporary.c_str(), path.c_str()) != 0) throw failure("replace", path);
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
    sync_folder(path.parent_path());
}

void remove_file(const fs::path& path) {
    ::unlink(temporary_of(path).c_str());
    if (::unlink(path.c_str()) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return;
        throw failure("remove", path);
    }
    sync_folder(path.parent_path());
}

void make_folder(const fs::path& path, mode_t mode) {
    const fs::path parent = path.parent_path();
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) {
        if (!S_ISDIR(status.st_mode)) throw failure("make", path, ENOTDIR);
        return;
    }
    std::error_code ignored;
    if (!parent.empty() && !fs::exists(parent, ignored)) make_folder(parent, 0755);
    if (::mkdir(path.c_str(), mode) != 0) {
        if (errno == EEXIST) return make_folder(path, mode);  // another process created it first
        throw failure("make", path);
    }
    // The umask may have removed bits of the mode.
    if (::chmod(path.c_str(), mode) != 0) throw failure("make", path);
    give_to_owner_of(parent, path);
    sync_folder(parent);
}

}  // namespace state

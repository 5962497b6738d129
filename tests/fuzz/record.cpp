// service.yml and the official files: a record that is written is the record that is read.
#include "service/record.h"

#include <algorithm>
#include <iterator>

#include "fakes/world.h"
#include "fuzz.h"
#include "state/files.h"

namespace {

constexpr const char* files[] = {
    "service.yml", "IMAGE",          "IMAGE_VERSION", "DATABASE_NAME", "CONFIG_OPTIONS",
    "ENV",         "SERVICE_MEMORY", "SHM_SIZE",      "PORT",          "POSTGRES_CONFIG_OPTIONS"};

bool same(const service::Record& left, const service::Record& right) {
    const auto volumes = [](const service::Record& record) {
        std::string text;
        for (const auto& volume : record.volumes)
            text += volume.source + '\0' + volume.target + '\0' + (volume.read_only ? "ro" : "rw") +
                    '\0';
        return text;
    };
    return left.reference() == right.reference() && left.database == right.database &&
           left.config_options == right.config_options && left.custom_env == right.custom_env &&
           left.memory == right.memory && left.shm_size == right.shm_size &&
           left.ports == right.ports && left.initial_network == right.initial_network &&
           left.post_create_network == right.post_create_network &&
           left.post_start_network == right.post_start_network &&
           left.former_networks == right.former_networks && left.major == right.major &&
           left.data_target == right.data_target && left.data_folder == right.data_folder &&
           left.own_files == right.own_files && volumes(left) == volumes(right);
}

}  // namespace

// The files in this order, a NUL between two of them; what is missing is no file.
void attack(std::string_view bytes) {
    static fakes::World world;
    static const auto service = world.add_service("svc");
    const auto texts = fuzz::parts(bytes, '\0');
    static std::size_t written = std::size(files);
    for (std::size_t i = 0; i < std::min(std::max(written, texts.size()), std::size(files)); ++i) {
        const auto path = service.file(files[i]);
        std::error_code none;
        if (i < texts.size())
            fakes::World::write(path, texts[i]);
        else
            std::filesystem::remove(path, none);
    }
    written = texts.size();
    world.dokku.properties.clear();
    service::Record record;
    if (!fuzz::refusal([&] { record = service::read_record(service); }).empty()) return;
    if (!fuzz::is_one_in(16, bytes)) return;
    written = std::size(files);
    if (!fuzz::refusal([&] { service::write_record(service, record); }).empty()) return;
    fuzz::hold(same(service::read_record(service), record), "what is written is what is read");
    service::Record other;
    service::set_reference(other, record.reference());
    fuzz::hold(other.reference() == record.reference() || other.image_version.empty(),
               "an image keeps its name");
}

// What is known of a service: the official plugin's files, and service.yml for what those cannot
// hold.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/service.h"

namespace service {

/// An operator's own volume in the service's container.
struct Volume {
    std::string source;  // absolute path on the host
    std::string target;  // absolute path in the container
    bool read_only = false;
};

/// Settings of a service. Official files win over service.yml where both know a thing, because the
/// official plugin writes only those.
struct Record {
    std::string image;  // IMAGE; empty in services whose container is the only place that knows
    std::string image_version;  // IMAGE_VERSION
    std::string database;  // DATABASE_NAME, or the service's name itself
    std::string config_options;  // CONFIG_OPTIONS, older POSTGRES_CONFIG_OPTIONS
    std::string custom_env;      // ENV: K=V lines
    std::string memory;          // SERVICE_MEMORY in MB, empty without limit (`0` means that too)
    std::string shm_size;        // SHM_SIZE, empty for the engine's default
    std::string ports;           // PORT: `[IP:]PORT`, empty when not exposed
    std::vector<std::string> initial_network, post_create_network, post_start_network;
    // taken out of the settings, and left when the container is next started
    std::vector<std::string> former_networks;
    int major = 0;                // 0: not known yet
    std::string data_target;      // where data/ is mounted in the container; empty: not known yet
    std::string data_folder;      // PGDATA, there or below; empty: not known, or not told
    std::vector<Volume> volumes;  // mount/unmount
    bool own_files = false;       // made by us: password, certificate and init script lie in run/
    std::string reference() const {
        return image_version.empty() ? image : image + ":" + image_version;
    }
};

/// Puts an image as the engine names it (`host:5000/postgis:17-3.5`) into the record.
void set_reference(Record& record, const std::string& reference);

/// Reads it; never throws for a file that is missing or odd, Error only for one that cannot be
/// read. service.yml that cannot be parsed is an Error that names it.
Record read_record(const Service& service);
/// Writes the network properties that Dokku keeps for the official plugin and the official files
/// that differ, then service.yml, each all or nothing.
void write_record(const Service& service, const Record& record);
/// The record as texts by name, for the journal of an operation that is to write it.
std::map<std::string, std::string> to_texts(const Record& record);
/// The record that to_texts() took apart; other texts among them are left alone.
Record record_of(const std::map<std::string, std::string>& texts);
/// The superuser's password; throws Error when the service has none.
std::string password(const Service& service);
/// Replaces it (0600).
void write_password(const Service& service, const std::string& password);

}  // namespace service

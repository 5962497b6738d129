// The record of a service: the official plugin's files, and service.yml for what they cannot hold.
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

/// The record of a service. If an official file and service.yml differ, the official file counts,
/// because the official plugin writes only those.
struct Record {
    std::string image;           // IMAGE; empty if only the container has it
    std::string image_version;   // IMAGE_VERSION
    std::string database;        // DATABASE_NAME, else the service's name
    std::string config_options;  // CONFIG_OPTIONS, older POSTGRES_CONFIG_OPTIONS
    std::string custom_env;      // ENV: K=V lines
    std::string memory;          // SERVICE_MEMORY in MB, empty or `0`: no limit
    std::string shm_size;        // SHM_SIZE, empty for the engine's default
    std::string ports;           // PORT: `[IP:]PORT`, empty when not exposed
    std::vector<std::string> initial_network, post_create_network, post_start_network;
    // removed from the settings; the container leaves them when it is next started
    std::vector<std::string> former_networks;
    int major = 0;                // 0: not known yet
    std::string data_target;      // where data/ is mounted in the container; empty: unknown
    std::string data_folder;      // PGDATA, data_target or below it; empty: unknown
    std::vector<Volume> volumes;  // mount/unmount
    bool own_files = false;       // made by us: password, certificate and init script lie in run/
    std::string reference() const {
        return image_version.empty() ? image : image + ":" + image_version;
    }
};

/// Sets image and version of the record from a reference (`host:5000/postgis:17-3.5`).
void set_reference(Record& record, const std::string& reference);

/// Reads the record. Missing files and invalid values are accepted. Throws Error for a file that
/// cannot be read, and for a service.yml that cannot be parsed.
Record read_record(const Service& service);
/// Writes the network properties in Dokku and the official files that differ, then service.yml.
/// Each file is written atomically. Throws Error.
void write_record(const Service& service, const Record& record);
/// The record as texts by name, for the journal of an operation that is to write it.
std::map<std::string, std::string> to_texts(const Record& record);
/// The record that to_texts() took apart; other texts among them are left alone.
Record record_of(const std::map<std::string, std::string>& texts);
/// The superuser's password; throws Error when the service has none.
std::string password(const Service& service);
/// Replaces the password file (0600). Throws Error.
void write_password(const Service& service, const std::string& password);

}  // namespace service

# Our programs run without the dokku script, and a client in front of the engine's own that does what a test says.
# shellcheck shell=bash disable=SC2154

# What Dokku's script exports on this host, as words for env(1).
dokku_environment() {
    (
        DOCKER_BIN=docker
        # shellcheck source=/dev/null
        . "$host/etc/default/dokku"
        local plugins=$DOKKU_LIB_PATH/plugins core=$DOKKU_LIB_PATH/core-plugins
        printf '%s\0' "PATH=$host/bin:$PATH" HOME=/home/dokku USER=dokku LOGNAME=dokku SSH_USER=root SSH_NAME=default \
            "DOCKER_BIN=$DOCKER_BIN" "DOKKU_ROOT=$DOKKU_ROOT" "DOKKU_HOST_ROOT=$DOKKU_ROOT" "DOKKU_LIB_ROOT=$DOKKU_LIB_PATH" \
            "PLUGIN_PATH=$plugins" "PLUGIN_AVAILABLE_PATH=$plugins/available" "PLUGIN_ENABLED_PATH=$plugins/enabled" \
            "PLUGIN_CORE_PATH=$core" "PLUGIN_CORE_AVAILABLE_PATH=$core/available" "PLUGIN_CORE_ENABLED_PATH=$core/enabled" \
            DOKKU_SYSTEM_USER=dokku DOKKU_SYSTEM_GROUP=dokku DOKKU_API_VERSION=1 DOKKU_NOT_IMPLEMENTED_EXIT=10 DOKKU_VALID_EXIT=0 \
            "POSTGRES_IMAGE=${POSTGRES_IMAGE-postgres}" "DOKKU_LOGS_DIR=$DOKKU_LOGS_DIR" "DOKKU_EVENTS_LOGFILE=$DOKKU_LOGS_DIR/events.log"
    )
}

# program create, program pre-start: where the installed one lies.
program() {
    local plugin=$host/lib/plugins/available/postgres
    if [ -x "$plugin/subcommands/$1" ]; then printf '%s\n' "$plugin/subcommands/$1"; else printf '%s\n' "$plugin/$1"; fi
}

# as_dokku [STRACE-OPTION.. --] PROGRAM WORD..: as the user dokku, with Dokku's environment.
as_dokku() {
    local words
    mapfile -d '' words < <(dokku_environment)
    (cd / && exec setpriv --reuid=dokku --regid=dokku --init-groups env -i "${words[@]}" "$@")
}

# straced OPTION.. PROGRAM WORD..: the same under strace.
straced() {
    local words
    mapfile -d '' words < <(dokku_environment)
    (cd / && exec env -i "${words[@]}" strace -qq -u dokku "$@")
}

# From now on this host asks the engine through a client of ours: $host/client says what that does before it calls the real one.
front_client() {
    local real
    real=$(command -v docker)
    printf '#!/usr/bin/env bash\nreal=%q\n[ ! -r %q ] || . %q\nexec "$real" "$@"\n' "$real" "$host/client" "$host/client" \
        >"$host/bin/docker-in-front"
    chmod 755 "$host/bin/docker-in-front"
    printf 'DOCKER_BIN=%q\n' "$host/bin/docker-in-front" >>"$host/etc/default/dokku"
}

# client_does: takes the script from standard input; client_is_well: the real client again.
client_does() { cat >"$host/client"; }
client_is_well() { rm -f "$host/client"; }

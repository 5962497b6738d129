#!/usr/bin/env bash
# What the official postgres image does at its start, as far as its documentation and behaviour promise it.
#
# The first pass runs as root and makes the folders, the second as postgres: it makes the cluster,
# starts a server that listens on its socket only, runs the init scripts against it, stops it, and
# becomes the real server.
set -Eeo pipefail

say() { printf '%s\n' "$*"; }
fail() {
    printf 'Error: %s\n' "$*" >&2
    exit 1
}

# Sets NAME from the environment, from the file that NAME_FILE names, or to a default, and exports it.
from_file() {
    local name=$1 default=${2-} file=${1}_FILE
    if [[ -n ${!name-} && -n ${!file-} ]]; then
        fail "both $name and $file are set (but are exclusive)"
    fi
    local value=$default
    if [[ -n ${!name-} ]]; then
        value=${!name}
    elif [[ -n ${!file-} ]]; then
        value=$(<"${!file}")
    fi
    export "$name=$value"
    unset "$file"
}

read_environment() {
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS
    : "${POSTGRES_HOST_AUTH_METHOD:=}"
}

make_folders() {
    mkdir -p "$PGDATA" /var/run/postgresql
    chmod 00700 "$PGDATA" || :
    chmod 03775 /var/run/postgresql || :
    if [[ -n ${POSTGRES_INITDB_WALDIR-} ]]; then
        mkdir -p "$POSTGRES_INITDB_WALDIR"
        chmod 700 "$POSTGRES_INITDB_WALDIR"
    fi
    if (($(id -u) == 0)); then
        [[ -z ${POSTGRES_INITDB_WALDIR-} ]] ||
            find "$POSTGRES_INITDB_WALDIR" \! -user postgres -exec chown postgres '{}' +
        find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
        find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    fi
}

# From 18 on data lies in a folder named for its major. A cluster or a mount at one of the older
# places means that somebody's data would be passed over in silence.
refuse_older_data() {
    [[ $PG_MAJOR -ge 18 && $PGDATA == "/var/lib/postgresql/$PG_MAJOR/docker" ]] || return 0
    local folder found=()
    for folder in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
        [[ ! -s $folder/PG_VERSION ]] || found+=("$folder")
    done
    if ((${#found[@]} == 0)) && mountpoint -q /var/lib/postgresql/data; then
        found+=('/var/lib/postgresql/data (unused mount/volume)')
    fi
    ((${#found[@]} == 0)) ||
        fail "in 18+, data belongs below a mount at /var/lib/postgresql, but there appears to be PostgreSQL data in: ${found[*]}"
}

require_password() {
    if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
        fail 'Database is uninitialized and superuser password is not specified. Set POSTGRES_PASSWORD to a non-empty value.'
    fi
    if [[ $POSTGRES_HOST_AUTH_METHOD == trust ]]; then
        say 'WARNING: POSTGRES_HOST_AUTH_METHOD has been set to "trust": anyone can connect without a password.' >&2
    fi
}

make_cluster() {
    [[ -z ${POSTGRES_INITDB_WALDIR-} ]] || set -- --waldir "$POSTGRES_INITDB_WALDIR" "$@"
    # The arguments of the environment are words as a shell reads them.
    eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"' "$@"'
}

allow_network_clients() {
    local method=$POSTGRES_HOST_AUTH_METHOD
    [[ ${1-} != postgres ]] || shift
    [[ -n $method ]] || method=$(postgres -C password_encryption "$@")
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

start_temporary_server() {
    [[ ${1-} != postgres ]] || shift
    set -- "$@" -c listen_addresses='' -p "${PGPORT:-5432}"
    NOTIFY_SOCKET='' PGUSER=${PGUSER:-$POSTGRES_USER} \
        pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@")" -w start
}

stop_temporary_server() { PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w stop; }

# The name is the official one: init scripts that are sourced call it, or the array 'psql'.
docker_process_sql() {
    local query=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc)
    [[ -z $POSTGRES_DB ]] || query+=(--dbname "$POSTGRES_DB")
    PGHOST='' PGHOSTADDR='' "${query[@]}" "$@"
}

make_database() {
    local there
    there=$(POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only \
        <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
    [[ -n $there ]] || POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$POSTGRES_DB" \
        <<<'CREATE DATABASE :"db";'
}

run_init_files() {
    local file
    # shellcheck disable=SC2034
    psql=(docker_process_sql)
    for file; do
        case $file in
            *.sh)
                if [[ -x $file ]]; then
                    say "$0: running $file"
                    "$file"
                else
                    say "$0: sourcing $file"
                    # shellcheck disable=SC1090
                    . "$file"
                fi
                ;;
            *.sql) say "$0: running $file" && docker_process_sql -f "$file" ;;
            *.sql.gz) say "$0: running $file" && gunzip -c "$file" | docker_process_sql ;;
            *.sql.xz) say "$0: running $file" && xzcat "$file" | docker_process_sql ;;
            *.sql.zst) say "$0: running $file" && zstd -dc "$file" | docker_process_sql ;;
            *) say "$0: ignoring $file" ;;
        esac
    done
}

wants_server() {
    local word
    [[ ${1-} == postgres ]] || return 1
    for word; do
        case $word in
            -'?' | --help | --describe-config | -V | --version) return 1 ;;
        esac
    done
}

prepare() {
    read_environment
    make_folders
    if (($(id -u) == 0)); then
        exec gosu postgres "${BASH_SOURCE[0]}" "$@"
    fi
    if [[ -s $PGDATA/PG_VERSION ]]; then
        printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
        return
    fi
    require_password
    refuse_older_data
    # Fails here, before anything is made, when the folder is not readable.
    ls /docker-entrypoint-initdb.d/ >/dev/null
    make_cluster
    allow_network_clients "$@"
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    start_temporary_server "$@"
    make_database
    run_init_files /docker-entrypoint-initdb.d/*
    stop_temporary_server
    unset PGPASSWORD
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

[[ ${1:0:1} != - ]] || set -- postgres "$@"
! wants_server "$@" || prepare "$@"
exec "$@"

# What every bats file shares: one stand-in Dokku host a file, names of its own, and questions to the engine.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tree=${DOKKU_POSTGRES_TREE:-$root/build/test/tree}
app_image=dokku-postgres-test/app:latest
export root tree app_image
export DOKKU_POSTGRES_NO_PULL=1
bats_require_minimum_version 1.5.0

# What services are made of when a test names no image: a cluster that is ready. A file whose subject is the making of a server
# sets it to `postgres` before host_up.
server_image=dokku-postgres-test/prepared

# A host for this file. Every service and app of a test carries $id in its name: files run beside each other on one engine.
host_up() {
    id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
    host=$(mktemp -d "${TMPDIR:-/tmp}/dokku-postgres-bats.XXXXXX")
    chmod 755 "$host"
    "$root/tests/host/make" "$host" --plugin "$tree" "$@" >"$host.log" 2>&1 || {
        cat "$host.log" >&2
        return 1
    }
    rm -f "$host.log"
    echo "export POSTGRES_IMAGE=$server_image" >>"$host/etc/default/dokku"
    PATH=$host/bin:$PATH
    export id host PATH server_image
}

# Takes the host away with everything that carries its id.
host_down() {
    local container
    docker ps -aq --no-trunc --filter "name=$id" | while read -r container; do
        docker rm -fv "$container" >/dev/null 2>&1 || true
    done
    "$root/tests/host/remove" "$host" || true
}

# What most hooks are tried on: $service, and $app, which is deployed and linked to it.
linked_host_up() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    deploy_app "$app"
    dokku postgres:link "$service" "$app"
}

# The usual frame; a file that needs more calls host_up and host_down itself.
setup_file() { host_up; }
teardown_file() { host_down; }

service_dir() { printf '%s\n' "$host/lib/services/postgres/$1"; }

# make_service NAME [FLAG..]: a service that answers.
make_service() { dokku postgres:create "$@" >/dev/null; }

# make_app NAME: an app without a container; deploy_app NAME: with one.
make_app() { dokku apps:create "$1" >/dev/null; }
deploy_app() {
    dokku apps:create "$1" >/dev/null && dokku git:from-image "$1" "$app_image" >/dev/null
}

# listen: another plugin, as dashboards are, writes what it is told of services to $host/heard, until stop_listening.
listen() {
    local listener=$host/lib/plugins/available/listener
    install -m 666 /dev/null "$host/heard"
    install -d -o dokku -g dokku "$listener"
    printf '[plugin]\ndescription = "listener"\nversion = "0.1.0"\n[plugin.config]\n' >"$listener/plugin.toml"
    printf '#!/usr/bin/env bash\necho "$*" >>%q\n' "$host/heard" >"$listener/service-action"
    chmod 755 "$listener/service-action"
    ln -s "$listener" "$host/lib/plugins/enabled/listener"
}
stop_listening() { rm "$host/lib/plugins/enabled/listener"; }

# The running web container of an app.
app_container() {
    docker ps -q --no-trunc --filter "label=com.dokku.app-name=$1" --filter "label=com.dokku.process-type=web" | head -n 1
}

# What a variable of the app's running container holds: the container's own view.
app_variable() {
    docker exec "$(app_container "$1")" bash -c 'printf "%s\n" "${!1-}"' _ "$2"
}

# app_query APP VARIABLE SQL: the app's own container logs in by that variable.
app_query() {
    docker exec "$(app_container "$1")" bash -c 'psql -XAt -v ON_ERROR_STOP=1 "${!1}" -c "$2"' _ "$2" "$3"
}

# config_value APP KEY: what Dokku has in the app's config.
config_value() { dokku config:get "$1" "$2"; }

# on_small_disk SERVICE SIZE: its data lie on a file system of that size until off_small_disk SERVICE, which removes its container.
on_small_disk() {
    local data disk=$BATS_TEST_TMPDIR/disk
    data=$(service_dir "$1")/data
    mkdir "$disk"
    mount -t tmpfs -o "size=$2,mode=0755" tmpfs "$disk" 2>/dev/null || skip 'no mounts here'
    dokku postgres:pause "$1"
    cp -a "$data/." "$disk/"
    chown --reference="$data" "$disk"
    chmod --reference="$data" "$disk"
    mount --bind "$disk" "$data"
    docker rm -f "dokku.postgres.$1" >/dev/null
    dokku postgres:start "$1"
}
off_small_disk() {
    docker rm -f "dokku.postgres.$1" >/dev/null
    umount "$(service_dir "$1")/data"
    umount "$BATS_TEST_TMPDIR/disk"
}

# query SERVICE SQL [DATABASE]: asks the server directly as its superuser, past our commands. By TCP, and without a fork but
# psql's: a docker client and a process in a container cost three times as much.
query() {
    local folder=$host/lib/services/postgres/$1 database=${3-} password address code=0
    [ -n "$database" ] || read -r database <"$folder/DATABASE_NAME" || [ -n "$database" ]
    IFS= read -r password <"$folder/PASSWORD" || [ -n "$password" ]
    know_address "$1"
    as_superuser_of "$address" "$database" "$password" "$2" || code=$?
    [ "$code" -eq 2 ] || return "$code"
    # it may have left the network on which it answered before
    rm -f "$BATS_FILE_TMPDIR/address-$1"
    know_address "$1"
    as_superuser_of "$address" "$database" "$password" "$2"
}
as_superuser_of() {
    PGPASSWORD=$3 PGCLIENTENCODING=UTF8 PGCONNECT_TIMEOUT=10 psql -h "$1" -U postgres -XAt -v ON_ERROR_STOP=1 -d "$2" -c "$4"
}

# know_address SERVICE: $address is where its server answers. Asked once for each start of the server.
know_address() {
    local known=$BATS_FILE_TMPDIR/address-$1 data=$host/lib/services/postgres/$1/data started
    for started in "$data"/postmaster.pid "$data"/*/docker/postmaster.pid; do [ ! -e "$started" ] || break; done
    if [ ! -e "$started" ] || [ ! "$known" -nt "$started" ]; then
        docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "dokku.postgres.$1" >"$known"
    fi
    read -r address _ <"$known"
}

# Debian's psql is a Perl script that looks for this one.
for psql_program in /usr/bin/psql /usr/lib/postgresql/*/bin/psql; do :; done
psql() { "$psql_program" "$@"; }

# wait_for_a_standby SERVICE: from now on its commits wait for a standby that never comes.
wait_for_a_standby() {
    query "$1" "alter system set synchronous_standby_names = 'nobody'" postgres >/dev/null
    query "$1" 'select pg_reload_conf()' postgres >/dev/null
}

# commits_the_swap SERVICE: whether its server waits so in the swap of a new database with the old one. That is made beside the
# databases; all other commits may go on.
commits_the_swap() {
    query "$1" "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep' and not (query = 'commit' and datname = 'postgres')" postgres >/dev/null
    [ "$(query "$1" "select count(*) from pg_stat_activity where wait_event = 'SyncRep' and query = 'commit' and datname = 'postgres'" postgres)" = 1 ]
}

# heard_signal PID: that process has gone, or SIGINT is behind it.
heard_signal() { [ ! -e "/proc/${1:-none}" ] || ! grep -q '^ShdPnd:.*2$' "/proc/$1/status"; }

# A port of this host that nobody has.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# until_true COMMAND..: polls a condition; gives up after two minutes. It pauses as long as it asked, so that asking leaves the
# processor to what is waited for.
until_true() {
    local deadline=$((SECONDS + 120)) begun took
    while
        begun=${EPOCHREALTIME/[.,]/}
        ! "$@"
    do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        took=$((${EPOCHREALTIME/[.,]/} - begun))
        [ "$took" -ge 50000 ] || took=50000
        printf -v took '%07d' "$took"
        sleep "${took%??????}.${took: -6}"
    done
}

# ended_badly PID: what was started in the background has ended, and not well.
ended_badly() { ! wait "$1"; }

# with_signals COMMAND..: as from a terminal: a background job of a script ignores SIGINT, and that is inherited.
with_signals() { exec env --default-signal=INT "$@"; }

# expect_code CODE COMMAND..: runs it and checks its exit code, showing what it said when it differs.
expect_code() {
    local code=$1
    shift
    run "$@"
    [ "$status" -eq "$code" ] || {
        printf 'exit %s, expected %s: %s\n%s\n' "$status" "$code" "$*" "$output" >&2
        return 1
    }
}

# says TEXT: the last run's output holds it, word for word.
says() {
    [[ $output == *"$1"* ]] || {
        printf 'expected to read: %s\nread: %s\n' "$1" "$output" >&2
        return 1
    }
}
says_not() {
    [[ $output != *"$1"* ]] || {
        printf 'not expected to read: %s\nread: %s\n' "$1" "$output" >&2
        return 1
    }
}

# Everything that a refused command must leave as it was: files with content and mode, containers with state, configs.
snapshot() {
    (
        cd "$host" || exit 1
        find lib/services lib/config home -xdev -path '*/data/*' -prune -o -printf '%p %m %y\n' 2>/dev/null | LC_ALL=C sort
        find lib/services lib/config home -xdev -path '*/data/*' -prune -o -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0r sha256sum
        docker ps -a --no-trunc --filter "name=$id" --format '{{.ID}} {{.Names}} {{.State}}' | LC_ALL=C sort
    )
}

# unchanged COMMAND..: runs it; afterwards the host is what it was. `status` and `output` are the command's.
unchanged() {
    local before after
    before=$(snapshot)
    run "$@"
    after=$(snapshot)
    [ "$before" = "$after" ] || {
        printf 'changed by: %s\n' "$*" >&2
        diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") >&2
        return 1
    }
}

# Names that no command may take for anything but nonsense.
hostile_names=('../x' 'a;b' $'two\nlines' '$(id)' '' '-x-' 'a b' 'a/b' '.')

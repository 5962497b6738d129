# dokku postgres:clone where the server's files are copied: a large source that holds nothing but its own database

load helper

setup_file() {
    host_up
    export service=db-$id
    make_service "$service"
    # 160 MB, with what stands outside of tables
    query "$service" "create table large as select i, repeat(md5(i::text), 8) m from generate_series(1, 400000) i;
        alter table large add primary key (i); create table log (i int); select lo_from_bytea(4242, 'object');
        alter database ${service//-/_} set search_path = public, pg_catalog" >/dev/null
    query "$service" "alter system set work_mem = '7MB'"
    [ "$(query "$service" 'select pg_database_size(current_database()) > 128 * 1024 * 1024')" = t ]
}
teardown_file() { host_down; }
setup() { new=new$BATS_TEST_NUMBER-$id; }
teardown() {
    dokku postgres:destroy "$new" --force >/dev/null 2>&1 || true
}

sums() { query "$1" "select count(*), md5(string_agg(m, '' order by i)), (select convert_from(lo_get(4242), 'UTF8')) from large"; }
# A server that was made for its data never had to replay a log.
has_files() { docker logs "dokku.postgres.$1" 2>&1 | grep -q 'redo starts at'; }
# login SERVICE PASSWORD: over the network, by the service's own database.
login() {
    PGPASSWORD=$2 psql -XAtq -h "$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.$1")" \
        -U postgres -d "${1//-/_}" -c 'select 42' 2>&1
}
password_of() { cat "$(service_dir "$1")/PASSWORD"; }
nothing_left() {
    [ -z "$(docker ps -aq --filter "name=dokku.postgres.$new.helper")" ] || return 1
    [ "$(query "$service" 'select count(*) from pg_replication_slots')" = 0 ]
}
# copied: the clone is the source, and a service of its own.
copied() {
    local file
    [ "$(sums "$new")" = "$(sums "$service")" ] || return 1
    [ "$(login "$new" "$(password_of "$new")")" = 42 ] || return 1
    [[ $(login "$new" "$(password_of "$service")") == *'password authentication failed'* ]] || return 1
    [ "$(login "$service" "$(password_of "$service")")" = 42 ] || return 1
    diff <(query "$new" 'select datname from pg_database order by 1' postgres) \
        <(printf '%s\n' "${new//-/_}" postgres template0 template1) >&2 || return 1
    for file in server.crt server.key; do
        cmp <(docker exec "dokku.postgres.$new" cat "/var/lib/postgresql/data/$file") "$(service_dir "$new")/run/$file" || return 1
    done
    nothing_left
}

is_written() { [ "$(query "$service" 'select count(*) > 10 from log')" = t ]; }

@test "clone files: the copy of a source that is written to is whole, and a service of its own" {
    # one row after the other, each its own transaction
    yes 'insert into log select coalesce(max(i), 0) + 1 from log;' | docker exec -i -u postgres "dokku.postgres.$service" \
        psql -Xq -d "${service//-/_}" >/dev/null 2>&1 &
    writing=$!
    until_true is_written
    run --separate-stderr dokku postgres:clone "$service" "$new"
    kill "$writing"
    docker exec -u postgres "dokku.postgres.$service" pkill psql || true
    [ "$status" -eq 0 ]
    [[ $stderr != *B/s* && $stderr != *' !     '* ]]
    has_files "$new"
    copied
    [ "$(query "$new" 'select count(*) > 10 and count(*) = max(i) from log')" = t ]
    # what was set for the source's server stays there, what was set for its database does not
    [ "$(query "$new" 'show work_mem')" = 4MB ]
    [ "$(query "$new" 'show search_path')" = 'public, pg_catalog' ]
    [ "$(dokku postgres:info "$new" --status)" = running ]
    [[ $(dokku postgres:info "$new" --dsn) == *"/${new//-/_}" ]]
    expect_code 0 dokku postgres:restart "$new"
    expect_code 0 dokku postgres:upgrade "$new" --memory 1500
    copied
}

@test "clone files: a source with more than its own database, or what files lose, is copied by statements" {
    for more in 'create role other' 'create unlogged table fleeting as select 7 as seven' "create database beside"; do
        query "$service" "$more" >/dev/null
        expect_code 0 dokku postgres:clone "$service" "$new"
        ! has_files "$new"
        [ "$(sums "$new")" = "$(sums "$service")" ]
        [[ $more != *fleeting* ]] || [ "$(query "$new" 'select seven from fleeting')" = 7 ]
        dokku postgres:destroy "$new" --force >/dev/null
        case $more in
            *role*) query "$service" 'drop role other' ;;
            *fleeting*) query "$service" 'drop table fleeting' ;;
            *) query "$service" 'drop database beside' ;;
        esac >/dev/null
    done
}

pid_of_clone() { pgrep -f "subcommands/clone postgres:clone $service $new\$" | tail -n 1; }
is_copying() { [ -n "$(docker ps -q --filter "name=dokku.postgres.$new.helper")" ]; }

@test "clone files: ended by a signal or killed while the files are copied" {
    for signal in INT TERM KILL; do
        with_signals dokku postgres:clone "$service" "$new" >"$BATS_TEST_TMPDIR/said" 2>&1 &
        dokku=$!
        until_true is_copying
        kill "-$signal" "$(pid_of_clone)"
        ended_badly "$dokku"
        if [ "$signal" != KILL ]; then
            grep -qF "There is no service $new, and $service is what it was." "$BATS_TEST_TMPDIR/said"
            [ ! -e "$(service_dir "$new")" ]
            nothing_left
        fi
    done
    expect_code 0 dokku postgres:clone "$service" "$new"
    has_files "$new"
    copied
}

@test "clone files: no room in the middle leaves no service, and the source as it was" {
    local services=$host/lib/services/postgres disk=$BATS_TEST_TMPDIR/disk
    mkdir "$disk"
    mount -t tmpfs -o mode=0755 tmpfs "$disk" || skip 'no mounts here'
    dokku postgres:pause "$service"
    cp -a "$services/." "$disk/"
    chown --reference="$services" "$disk"
    mount --bind "$disk" "$services"
    docker rm -f "dokku.postgres.$service" >/dev/null
    dokku postgres:start "$service"
    # room enough to begin with, as far as the size of the database tells
    size=$(query "$service" 'select pg_database_size(current_database())')
    mount -o "remount,size=$(($(df -B1 --output=used "$disk" | tail -n 1) + size + 110000000))" "$disk"
    run dokku postgres:clone "$service" "$new"
    left=$(find "$disk" -mindepth 1 -maxdepth 1 -name "*$new*")
    docker rm -f "dokku.postgres.$service" >/dev/null
    umount "$services" "$disk"
    dokku postgres:start "$service"
    [ "$status" -ne 0 ]
    [ -z "$left" ]
    says 'room'
    [ "$(login "$service" "$(password_of "$service")")" = 42 ]
    nothing_left
}

@test "clone files: PostgreSQL 15 and 18" {
    for major in 15 18; do
        make_service "old$major-$id" --image-version "$major"
        query "old$major-$id" "create table large as select i, repeat(md5(i::text), 8) m from generate_series(1, 400000) i; create index on large (i);
            select lo_from_bytea(4242, 'object')" >/dev/null
        expect_code 0 dokku postgres:clone "old$major-$id" "$new"
        has_files "$new"
        [ "$(sums "$new")" = "$(sums "old$major-$id")" ]
        [ "$(login "$new" "$(password_of "$new")")" = 42 ]
        dokku postgres:destroy "$new" --force >/dev/null
        dokku postgres:destroy "old$major-$id" --force >/dev/null
    done
}

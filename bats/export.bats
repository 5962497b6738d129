# dokku postgres:export

load helper

setup_file() {
    host_up
    make_service "db-$id"
    make_service "old-$id" --image-version 15
    export service=db-$id older=old-$id
    for one in "$service" "$older"; do
        query "$one" "create table t as select i, md5(i::text) m, repeat('x', 50) r from generate_series(1, 20000) i"
    done
}
teardown_file() { host_down; }
setup() { dump=$BATS_TEST_TMPDIR/dump; }

# What the tool of the service's own image lists of a dump.
listing() { docker exec -i -u postgres "dokku.postgres.$1" pg_restore --list <"$2"; }
dumping() { [ "$(query "$1" "select count(*) from pg_stat_activity where application_name like 'dokku-postgres-_%'")" != 0 ]; }
not_dumping() { ! dumping "$1"; }

@test "export: bad services and flags" { refuses_bad_services export; }

@test "export: a custom dump, zstd where the major has it, and nothing else on standard output" {
    dokku postgres:export "$service" >"$dump" 2>"$dump.err"
    [ "$(head -c 5 "$dump")" = PGDMP ]
    [ ! -s "$dump.err" ]
    run listing "$service" "$dump"
    says 'Compression: zstd'
    says 'TABLE DATA public t postgres'
    dokku postgres:export "$older" >"$dump"
    run listing "$older" "$dump"
    says 'Compression: -1'
}

@test "export: stock pg_restore of the same major reads it all" {
    dokku postgres:export "$service" >"$dump"
    run docker exec -i -u postgres "dokku.postgres.$service" pg_restore --file=- <"$dump"
    [ "$status" -eq 0 ]
    [ "$(grep -c -E '^[0-9]+.[0-9a-f]{32}.x{50}$' <<<"$output")" -eq 20000 ]
}

@test "export: the other formats and compressions" {
    dokku postgres:export "$service" --format plain >"$dump"
    grep -q '^-- PostgreSQL database dump complete' "$dump"
    dokku postgres:export "$service" --format tar >"$dump"
    [ "$(head -c 7 "$dump")" = toc.dat ]
    dokku postgres:export "$service" --compress gzip:1 >"$dump"
    run listing "$service" "$dump"
    says 'Compression: gzip'
    dokku postgres:export "$service" --format=plain --compress=zstd >"$dump"
    zstd -dc "$dump" | grep -q 'database dump complete'
    dokku postgres:export "$older" --compress none >"$dump"
    run listing "$older" "$dump"
    says 'Compression: 0'
}

@test "export: what pg_dump cannot do is said before it starts" {
    for wrong in '--format=directory' '--format=' '--compress=brotli' '--compress=zstd:99' '--compress=-1'; do
        expect_code 2 dokku postgres:export "$service" "$wrong"
    done
    expect_code 2 dokku postgres:export "$service" --format tar --compress gzip
    expect_code 2 dokku postgres:export "$older" --compress zstd
    says 'zstd comes with PostgreSQL 16'
}

@test "export: no bytes to a terminal" {
    run script -qec "dokku postgres:export $service" /dev/null
    [ "$status" -eq 4 ]
    says 'a dump is not written to a terminal'
    says_not PGDMP
}

@test "export: an output that cannot be written is a failure" {
    run bash -c "dokku postgres:export $service >/dev/full"
    [ "$status" -eq 1 ]
    says "service '$service' was not exported"
}

@test "export: a failing pg_dump is a failure" {
    query "$service" "create table broken (i int); update pg_class set relnamespace = 4242 where relname = 'broken'"
    run bash -c "dokku postgres:export $service >$dump"
    query "$service" "update pg_class set relnamespace = 'public'::regnamespace where relname = 'broken'"
    query "$service" 'drop table broken'
    [ "$status" -eq 1 ]
    says "service '$service' was not exported"
}

@test "export: a reader that goes away leaves no pg_dump behind" {
    query "$service" 'create table wide as select i, repeat(md5(i::text), 100) r from generate_series(1, 20000) i'
    dokku postgres:export "$service" --compress none | head -c 1000 >/dev/null || true
    until_true not_dumping "$service"
    query "$service" 'drop table wide'
}

@test "export: a service that is down is brought up" {
    dokku postgres:pause "$service"
    dokku postgres:export "$service" >"$dump"
    [ "$(head -c 5 "$dump")" = PGDMP ]
}

@test "export: a server that wants a password on its own socket gets it, in no argv" {
    make_service "strict-$id"
    docker exec -u postgres "dokku.postgres.strict-$id" sh -c 'sed -i "s/^local.*/local all all scram-sha-256/" "$PGDATA/pg_hba.conf"; kill -HUP 1'
    refused() { ! docker exec -u postgres "dokku.postgres.strict-$id" psql -wXAt -d postgres -c 'select 1' >/dev/null 2>&1; }
    until_true refused
    # for the user dokku
    mkdir -m 0777 "$host/seen"
    cat >"$host/seen/docker" <<END
#!/bin/sh
printf '%s\n' "\$*" >>"$host/seen/argv"
exec docker "\$@"
END
    chmod 0755 "$host/seen/docker"
    cp "$host/etc/default/dokku" "$BATS_TEST_TMPDIR/before"
    echo "export DOCKER_BIN=$host/seen/docker" >>"$host/etc/default/dokku"
    run bash -c "dokku postgres:export strict-$id >$dump"
    cp "$BATS_TEST_TMPDIR/before" "$host/etc/default/dokku"
    [ "$status" -eq 0 ]
    [ "$(head -c 5 "$dump")" = PGDMP ]
    grep -q pg_dump "$host/seen/argv"
    [ "$(grep -c -F "$(cat "$(service_dir "strict-$id")/PASSWORD")" "$host/seen/argv")" = 0 ]
}

# dokku postgres:export

load helper
load wrap

setup_file() {
    host_up
    make_service "db-$id"
    make_service "old-$id" --image-version 15
    make_service "new-$id" --image-version 18
    export service=db-$id older=old-$id newer=new-$id
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

# One database with something of every kind that a dump holds its own way.
fill() {
    query "$1" "
        create extension if not exists pgcrypto;
        create schema s;
        create type s.mood as enum ('good', 'bad');
        create domain s.short as text check (length(value) < 9);
        create table s.wide (i int generated always as identity primary key, m s.mood, d s.short default 'x', b bytea, r text,
            twice int generated always as (2 * length(r)) stored);
        insert into s.wide (m, b, r) select 'good', digest(i::text, 'sha256'), repeat(md5(i::text), i % 40) from generate_series(1, 20000) i;
        create table s.empty (i int references s.wide);
        create table s.parts (i int, t text) partition by range (i);
        create table s.low partition of s.parts for values from (0) to (500);
        create table s.high partition of s.parts for values from (500) to (10000);
        insert into s.parts select i, E'tab\\t, line\\n, \\\\ and \u00e9' || i from generate_series(0, 999) i;
        create view s.v as select count(*) n from s.wide;
        create materialized view s.mv as select m, count(*) n from s.wide group by m;
        create index on s.wide (r text_pattern_ops);
        create function s.f(i int) returns int language sql as 'select i + 1';
        create table \"odd; \"\"name\" (i int);
        insert into \"odd; \"\"name\" values (1);
        comment on table s.wide is 'of many rows';
        select lo_from_bytea(41000 + i, digest(i::text, 'sha512')) from generate_series(1, 1200) i;
        select lo_from_bytea(42998, ''), lo_from_bytea(3000000000, convert_to(repeat('large ', 100000), 'UTF8'));
        comment on large object 42998 is 'nothing in it'"
}
# What a database holds, in words; the token of \restrict is another each time.
content() {
    docker exec -u postgres "dokku.postgres.$1" pg_dump --format=plain --no-owner --no-acl "$2" | grep -v -E '^\\(un)?restrict '
}
inside() {
    local one=$1
    shift
    docker exec -i -u postgres "dokku.postgres.$one" "$@"
}
folders() { inside "$1" sh -c 'ls -d "$PGDATA"/dokku_postgres_export_* 2>/dev/null'; }
has_folder() { folders "$1" >/dev/null; }
no_folder() { ! has_folder "$1"; }
entries() { inside "$1" pg_restore --list <"$2" | grep -v '^;'; }

# hold SERVICE: from now on pg_dump waits in its middle, until let_go.
hold() {
    docker exec -u postgres "dokku.postgres.$1" psql -XAtq -d "$(cat "$(service_dir "$1")/DATABASE_NAME")" \
        -c 'begin; lock table t' -c 'select pg_sleep(600)' >/dev/null 2>&1 &
    holder=$!
    until_true held "$1"
}
held() { [ "$(query "$1" "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 't'::regclass")" = 1 ]; }
let_go() {
    query "$1" "select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(600)%'" >/dev/null
    wait "$holder" || true
}
pid_of_export() { pgrep -f "subcommands/export postgres:export $1" | tail -n 1; }
# over_ssh ARGS..: what sshd sets for a command that came over the network.
over_ssh() { SSH_CONNECTION='192.0.2.7 50000 192.0.2.1 22' dokku "$@"; }
# Nothing stands on standard error but what was exported.
tells_only_its_end() { [[ $(<"$dump.err") =~ ^'       Exported '[0-9.]+' '.?B' in '[0-9.]+' s'$ ]]; }
fails() { if "$@"; then return 1; fi; }

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
    run env -u SSH_TTY script -qec "dokku postgres:export $service" /dev/null
    [ "$status" -eq 4 ]
    says 'a dump is not written to a terminal'
    says_not PGDMP
    # who logged in by ssh works in a login shell
    echo "exec -a -bash bash -c '$host/bin/dokku postgres:export $service; exit \$?'" >"$BATS_TEST_TMPDIR/person"
    run env SSH_TTY=/dev/pts/0 script -qec "bash $BATS_TEST_TMPDIR/person" /dev/null
    [ "$status" -eq 4 ]
    says_not PGDMP
}

@test "export: a terminal that ssh -t made for the command alone hands on the bytes" {
    dokku postgres:export "$service" --compress none >"$BATS_TEST_TMPDIR/wanted" 2>/dev/null
    hold "$service"
    # whoever runs these tests may sit in a login shell: none of ours may be below it
    # and its standard input must not end: script would send a byte for that
    SSH_TTY=/dev/pts/0 setsid --fork bash -c 'mkfifo "$2.in"; script -qec "$1" /dev/null <>"$2.in" >"$2"; touch "$2.done"' _ \
        "dokku postgres:export $service --compress none" "$BATS_TEST_TMPDIR/seen" 3>&-
    until_true dumping "$service"
    # keys that are pressed meanwhile are not echoed into the dump
    printf 'typed\n\004' >"$BATS_TEST_TMPDIR/seen.in"
    let_go "$service"
    until_true test -e "$BATS_TEST_TMPDIR/seen.done"
    # the head tells when each was made
    cmp -i 64 "$BATS_TEST_TMPDIR/wanted" "$BATS_TEST_TMPDIR/seen"
}

@test "export: the end tells size and seconds to whoever came over ssh, unless quiet; cron gets no mail" {
    over_ssh postgres:export "$service" >"$dump" 2>"$dump.err"
    tells_only_its_end
    over_ssh --quiet postgres:export "$service" 2>"$BATS_TEST_TMPDIR/said" >/dev/null
    [ ! -s "$BATS_TEST_TMPDIR/said" ]
    dokku postgres:export "$service" 2>"$BATS_TEST_TMPDIR/said" >/dev/null
    [ ! -s "$BATS_TEST_TMPDIR/said" ]
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

@test "export: by several jobs one archive that stock pg_restore reads, from a stream and by jobs of its own" {
    for one in "$service" "$newer"; do
        fill "$one"
        name=$(cat "$(service_dir "$one")/DATABASE_NAME")
        content "$one" "$name" >"$BATS_TEST_TMPDIR/wanted"
        dokku postgres:export "$one" >"$dump"
        entries "$one" "$dump" >"$BATS_TEST_TMPDIR/entries"
        for compress in zstd none; do
            dokku postgres:export "$one" --jobs 3 --compress "$compress" >"$dump" 2>"$dump.err"
            [ ! -s "$dump.err" ]
            no_folder "$one"
            diff <(entries "$one" "$dump") "$BATS_TEST_TMPDIR/entries"
            inside "$one" createdb streamed
            inside "$one" pg_restore --exit-on-error --no-owner --dbname=streamed <"$dump"
            diff <(content "$one" streamed) "$BATS_TEST_TMPDIR/wanted"
            inside "$one" createdb seeked
            inside "$one" sh -c 'cat >/tmp/dump' <"$dump"
            inside "$one" pg_restore --exit-on-error --no-owner --jobs=2 --dbname=seeked /tmp/dump
            diff <(content "$one" seeked) "$BATS_TEST_TMPDIR/wanted"
            # one table out of the middle: only right offsets find it
            [ "$(inside "$one" pg_restore --data-only --schema=s --table=high --file=- /tmp/dump | grep -c '^[0-9]*.tab')" = 500 ]
            inside "$one" dropdb streamed
            inside "$one" dropdb seeked
        done
    done
}

@test "export: import takes what several jobs dumped" {
    make_service "into-$id"
    query "$service" 'create table jobs as select generate_series(1, 1000) i'
    dokku postgres:export "$service" --jobs 2 >"$dump"
    query "$service" 'drop table jobs'
    dokku postgres:import "into-$id" <"$dump"
    [ "$(query "into-$id" 'select count(*) from jobs')" = 1000 ]
}

@test "export: several jobs where they cannot be are refused" {
    for wrong in '--jobs=0' '--jobs=65' '--jobs=-1' '--jobs=many' '--jobs='; do
        expect_code 2 dokku postgres:export "$service" "$wrong"
    done
    expect_code 2 dokku postgres:export "$service" --jobs 2 --format plain
    expect_code 2 dokku postgres:export "$service" --jobs 2 --format tar
    expect_code 2 dokku postgres:export "$service" --jobs 2 --compress gzip
    expect_code 2 dokku postgres:export "$older" --jobs 2
    says 'needs PostgreSQL 16'
}

@test "export: a pg_dump of several jobs that fails leaves nothing" {
    query "$service" "create table broken (i int); update pg_class set relnamespace = 4242 where relname = 'broken'"
    run bash -c "dokku postgres:export $service --jobs 2 >$dump"
    query "$service" "update pg_class set relnamespace = 'public'::regnamespace where relname = 'broken'"
    query "$service" 'drop table broken'
    [ "$status" -eq 1 ]
    says "service '$service' was not exported: pg_dump: error: schema with OID 4242 does not exist"
    [ ! -s "$dump" ]
    no_folder "$service"
}

@test "export: two at once by several jobs" {
    dokku postgres:export "$service" --jobs 2 >"$dump" &
    one=$!
    dokku postgres:export "$service" --jobs 2 >"$dump.other"
    wait "$one"
    diff <(entries "$service" "$dump") <(entries "$service" "$dump.other")
    [ "$(inside "$service" pg_restore --file=- <"$dump" | grep -c -E '^[0-9]+.[0-9a-f]{32}.x{50}$')" -eq 20000 ]
    no_folder "$service"
}

@test "export: Ctrl-C, a hang-up and kill -9 end the dump in the container, and nothing stays" {
    for jobs in 1 3; do
        for signal in INT TERM HUP KILL; do
            # One session goes on to its end after a kill -9: nobody is there to stop it, and it leaves nothing.
            [ "$jobs-$signal" != 1-KILL ] || continue
            hold "$service"
            with_signals dokku postgres:export "$service" --jobs "$jobs" >"$dump" 2>"$dump.err" &
            dokku=$!
            until_true dumping "$service"
            [ "$jobs" = 1 ] || has_folder "$service"
            kill "-$signal" "$(pid_of_export "$service")"
            fails wait "$dokku"
            until_true not_dumping "$service"
            [ "$signal" = KILL ] || grep -q interrupted "$dump.err"
            until_true no_folder "$service"
            let_go "$service"
        done
    done
}

@test "export: killed by kill -9 a single pg_dump comes to its end and is gone" {
    hold "$service"
    dokku postgres:export "$service" >"$dump" 2>/dev/null &
    dokku=$!
    until_true dumping "$service"
    kill -KILL "$(pid_of_export "$service")"
    fails wait "$dokku"
    let_go "$service"
    until_true not_dumping "$service"
}

@test "export: what a killed container left of several jobs the next export removes, and nobody else's" {
    inside "$service" sh -c 'mkdir "$PGDATA/dokku_postgres_export_999999" "$PGDATA/dokku_postgres_export_1" && echo >"$PGDATA/dokku_postgres_export_1/toc.dat"'
    hold "$service"
    dokku postgres:export "$service" --jobs 2 >"$dump" 2>/dev/null &
    dokku=$!
    until_true dumping "$service"
    [ "$(folders "$service" | wc -l)" = 1 ]
    # the folder of the one that runs stays
    inside "$service" mkdir "$(folders "$service" | sed 's/[0-9]*$/999999/')"
    with_signals dokku postgres:export "$service" >/dev/null 2>&1 &
    other=$!
    one_folder() { [ "$(folders "$service" | wc -l)" = 1 ]; }
    until_true one_folder
    let_go "$service"
    wait "$dokku"
    wait "$other"
    no_folder "$service"
    [ "$(head -c 5 "$dump")" = PGDMP ]
}

@test "export: an output that goes away in the middle of several jobs' archive" {
    query "$service" 'create table many as select i, repeat(md5(i::text), 100) r from generate_series(1, 20000) i'
    run bash -c "dokku postgres:export $service --jobs 2 --compress none >/dev/full"
    [ "$status" -eq 1 ]
    says "service '$service' was not exported: the output cannot be written: No space left on device"
    run bash -c "set -o pipefail; dokku postgres:export $service --jobs 2 --compress none | head -c 100000 >/dev/null"
    [ "$status" -eq 1 ]
    says 'Broken pipe'
    until_true not_dumping "$service"
    until_true no_folder "$service"
    query "$service" 'drop table many'
}

# The container's first process is the server: it takes a process that lost its parent for a backend of its own.
@test "export: what ended a dump in the middle was no crash of the server" {
    for one in "$service" "$older" "$newer"; do
        run docker logs "dokku.postgres.$one"
        says_not 'terminating any other active server processes'
    done
}

@test "export: several jobs give up before the disk is full" {
    small=small-$id
    make_service "$small"
    # a little on disk, much in a dump
    query "$small" "create table big as select i, repeat('x', 100000) r from generate_series(1, 12000) i"
    on_small_disk "$small" 1g
    run bash -c "dokku postgres:export $small --jobs 2 --compress none >$dump"
    code=$status
    until_true no_folder "$small"
    kept=$(query "$small" 'select count(*) from big')
    off_small_disk "$small"
    [ "$code" -eq 1 ]
    says 'not enough room'
    [ ! -s "$dump" ]
    [ "$kept" = 12000 ]
}

@test "export: progress on a terminal; elsewhere lines only when asked for; nothing when quiet" {
    declare -A ends
    for one in drawn lines quiet silent; do
        mkfifo "$BATS_TEST_TMPDIR/$one.pipe"
        exec {ends[$one]}<>"$BATS_TEST_TMPDIR/$one.pipe"
    done
    export="dokku postgres:export $service --compress none"
    DOKKU_QUIET_OUTPUT=1 script -qefc "$export --progress >$BATS_TEST_TMPDIR/quiet.pipe" "$BATS_TEST_TMPDIR/quiet" </dev/null >/dev/null &
    jobs=$!
    $export >"$BATS_TEST_TMPDIR/silent.pipe" 2>"$BATS_TEST_TMPDIR/silent" &
    jobs+=" $!"
    script -qefc "$export >$BATS_TEST_TMPDIR/drawn.pipe" "$BATS_TEST_TMPDIR/drawn" </dev/null >/dev/null &
    jobs+=" $!"
    $export --progress >"$BATS_TEST_TMPDIR/lines.pipe" 2>"$BATS_TEST_TMPDIR/lines" &
    jobs+=" $!"
    is_drawn() { grep -q -a -E $'\r\e\\[K       [0-9.]+ .?B, [0-9.]+ .?B/s' "$BATS_TEST_TMPDIR/drawn"; }
    is_told() { grep -q -x -E '       [0-9.]+ .?B, [0-9.]+ .?B/s' "$BATS_TEST_TMPDIR/lines"; }
    until_true is_drawn
    until_true is_told
    for one in drawn lines quiet silent; do
        (
            # who holds an end that can be written hides the end of the dump
            for end in "${ends[@]}"; do exec {end}>&-; done
            exec cat "$BATS_TEST_TMPDIR/$one.pipe" >"$BATS_TEST_TMPDIR/$one.dump"
        ) &
        until_true test -s "$BATS_TEST_TMPDIR/$one.dump"
    done
    for end in "${ends[@]}"; do exec {end}>&-; done
    for one in $jobs; do wait "$one"; done
    [ ! -s "$BATS_TEST_TMPDIR/silent" ]
    run grep -a -E 'B/s|[0-9] B' "$BATS_TEST_TMPDIR/quiet"
    [ "$status" -eq 1 ]
    run grep -a -c $'\e' "$BATS_TEST_TMPDIR/lines"
    [ "$output" = 0 ]
    wait
    [ "$(inside "$service" pg_restore --file=- <"$BATS_TEST_TMPDIR/drawn.dump" | grep -c -E '^[0-9]+.[0-9a-f]{32}.x{50}$')" -eq 20000 ]
}

# The service's own user may change what the server's catalogue says.
@test "export: Ctrl-C ends it while the server keeps an answer to itself" {
    columns=$(query "$service" "select string_agg(attname, ', ' order by attnum) from pg_attribute where attrelid = 'pg_hba_file_rules'::regclass and attnum > 0")
    query "$service" "set allow_system_table_mods = on; create or replace view pg_catalog.pg_hba_file_rules as select $columns from pg_hba_file_rules() a, pg_sleep(600)"
    with_signals dokku postgres:export "$service" >/dev/null 2>"$BATS_TEST_TMPDIR/said" &
    dokku=$!
    asleep() { [ "$(query "$service" "select count(*) from pg_stat_activity where application_name = 'dokku-postgres' and wait_event = 'PgSleep'" postgres)" = 1 ]; }
    until_true asleep
    kill -INT "$(pid_of_export "$service")"
    ended() { ! kill -0 "$dokku" 2>/dev/null; }
    until_true ended
    ended_badly "$dokku"
    grep -qF 'interrupted' "$BATS_TEST_TMPDIR/said"
    query "$service" "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'" postgres
    query "$service" "set allow_system_table_mods = on; create or replace view pg_catalog.pg_hba_file_rules as select $columns from pg_hba_file_rules() a"
}

# The engine's client ends well where its connection was cut while the program in the container went on.
@test "export: a client that lost the container is no good end" {
    front_client
    for jobs in 1 2; do
        client_does <<'END'
[ "$1 $2" != 'container exec' ] || { "$real" "$@" 2>/dev/null; exit 0; }
END
        run bash -c 'dokku postgres:export "$1" --jobs "$2" | wc -c' _ "$service" "$jobs"
        says 'the connection to the container was lost'
        run bash -c 'dokku postgres:export "$1" --jobs "$2" >/dev/null' _ "$service" "$jobs"
        [ "$status" -eq 1 ]
    done
    run bash -c 'dokku postgres:import "$1" <<<"create table lost (i int);"' _ "$service"
    [ "$status" -eq 1 ]
    says 'the connection to the container was lost'
    client_is_well
    [ "$(query "$service" "select count(*) from pg_class where relname = 'lost'")" = 0 ]
}

@test "export: Ctrl-C ends it while it waits to bring its service up" {
    dokku postgres:pause "$service"
    exec 8>"$host/lib/data/postgres/locks/service-$service"
    flock 8
    with_signals dokku postgres:export "$service" >/dev/null 2>"$BATS_TEST_TMPDIR/said" 8>&- &
    dokku=$!
    waits() { grep -q "waiting for another command on service '$service'" "$BATS_TEST_TMPDIR/said"; }
    until_true waits
    kill -INT "$(pid_of_export "$service")"
    ended_badly "$dokku"
    exec 8>&-
    dokku postgres:start "$service"
}

# dokku postgres:import: archives, which are restored as they arrive

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id dumps=$host/dumps
    mkdir -p "$dumps"
    fill "$service"
    dump "$service" custom -Fc -Z1
    dump "$service" none -Fc -Z0
    dump "$service" tar -Ft
    dump "$service" plain -Fp
    chmod -R a+rX "$dumps"
}
teardown_file() { host_down; }
# What shows whether a database is the one of before. A view: no dump has to say that its rows may go.
setup() {
    query "$service" "do \$\$ declare kind text; begin
        select case relkind when 'v' then 'view' else 'table' end into kind from pg_class where oid = to_regclass('mine');
        if found then execute 'drop ' || kind || ' mine'; end if;
        create view mine as select 42 as i; end \$\$" >/dev/null
}

# dump SERVICE FILE FLAG..: what pg_dump makes of its database, in $dumps.
dump() {
    local name=$1 file=$2
    shift 2
    docker exec -u postgres "dokku.postgres.$name" pg_dump "$@" -d "${name//-/_}" >"$dumps/$file"
}

# A table of several pieces with a row that is larger than one, small tables, large objects, grants, what is built on rows.
fill() {
    docker exec -i -u postgres "dokku.postgres.$1" psql -qX -v ON_ERROR_STOP=1 -d "${1//-/_}" >/dev/null <<'END'
create schema shop;
create table shop.t (i serial primary key, m text, r text);
insert into shop.t (m, r) select md5(i::text), E'\t\\\n;''' || repeat('x', 300) from generate_series(1, 12000) i;
create index on shop.t (m);
create table shop.odd (t text);
insert into shop.odd values ('.'), ('\.'), (''), (null), (E'\\.\n\n'), (repeat('0123456789', 500000)), ('');
create table "Odd; \! name" ("$$" text default 'it''s');
create table shop.p (i int, j int generated always as (i * 2) stored) partition by range (i);
create table shop.p1 partition of shop.p for values from (0) to (10);
insert into shop.p values (3);
create unlogged table shop.u as select 1 i;
create materialized view shop.m as select count(*) n from shop.t;
grant select on shop.t to public;
select lo_from_bytea(4242, 'large');
select lo_create(4243);
select lo_from_bytea(3000000001, decode(repeat(md5('x'), 40000), 'hex'));
comment on large object 4242 is 'a large one';
grant select on large object 4242 to public;
END
}
sum_of() { query "$1" 'select count(*), md5(string_agg(i || m || r, $$,$$ order by i)) from shop.t'; }
left_overs() { query "$1" "select (select count(*) from pg_database where datname like 'dokku_postgres%') + (select count(*) from pg_roles where rolname like 'dokku_postgres%')" postgres; }
is_as_before() {
    [ "$(query "$service" 'select i from mine')" = 42 ]
    [ "$(left_overs "$service")" = 0 ]
}

# refuses TEXT FILE FLAG..: the import fails, says that, and the database is what it was.
refuses() {
    local text=$1 file=$2
    shift 2
    expect_code 1 dokku postgres:import "$service" --replace "$@" <"$file"
    says "$text"
    says 'The database is exactly what it was.'
    is_as_before
}

# altered FROM TO: the dump without compression with the first such bytes replaced by others, as many, in $BATS_TEST_TMPDIR/altered.
altered() {
    python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
old, new = sys.argv[2].encode(), sys.argv[3].encode().ljust(len(sys.argv[2].encode()))
assert data.count(old) > 0 and len(old) == len(new)
open(sys.argv[4], "wb").write(data.replace(old, new, 1))' "$dumps/none" "$1" "$2" "$BATS_TEST_TMPDIR/altered"
}

# begin_import FLAG..: one whose dump comes by descriptor 8, as $dokku.
begin_import() {
    rm -f "$BATS_TEST_TMPDIR/fifo"
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    chmod 0755 "$BATS_TEST_TMPDIR"
    with_signals dokku postgres:import "$service" "$@" <"$BATS_TEST_TMPDIR/fifo" >"$BATS_TEST_TMPDIR/said" 2>&1 &
    dokku=$!
    exec 8>"$BATS_TEST_TMPDIR/fifo"
}
pid_of_import() { pgrep -f "subcommands/import postgres:import $service" | tail -n 1; }

# in_new SQL: asks the database that is being filled.
in_new() { query "$service" "$1" "$(query "$service" "select datname from pg_database where datname like 'dokku_postgres_new_%'" postgres)" 2>/dev/null; }
has_rows() { [ "$(in_new 'select count(*) > 0 from shop.t')" = t ]; }

# Nothing of an import has a name in the server's folder, and no pg_restore is at work.
leaves_nothing() {
    local folder
    folder=$(query "$service" 'show data_directory')
    [ -z "$(docker exec -u postgres "dokku.postgres.$service" find "$folder" -maxdepth 1 -name 'dokku_postgres*')" ]
    until_true not_restoring
}
not_restoring() { ! docker exec "dokku.postgres.$service" sh -c 'cat /proc/[0-9]*/cmdline 2>/dev/null' | tr '\0' '\n' | grep -qx pg_restore; }

# slow_dump FILE TABLE: one of which what TABLE says is never done in a database that is being filled.
slow_dump() {
    local from=slow_$id
    query "$service" "create database $from" postgres
    query "$service" "create function slow(i int) returns int immutable language plpgsql as \$f\$
        begin if current_database() like 'dokku_postgres_new_%' then perform pg_sleep(600); end if; return i; end \$f\$; $2" "$from" >/dev/null
    docker exec -u postgres "dokku.postgres.$service" pg_dump -Fc -d "$from" >"$1"
    query "$service" "drop database $from" postgres
}
sleepers() { query "$service" "select count(*) from pg_stat_activity where datname like 'dokku_postgres_new_%' and wait_event = 'PgSleep'" postgres; }
sleeping() { [ "$(sleepers)" -gt 0 ]; }
three_sleep() { [ "$(sleepers)" = 3 ]; }

@test "import: one session and several give the same database, whatever the archive, on 15, 17 and 18" {
    make_service "old-$id" --image-version 15
    make_service "new-$id" --image-version 18
    before=$(sum_of "$service")
    for name in "old-$id" "$service" "new-$id"; do
        [ "$name" = "$service" ] || fill "$name"
        dump "$name" default -Fc
        dump "$name" bare -Fc -Z0
        dump "$name" tarred -Ft
        dump "$name" inserts -Fc --inserts
        dump "$name" script -Fp
        # a dump into a file tells where each table's rows are; one into a pipe cannot
        docker exec -u postgres "dokku.postgres.$name" sh -c 'pg_dump -Fc -d "$1" -f /tmp/dump && cat /tmp/dump && rm /tmp/dump' _ "${name//-/_}" >"$dumps/file"
        zstd -qc "$dumps/tarred" >"$dumps/tarred.zst"
        gzip -c "$dumps/bare" >"$dumps/bare.gz"
        hows=('default --jobs 1' 'tarred --jobs 2')
        if [ "$name" = "$service" ]; then
            hows+=('tarred --jobs 1' 'default' 'file --jobs 3' 'bare --jobs 64' 'tarred.zst --jobs 2' 'bare.gz' 'inserts --jobs 2')
        fi
        if [ "$name" != "old-$id" ]; then
            dump "$name" lz4 -Fc -Z lz4
            dump "$name" zstd -Fc -Z zstd
            hows+=('lz4' 'zstd --jobs 1')
        fi
        for how in "${hows[@]}"; do
            read -r file flags <<<"$how"
            query "$name" 'drop schema shop cascade' >/dev/null 2>&1
            # shellcheck disable=SC2086
            expect_code 0 dokku postgres:import "$name" $flags <"$dumps/$file"
            [ "$(sum_of "$name")" = "$before" ]
            [ "$(query "$name" 'select n from shop.m')" = 12000 ]
            # in the order of the dump where one session fills it
            order='env LC_ALL=C sort'
            [[ $flags != '--jobs 1' && $file != inserts ]] || order=cat
            dump "$name" again -Fp
            # shellcheck disable=SC2086
            diff <(grep -v restrict "$dumps/script" | $order) <(grep -v restrict "$dumps/again" | $order)
            [ "$(left_overs "$name")" = 0 ]
        done
    done
}

@test "import: one table is filled by as many sessions as were asked for" {
    slow_dump "$BATS_TEST_TMPDIR/slow" "create domain late as int check (slow(value) > 0);
        create table rows as select i::late i, repeat('x', 1000) t from generate_series(1, 20000) i"
    begin_import --jobs 3 --replace
    cat "$BATS_TEST_TMPDIR/slow" >&8 &
    until_true three_sleep
    kill -INT "$(pid_of_import)"
    ended_badly "$dokku"
    exec 8>&-
    is_as_before
    leaves_nothing
}

@test "import: an error in rows says which line of the table, whoever had it" {
    row=$(printf 11999 | md5sum | cut -c 1-32)
    altered $'11999\t'"$row" $'1199x\t'"$row"
    for jobs in 1 3 64; do
        refuses 'invalid input syntax for type integer: "1199x"' "$BATS_TEST_TMPDIR/altered" --jobs "$jobs"
        says 'CONTEXT:  COPY t, line 11999, column i: "1199x"'
    done
}

@test "import: a statement for rows can be nothing but a COPY from us" {
    altered 'COPY shop.t (i, m, r) FROM stdin;' 'SELECT 1;'
    refuses 'is no COPY FROM stdin' "$BATS_TEST_TMPDIR/altered"
    altered 'COPY shop.t (i, m, r) FROM stdin;' 'COPY shop.t TO STDOUT;'
    refuses 'is no COPY FROM stdin' "$BATS_TEST_TMPDIR/altered"
    altered 'COPY shop.t (i, m, r) FROM stdin;' "COPY shop.t FROM PROGRAM 'id';"
    refuses 'permission denied to COPY' "$BATS_TEST_TMPDIR/altered"
    says '--trusted'
    altered 'COPY shop.t (i, m, r) FROM stdin;' 'DROP TABLE shop.t; SELECT 1;'
    refuses 'cannot insert multiple commands' "$BATS_TEST_TMPDIR/altered"
}

@test "import: an archive that is cut off or damaged changes nothing" {
    for file in custom none tar; do
        size=$(stat -c %s "$dumps/$file")
        for cut in 3000 $((size / 3)) $((size - 1100)); do
            head -c "$cut" "$dumps/$file" >"$BATS_TEST_TMPDIR/cut"
            refuses 'cut off' "$BATS_TEST_TMPDIR/cut"
        done
    done
    cp "$dumps/custom" "$BATS_TEST_TMPDIR/flipped"
    printf '\377\377\377' | dd of="$BATS_TEST_TMPDIR/flipped" bs=1 seek=$(($(stat -c %s "$dumps/custom") / 2)) conv=notrunc status=none
    refuses 'damaged' "$BATS_TEST_TMPDIR/flipped"
    # the large objects stand last
    gzip -c "$dumps/tar" | head -c -8 >"$BATS_TEST_TMPDIR/cut"
    refuses 'cut off' "$BATS_TEST_TMPDIR/cut"
}

@test "import: rows are in the database while the dump still comes, and nothing of it lies beside" {
    begin_import --jobs 2
    head -c 12000000 "$dumps/none" >&8
    until_true has_rows
    # what pg_restore will make afterwards, which is no more than the table of contents; the server's own processes have files of rows
    held() { docker exec -u postgres "dokku.postgres.$service" sh -c 'for one in /proc/[0-9]*; do grep -qx postgres "$one/comm" || stat -Lc %s "$one/fd/9"; done 2>/dev/null' | sort -n | tail -n 1; }
    holding() { [ "$(held)" -gt 0 ]; }
    until_true holding
    [ "$(held)" -lt 100000 ]
    leaves_no_name() { [ -z "$(query "$service" "select f from pg_ls_dir('.') f where f like 'dokku_postgres%'" postgres)" ]; }
    leaves_no_name
    tail -c +12000001 "$dumps/none" >&8
    exec 8>&-
    wait "$dokku"
    [ "$(left_overs "$service")" = 0 ]
    leaves_nothing
}

@test "import: killed while rows arrive, nothing begins afterwards, and the next one clears up" {
    for victim in ours client; do
        begin_import --jobs 2
        head -c 12000000 "$dumps/none" >&8
        until_true has_rows
        case $victim in
            ours) kill -9 "$(pid_of_import)" ;;
            client) kill -9 "$(pgrep -f "container exec .*$service sh -c end=" | head -n 1)" && tail -c +12000001 "$dumps/none" >&8 || true ;;
        esac
        exec 8>&-
        ended_badly "$dokku"
        leaves_nothing
        [ "$(query "$service" 'select i from mine')" = 42 ]
        [ "$(query "$service" "select count(*) from pg_database where datname like 'dokku_postgres_new_%'" postgres)" = "$([ "$victim" = ours ] && echo 1 || echo 0)" ]
    done
    dokku postgres:import "$service" --replace <"$dumps/custom"
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: Ctrl-C and a hang-up while rows arrive undo it at once" {
    for signal in INT TERM HUP; do
        begin_import --jobs 2
        head -c 12000000 "$dumps/none" >&8
        until_true has_rows
        kill "-$signal" "$(pid_of_import)"
        ended_badly "$dokku"
        exec 8>&-
        grep -qF 'The database is exactly what it was.' "$BATS_TEST_TMPDIR/said"
        is_as_before
        leaves_nothing
    done
}

@test "import: ended while several sessions build indexes, nothing is left" {
    slow_dump "$BATS_TEST_TMPDIR/slow" 'create table rows as select generate_series(1, 10) i; create index on rows (slow(i))'
    for victim in INT client ours; do
        with_signals dokku postgres:import "$service" --replace --jobs 3 <"$BATS_TEST_TMPDIR/slow" >"$BATS_TEST_TMPDIR/said" 2>&1 &
        dokku=$!
        until_true sleeping
        case $victim in
            INT) kill -INT "$(pid_of_import)" ;;
            client) kill -9 "$(pgrep -f "container exec .*$service sh -c end=" | head -n 1)" ;;
            ours) kill -9 "$(pid_of_import)" ;;
        esac
        ended_badly "$dokku"
        [ "$(query "$service" 'select i from mine')" = 42 ]
        [ "$victim" = ours ] || is_as_before
        [ "$victim" = ours ] || leaves_nothing
    done
    dokku postgres:import "$service" --replace <"$dumps/custom"
    run ! sleeping
    leaves_nothing
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: a server that crashes while rows arrive does not get the new database" {
    begin_import --jobs 2
    head -c 12000000 "$dumps/none" >&8
    until_true has_rows
    docker exec -u postgres "dokku.postgres.$service" bash -c "kill -KILL $(query "$service" "select pid from pg_stat_activity where backend_type = 'background writer'" postgres)"
    tail -c +12000001 "$dumps/none" >&8 || true
    exec 8>&-
    ended_badly "$dokku"
    answers() { [ "$(query "$service" 'select i from mine' 2>/dev/null)" = 42 ]; }
    until_true answers
    dokku postgres:import "$service" --replace <"$dumps/custom"
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: grants to roles that are not here, by several sessions" {
    query "$service" 'create role guest; create table granted (i int); grant select on granted to guest'
    dump "$service" granted -Fc
    query "$service" 'drop table granted; drop role guest'
    expect_code 0 dokku postgres:import "$service" --replace --jobs 3 <"$dumps/granted"
    says "Left out: grants to role 'guest', which is not here"
    expect_code 0 dokku postgres:import "$service" --replace --jobs 3 --no-acl <"$dumps/granted"
    query "$service" 'drop table granted'
}

@test "import: rows that a table forces policies on are there, and what is made of them" {
    from=forced_$id
    query "$service" "create database $from" postgres
    query "$service" 'create table t as select generate_series(1, 3) i; alter table t enable row level security; alter table t force row level security;
        create policy none on t using (false); create materialized view m as select * from t' "$from" >/dev/null
    docker exec -u postgres "dokku.postgres.$service" pg_dump -Fc -d "$from" >"$dumps/forced"
    query "$service" "drop database $from" postgres
    dokku postgres:import "$service" --replace <"$dumps/forced"
    [ "$(query "$service" 'select (select count(*) from t) || $$ $$ || (select count(*) from m)')" = '3 3' ]
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: an archive of before 10.3 names no schema in its statements" {
    python3 - "$dumps/none" "$BATS_TEST_TMPDIR/old" <<'END'
import sys
data = open(sys.argv[1], "rb").read()
# no entry says that all is named in full any more, and the statement for one table's rows does not
data = data.replace(b"SEARCHPATH", b"searchpath").replace(b"COPY shop.t (i, m, r) FROM stdin;", b"COPY t (i, m, r) FROM stdin;     ")
open(sys.argv[2], "wb").write(data)
END
    dokku postgres:import "$service" --replace <"$dumps/custom"
    before=$(sum_of "$service")
    query "$service" 'drop schema shop cascade' 2>/dev/null
    dokku postgres:import "$service" --replace <"$BATS_TEST_TMPDIR/old"
    [ "$(sum_of "$service")" = "$before" ]
}

@test "import: what the server sets for everybody breaks no session of ours" {
    docker exec -i -u postgres -e PGOPTIONS='-c default_transaction_read_only=off -c statement_timeout=0' "dokku.postgres.$service" psql -qXd postgres <<'END'
alter system set statement_timeout = 1;
alter system set lock_timeout = 1;
alter system set idle_in_transaction_session_timeout = 1;
alter system set default_transaction_isolation = 'serializable';
alter system set default_transaction_read_only = on;
alter system set row_security = off;
alter system set search_path = 'nowhere';
select pg_reload_conf();
END
    run dokku postgres:import "$service" --replace <"$dumps/custom"
    docker exec -i -u postgres -e PGOPTIONS='-c default_transaction_read_only=off -c statement_timeout=0' "dokku.postgres.$service" psql -qXd postgres <<<'alter system reset all; select pg_reload_conf()'
    [ "$status" -eq 0 ]
    [ "$(query "$service" 'select n from shop.m')" = 12000 ]
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: a server that lets the import's role in by its socket alone" {
    container=dokku.postgres.$service
    hba() { docker exec -u postgres "$container" sh -c "$1"; docker exec -u postgres "$container" sh -c 'kill -HUP 1'; }
    hba 'cp "$PGDATA/pg_hba.conf" /tmp/hba && { echo "host all postgres all scram-sha-256"; echo "local all all trust"; } >"$PGDATA/pg_hba.conf"'
    loaded() { [ "$(query "$service" 'select count(*) from pg_hba_file_rules' postgres)" = 2 ]; }
    until_true loaded
    before=$(sum_of "$service")
    for file in custom tar; do
        dokku postgres:import "$service" --jobs 3 <"$dumps/$file"
        [ "$(sum_of "$service")" = "$before" ]
        [ "$(query "$service" 'select convert_from(lo_get(4242), $$utf8$$)')" = large ]
    done
    hba 'cat /tmp/hba >"$PGDATA/pg_hba.conf"'
}

@test "import: gives up before the disk is full, and nothing has changed" {
    small=small-$id
    make_service "$small"
    query "$small" 'create view mine as select 42 as i'
    on_small_disk "$small" 320m
    run bash -c "{ echo 'CREATE TABLE big (t text);'; echo 'COPY big FROM stdin;'; head -c 1200000000 /dev/zero | tr '\\0' x | fold -w 1000; echo; echo '\\.'; } | dokku postgres:import $small"
    plain="$status $output"
    # rows that take a hundred times more than their dump
    query "$service" "create table big as select repeat('x', 1000) t from generate_series(1, 900000)"
    run bash -c "docker exec -u postgres dokku.postgres.$service pg_dump -Fc -t big -d ${service//-/_} | dokku postgres:import $small"
    archive="$status $output"
    query "$service" 'drop table big'
    kept=$(query "$small" 'select i from mine')
    extra=$(left_overs "$small")
    off_small_disk "$small"
    for said in "$plain" "$archive"; do
        [[ $said == 1* ]]
        [[ $said == *'not enough room'*'The database is exactly what it was.'* ]]
    done
    [ "$kept" = 42 ]
    [ "$extra" = 0 ]
}

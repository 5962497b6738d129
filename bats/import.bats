# dokku postgres:import

load helper
load wrap

setup_file() {
    host_up
    make_service "db-$id"
    make_service "old-$id" --image-version 15
    export service=db-$id older=old-$id dumps=$host/dumps
    mkdir -p "$dumps"
    fill "$service"
    dokku postgres:export "$service" >"$dumps/custom"
    dokku postgres:export "$service" --format plain >"$dumps/plain"
    dokku postgres:export "$service" --format tar >"$dumps/tar"
    gzip -c "$dumps/plain" >"$dumps/plain.gz"
    zstd -qc "$dumps/plain" >"$dumps/plain.zst"
    gzip -c "$dumps/custom" >"$dumps/custom.gz"
    zstd -qc "$dumps/tar" >"$dumps/tar.zst"
    chmod -R a+rX "$dumps"
}
teardown_file() { host_down; }
# No commit waits for a standby.
wait_for_nobody() {
    query "$service" 'alter system reset synchronous_standby_names' postgres >/dev/null
    query "$service" 'select pg_reload_conf()' postgres >/dev/null
}
teardown() {
    case $BATS_TEST_DESCRIPTION in *'commits the swap'*) wait_for_nobody ;; esac
}
setup() { keep_mine; }
# What shows whether a database is the one of before. A view: no dump has to say that its rows may go.
keep_mine() {
    query "$service" "do \$\$ declare kind text; begin
        select case relkind when 'v' then 'view' else 'table' end into kind from pg_class where oid = to_regclass('mine');
        if found then execute 'drop ' || kind || ' mine'; end if;
        create view mine as select 42 as i; end \$\$" >/dev/null
}

# Tables, a function with what looks like a command in it, a large object, an index, a view, odd characters.
fill() {
    docker exec -i -u postgres "dokku.postgres.$1" psql -qX -v ON_ERROR_STOP=1 -d "${1//-/_}" >/dev/null <<'END'
create schema shop;
create table shop.t (i int primary key, m text, r text);
insert into shop.t select i, md5(i::text), E'\t\\\n;''' || repeat('x', 200) from generate_series(1, 20000) i;
create index on shop.t (m);
create view shop.v as select count(*) n from shop.t;
create function shop.f() returns int language plpgsql as $f$
begin
-- \connect elsewhere
/*
\! id
DROP DATABASE postgres;
*/
return 1;
end $f$;
create function shop.g(a int) returns int language sql begin atomic select case when a > 0 then 1 else 2 end; select 3; end;
select lo_from_bytea(4242, 'large');
select lo_create(4243);
select lo_from_bytea(3000000001, decode(repeat(md5('x'), 20000), 'hex'));
create table shop.wide as select repeat('0123456789', 50000) t;
create table "Odd; \! name" ("$$" text default 'it''s; DROP DATABASE x');
END
}
sum_of() { query "$1" 'select count(*), md5(string_agg(i || m || r, $$,$$ order by i)) from shop.t'; }
databases_of() { query "$1" 'select string_agg(datname, $$ $$ order by datname) from pg_database' postgres; }
left_overs() { query "$1" "select (select count(*) from pg_database where datname like 'dokku_postgres%') + (select count(*) from pg_roles where rolname like 'dokku_postgres%')" postgres; }
has_left_over() { [ "$(left_overs "$1")" != 0 ]; }

# The database is exactly the one of setup, and the only one.
is_as_before() {
    [ "$(query "$service" 'select i from mine')" = 42 ]
    [ "$(left_overs "$service")" = 0 ]
    [ "$(query "$service" 'select count(*) from pg_database' postgres)" = 4 ]
}
oid_of() { query "$1" "select oid from pg_database where datname = '${1//-/_}'" postgres; }

# refuses TEXT FILE: the import fails, says that, and the database is the very same one.
refuses() {
    local before
    before=$(oid_of "$service")
    run dokku postgres:import "$service" --replace <"$2"
    [ "$status" -ne 0 ] || { echo "imported: $2" >&2; return 1; }
    says "$1"
    [ "$(oid_of "$service")" = "$before" ]
    is_as_before
}

@test "import: no terminal, no empty input, nothing unknown" {
    run script -qec "dokku postgres:import $service" /dev/null
    [ "$status" -eq 4 ]
    says 'No data provided on stdin.'
    expect_code 4 dokku postgres:import "$service" </dev/null
    says 'No data provided on stdin.'
    echo '<!DOCTYPE html><p>not found' >"$BATS_TEST_TMPDIR/html"
    refuses 'not a dump that import knows' "$BATS_TEST_TMPDIR/html"
    printf '  \n\n' >"$BATS_TEST_TMPDIR/blank"
    refuses 'the input holds no dump' "$BATS_TEST_TMPDIR/blank"
    head -c 100000 /dev/urandom >"$BATS_TEST_TMPDIR/random"
    printf '\377' | dd of="$BATS_TEST_TMPDIR/random" conv=notrunc status=none
    refuses '' "$BATS_TEST_TMPDIR/random"
    tar -C "$dumps" -cf "$BATS_TEST_TMPDIR/other.tar" custom
    refuses "does not begin with 'toc.dat'" "$BATS_TEST_TMPDIR/other.tar"
    gzip -c "$dumps/plain.gz" >"$BATS_TEST_TMPDIR/twice"
    refuses 'compressed twice' "$BATS_TEST_TMPDIR/twice"
}

@test "import: every format, packed and not, gives the same database" {
    before=$(sum_of "$service")
    for dump in custom tar plain plain.gz plain.zst custom.gz tar.zst; do
        query "$service" 'drop schema shop cascade; create table if not exists mine (i int)' >/dev/null 2>&1
        run dokku postgres:import "$service" <"$dumps/$dump"
        [ "$status" -eq 0 ] || { echo "$dump: $output" >&2; return 1; }
        [ "$(sum_of "$service")" = "$before" ]
        [ "$(query "$service" "select count(*) from pg_class where relname = 'mine'")" = 0 ]
        [ "$(query "$service" 'select n from shop.v')" = 20000 ]
        [ "$(query "$service" 'select convert_from(lo_get(4242), $$utf8$$)')" = large ]
        [ "$(left_overs "$service")" = 0 ]
    done
    dokku postgres:export "$service" --format plain >"$BATS_TEST_TMPDIR/again"
    # several sessions may have filled it: the rows are the same, their order need not be
    diff <(grep -v restrict "$dumps/plain" | sort) <(grep -v restrict "$BATS_TEST_TMPDIR/again" | sort)
}

@test "import: a pipe that delivers in drops" {
    before=$(sum_of "$service")
    python3 -c '
import sys, os
data = open(sys.argv[1], "rb").read()
for i in range(0, 2000): os.write(1, data[i:i+1])
os.write(1, data[2000:])' "$dumps/plain" | dokku postgres:import "$service"
    [ "$(sum_of "$service")" = "$before" ]
}

@test "import: a dump that is cut off changes nothing" {
    for dump in custom tar plain plain.gz plain.zst custom.gz; do
        size=$(stat -c %s "$dumps/$dump")
        cuts=(3 600 $((size / 3)) $((size - 60)) $((size - 1)))
        # packed once more: the packing's own beginning and end, and one place between
        [[ $dump != *.* ]] || cuts=(3 $((size / 3)) $((size - 1)))
        for cut in "${cuts[@]}"; do
            # without its last lines a plain dump is whole as long as no statement is open
            [[ $dump != plain || $cut -lt $((size - 200)) ]] || cut=$(($(grep -abo 'CREATE INDEX' "$dumps/plain" | tail -n 1 | cut -d: -f1) + 10))
            # a tar's last blocks are padding behind its end
            [[ $dump != tar || $cut -lt $((size - 1025)) ]] || cut=$((size - 1025))
            head -c "$cut" "$dumps/$dump" >"$BATS_TEST_TMPDIR/cut"
            refuses '' "$BATS_TEST_TMPDIR/cut"
        done
    done
}

@test "import: an error in a dump changes nothing and is shown" {
    printf 'CREATE TABLE a (i int);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE b (i int);\n' >"$BATS_TEST_TMPDIR/sql"
    refuses 'relation "nowhere" does not exist' "$BATS_TEST_TMPDIR/sql"
    [ "$(grep -c 'The database is exactly what it was.' <<<"$output")" = 1 ]
}

@test "import: everything belongs to the service's user, whoever owned it" {
    name=owned_$id
    query "$service" 'create role stranger' postgres
    query "$service" 'create role reader' postgres
    query "$service" "create database $name" postgres
    query "$service" "create schema s authorization stranger; create type s.e as enum ('a'); create sequence s.q; create view s.v as select 1 i;
        create function s.f() returns int language sql as 'select 1'; create domain s.d as int; create table s.t (i serial primary key, e s.e);
        create table s.p (i int) partition by range (i); create table s.p1 partition of s.p for values from (0) to (9);
        create materialized view s.m as select 1 i; create statistics s.st on i, e from s.t; create collation s.c from \"C\";
        create publication pub for table s.t; alter table s.t owner to stranger; alter function s.f() owner to stranger;
        alter table s.t enable row level security; create policy p on s.t using (true); grant select on s.t to reader;
        grant usage on schema public to reader; select lo_from_bytea(4242, 'large'); comment on schema public is 'ours'" "$name" >/dev/null
    for format in plain tar custom; do
        docker exec -u postgres "dokku.postgres.$service" pg_dump --format "$format" -d "$name" >"$BATS_TEST_TMPDIR/$format"
    done
    query "$service" "drop database $name" postgres
    query "$service" 'drop role stranger' postgres
    for format in plain tar custom; do
        dokku postgres:import "$service" --replace <"$BATS_TEST_TMPDIR/$format"
        # nobody is noted for what the superuser owns
        [ "$(query "$service" "select string_agg(distinct refobjid::regrole::text, ' ') from pg_shdepend where dbid = (select oid from pg_database where datname = current_database()) and deptype in ('o', 'a') and refclassid = 'pg_authid'::regclass")" = reader ]
        [ "$(query "$service" "select nspowner::regrole, obj_description(oid) from pg_namespace where nspname = 'public'")" = 'pg_database_owner|ours' ]
        [ "$(query "$service" "select relacl from pg_class where oid = 's.t'::regclass")" = '{postgres=arwdDxtm/postgres,reader=r/postgres}' ]
        [ "$(query "$service" "select convert_from(lo_get(4242), 'utf8') || count(*) from pg_namespace where nspname ~ 'dokku'")" = large0 ]
        [ "$(left_overs "$service")" = 0 ]
    done
    dokku postgres:import "$service" --replace <"$dumps/custom"
    query "$service" 'drop role reader'
}

@test "import: extensions, those among them that only a superuser may make" {
    name=extended_$id
    query "$service" "create database $name" postgres
    query "$service" 'create schema heroku_ext; create schema "Odd one"; create extension pg_stat_statements schema heroku_ext; create extension "uuid-ossp" schema "Odd one";
        create extension pgcrypto; create extension hstore; create table t (h hstore, u uuid default "Odd one".uuid_generate_v4()); insert into t values ($$a=>1$$)' "$name"
    for format in plain tar custom; do
        docker exec -u postgres "dokku.postgres.$service" pg_dump --format "$format" -d "$name" >"$BATS_TEST_TMPDIR/$format"
    done
    docker exec -u postgres "dokku.postgres.$service" sh -c "pg_dump --format custom --file /tmp/$name -d $name && cat /tmp/$name && rm /tmp/$name" >"$BATS_TEST_TMPDIR/seekable"
    query "$service" "drop database $name" postgres
    for dump in plain tar custom seekable 'seekable --jobs 3'; do
        read -r file flags <<<"$dump"
        # shellcheck disable=SC2086
        dokku postgres:import "$service" --replace $flags <"$BATS_TEST_TMPDIR/$file"
        [ "$(query "$service" "select string_agg(extname || ' ' || extnamespace::regnamespace || ' ' || extowner::regrole, ', ' order by extname) from pg_extension")" = 'hstore public postgres, pg_stat_statements heroku_ext postgres, pgcrypto public postgres, plpgsql pg_catalog postgres, uuid-ossp "Odd one" postgres' ]
        [ "$(query "$service" 'select count(*) from pg_extension e where obj_description(e.oid) is null')" = 0 ]
        [ "$(query "$service" "select h->'a' from t")" = 1 ]
        [ "$(left_overs "$service")" = 0 ]
    done
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: dblink reaches other databases, so that it takes trust" {
    echo 'CREATE TABLE mine (i int); CREATE EXTENSION dblink WITH SCHEMA public;' >"$BATS_TEST_TMPDIR/sql"
    refuses 'permission denied to create extension "dblink"' "$BATS_TEST_TMPDIR/sql"
    says '--trusted'
    dokku postgres:import "$service" --replace --trusted <"$BATS_TEST_TMPDIR/sql"
    [ "$(query "$service" "select count(*) from pg_extension where extname = 'dblink'")" = 1 ]
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: rows that PostGIS lets one add to its own table" {
    # a small one of that name, as untrusted as the real one
    docker exec -i -u root "dokku.postgres.$service" sh -c 'cd "$(dirname "$(find /usr/share/postgresql -name plpgsql.control)")" &&
        printf "default_version = 1\nsuperuser = true\n" >postgis.control && cat >postgis--1.sql' <<'END'
create table spatial_ref_sys (srid int primary key, proj text);
insert into spatial_ref_sys values (1, 'theirs');
select pg_extension_config_dump('spatial_ref_sys', 'where srid > 1');
END
    query "$service" "create extension postgis; insert into spatial_ref_sys values (2, 'mine')"
    docker exec -u postgres "dokku.postgres.$service" pg_dump -Fc -d "${service//-/_}" >"$BATS_TEST_TMPDIR/dump"
    dokku postgres:import "$service" <"$BATS_TEST_TMPDIR/dump"
    [ "$(query "$service" 'select string_agg(proj, $$ $$ order by srid) from spatial_ref_sys')" = 'theirs mine' ]
    [ "$(query "$service" "select relowner::regrole || coalesce(relacl::text, '') from pg_class where relname = 'spatial_ref_sys'")" = 'postgres{postgres=arwdDxtm/postgres}' ]
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: a database with more tables than one transaction may lock" {
    many=many-$id
    make_service "$many" --config-options '-c max_locks_per_transaction=10 -c max_connections=20'
    seq -f 'create table t%.0f (i int primary key, m text);' 1500 | dokku postgres:import "$many"
    [ "$(query "$many" "select count(*) from pg_class where relname ~ '^t[0-9]+' and relowner = 'postgres'::regrole")" = 3000 ]
    # one transaction may not
    run ! query "$many" "do \$\$ begin for i in 1..1500 loop execute 'alter table t' || i || ' owner to pg_monitor'; end loop; end \$\$"
    says 'out of shared memory'
    dokku postgres:destroy "$many" --force >/dev/null
}

@test "import: a plain dump stays in its database" {
    marker=$BATS_TEST_TMPDIR/marker
    for line in "\\! touch /tmp/marker" '\connect postgres' '\i /etc/passwd' "SELECT 1 \\! touch /tmp/marker" \
        'DROP DATABASE postgres;' 'CREATE ROLE evil SUPERUSER;' "ALTER USER postgres PASSWORD 'x';" \
        "ALTER SYSTEM SET max_connections = 1;" "COPY mine FROM PROGRAM 'touch /tmp/marker';" \
        "COPY mine FROM '/etc/passwd';"; do
        { echo 'CREATE TABLE mine (i int);' && printf '%s\n' "$line"; } >"$marker.sql"
        refuses 'line 2 of the dump' "$marker.sql"
    done
    run ! docker exec "dokku.postgres.$service" test -e /tmp/marker
    [ "$(query "$service" "select count(*) from pg_roles where rolname = 'evil'")" = 0 ]
    docker exec -u postgres "dokku.postgres.$service" pg_dumpall --globals-only >"$marker.sql"
    refuses 'cluster' "$marker.sql"
    docker exec -u postgres "dokku.postgres.$service" pg_dump --create -d "${service//-/_}" >"$marker.sql"
    refuses 'is about a database as a whole' "$marker.sql"
}

# Nothing of a dump has got out of its database.
is_confined() {
    run ! docker exec "dokku.postgres.$service" test -e /tmp/marker
    [ "$(query "$service" "select string_agg(rolname, ' ' order by rolname) from pg_roles where rolname !~ '^pg_'")" = postgres ]
    [ "$(query "$service" "select rolpassword = 'x' from pg_authid where rolname = 'postgres'")" = f ]
}

own_settings() { query "$service" "select count(*) from pg_file_settings where sourcefile like '%auto.conf'" postgres; }
# Numbers and variables before a quote, a word behind FROM, a comment that is longer than any statement import looks at: the role and
# psql's \restrict refuse it.
@test "import: what import's own reader takes for something else psql and the server refuse" {
    before=$(own_settings)
    long=$(head -c 70000 /dev/zero | tr '\0' ' ')
    while IFS= read -r script; do
        printf 'CREATE TABLE mine (i int);\n%b\n' "${script//@/$long}" >"$BATS_TEST_TMPDIR/sql"
        refuses 'the dump ' "$BATS_TEST_TMPDIR/sql"
        is_confined
    done <<'END'
SELECT 1 :e'\\' \\! touch /tmp/marker\n';
SELECT 1e'\\' \\! touch /tmp/marker\n';
SELECT 1e-- '\n\\! touch /tmp/marker\n;
SELECT :a$b$ ; CREATE ROLE evil SUPERUSER; SELECT 1 $b$;
COPY mine FROM '/etc/passwd' WHERE i IS DISTINCT FROM stdin;\n\\! touch /tmp/marker\n\\.
COPY mine TO '/tmp/marker' WITH (x) TO stdout;
COPY mine FROM PROGRAM/*@*/'touch /tmp/marker';
CREATE /*@*/ ROLE evil SUPERUSER;
ALTER /*@*/ USER postgres PASSWORD 'x';
ALTER /*@*/ SYSTEM SET max_connections = 1;
DROP /*@*/ DATABASE template1;
END
    [ "$(own_settings)" = "$before" ]
}

# psql runs what it has when its input ends.
@test "import: a statement that the end of a dump leaves open is not run" {
    long=$(head -c 70000 /dev/zero | tr '\0' ' ')
    for statement in 'DROP DATABASE template1' "CREATE ROLE evil /*$long*/ SUPERUSER" "COPY mine FROM PROGRAM 'touch /tmp/marker'"; do
        printf 'CREATE TABLE mine (i int);\n%s' "$statement" >"$BATS_TEST_TMPDIR/sql"
        refuses 'cut off' "$BATS_TEST_TMPDIR/sql"
        is_confined
    done
}

@test "import: a trusted dump that is about more than its database is refused by the same words" {
    for line in 'CREATE DATABASE evil;' "ALTER SYSTEM SET max_connections = 1;" "COPY mine FROM PROGRAM 'touch /tmp/marker';" \
        "\\! touch /tmp/marker" 'DROP USER postgres;'; do
        printf 'CREATE TABLE mine (i int);\n%s\n' "$line" >"$BATS_TEST_TMPDIR/sql"
        run dokku postgres:import "$service" --replace --trusted <"$BATS_TEST_TMPDIR/sql"
        [ "$status" -eq 1 ]
        says 'line 2 of the dump'
        is_confined
        is_as_before
    done
}

@test "import: a dump has no right but to its own database" {
    while read -r statement; do
        run dokku postgres:import "$service" --replace <<<"CREATE TABLE mine (i int); $statement"
        [ "$status" -ne 0 ] && [[ $output == *--trusted* ]] || { echo "$statement: $output" >&2; return 1; }
    done <<'END'
DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch /tmp/marker'''; END $$;
DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO ''/tmp/marker'''; END $$;
SELECT pg_read_file('/etc/passwd');
SELECT lo_import('/etc/passwd');
SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/marker');
SELECT pg_ls_dir('.');
DO $$ BEGIN EXECUTE 'CREATE ROLE evil SUPERUSER'; END $$;
DO $$ BEGIN EXECUTE 'ALTER ROLE postgres PASSWORD ''x'''; END $$;
DO $$ BEGIN EXECUTE 'ALTER ROLE ' || session_user || ' SUPERUSER'; END $$;
DO $$ BEGIN EXECUTE 'GRANT pg_execute_server_program TO ' || session_user; END $$;
DO $$ BEGIN EXECUTE 'ALTER DATABASE postgres ALLOW_CONNECTIONS false'; END $$;
DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET work_mem = 64'; END $$;
SET ROLE postgres;
SET SESSION AUTHORIZATION postgres;
SELECT rolpassword FROM pg_authid;
UPDATE pg_authid SET rolsuper = true;
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e();
CREATE FUNCTION e() RETURNS int LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'abort';
CREATE FUNCTION e() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION e() SET session_preload_libraries = 'x';
CREATE EXTENSION IF NOT EXISTS file_fdw WITH SCHEMA public;
ALTER FUNCTION dokku_postgres_import.extend(text, text) SET search_path = public;
CREATE FUNCTION dokku_postgres_import.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
END
    is_confined
    is_as_before
}

@test "import: neither an extension nor the function that makes one is a way out" {
    while read -r statement; do
        run dokku postgres:import "$service" --replace <<<"$statement CREATE TABLE mine (i int);"
        [ "$status" -ne 0 ] || { echo "$statement: $output" >&2; return 1; }
    done <<'END'
CREATE EXTENSION dblink WITH SCHEMA public;
CREATE EXTENSION citext WITH SCHEMA public; ALTER EXTENSION citext SET SCHEMA pg_catalog;
CREATE EXTENSION file_fdw WITH SCHEMA public; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
SELECT dokku_postgres_import.extend('citext" SCHEMA public; CREATE ROLE evil SUPERUSER; --', 'public');
SELECT dokku_postgres_import.extend('citext', 'public"; CREATE ROLE evil SUPERUSER; --');
CREATE EXTENSION "citext"" CASCADE; CREATE ROLE evil SUPERUSER; --" WITH SCHEMA public;
CREATE EXTENSION citext WITH SCHEMA pg_temp_99;
CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT dokku_postgres_import.extend('citext', 'public');
BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; SELECT dokku_postgres_import.extend('citext', 'public'); COMMIT;
END
    is_confined
    is_as_before
}

@test "import: a role that gives itself a password gets in nowhere with it" {
    cat >"$BATS_TEST_TMPDIR/sql" <<'END'
DO $$ BEGIN
    EXECUTE format('ALTER ROLE %I PASSWORD %L', session_user, 'x');
    RAISE 'expired at %', (SELECT rolvaliduntil FROM pg_roles WHERE rolname = session_user);
END $$;
END
    refuses 'expired at -infinity' "$BATS_TEST_TMPDIR/sql"
    echo "DO \$\$ BEGIN EXECUTE format('ALTER ROLE %I VALID UNTIL %L', session_user, 'infinity'); END \$\$;" >"$BATS_TEST_TMPDIR/sql"
    refuses 'ermission denied' "$BATS_TEST_TMPDIR/sql"
}

@test "import: a server whose socket wants a password, or nobody but its own user" {
    make_service "strict-$id"
    container=dokku.postgres.strict-$id
    # every role but the superuser, for which the tools of other commands have a test of their own
    for method in scram-sha-256 peer; do
        before=$(query "strict-$id" 'select pg_conf_load_time()')
        docker exec -u postgres "$container" sh -c '{ printf "local all postgres trust\nlocal all all %s\n" "$1" && grep ^host "$PGDATA/pg_hba.conf"; } >/tmp/hba && cat /tmp/hba >"$PGDATA/pg_hba.conf"; kill -HUP 1' _ "$method"
        reloaded() { [ "$(query "strict-$id" 'select pg_conf_load_time()')" != "$before" ]; }
        until_true reloaded
        for dump in custom plain; do
            dokku postgres:import "strict-$id" <"$dumps/$dump"
            [ "$(query "strict-$id" 'select n from shop.v')" = 20000 ]
            [ "$(left_overs "strict-$id")" = 0 ]
        done
    done
    dokku postgres:destroy "strict-$id" --force >/dev/null
}

# evil_dump FILE FORMAT: a dump that runs a program while an index is made, in the new database only.
evil_dump() {
    local from=evil_$id
    query "$service" "create database $from" postgres
    query "$service" "create function program() returns int language plpgsql as \$f\$ begin copy (select 1) to program 'touch /tmp/marker'; return 1; end \$f\$;
        create function evil(i int) returns int immutable language plpgsql as \$f\$
        begin if current_database() like 'dokku_postgres_new_%' then perform public.program(); end if; return i; end \$f\$;
        create table mine as select 1 i; create index on mine (evil(i))" "$from"
    docker exec -u postgres "dokku.postgres.$service" pg_dump -F "$2" -d "$from" >"$1"
    query "$service" "drop database $from" postgres
}

@test "import: an archive has no right but to its own database, unless it is trusted" {
    for format in custom tar plain; do
        evil_dump "$BATS_TEST_TMPDIR/evil" "$format"
        refuses 'permission denied to COPY to or from an external program' "$BATS_TEST_TMPDIR/evil"
        says '--trusted'
        is_confined
    done
    dokku postgres:import "$service" --replace --trusted <"$BATS_TEST_TMPDIR/evil"
    docker exec -u postgres "dokku.postgres.$service" rm /tmp/marker
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: what a database calls like the server's own operators nothing of ours uses" {
    query "$service" "create function public.evil(text[], text[]) returns boolean language plpgsql as \$\$ begin create role evil; return true; exception when others then return true; end \$\$;
        create operator public.&& (function = public.evil, leftarg = text[], rightarg = text[])"
    dokku postgres:export "$service" >"$BATS_TEST_TMPDIR/dump"
    dokku postgres:info "$service" >/dev/null
    is_confined
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: a dump of another major" {
    before=$(oid_of "$older")
    for dump in custom tar; do
        run dokku postgres:import "$older" <"$dumps/$dump"
        [ "$status" -eq 1 ]
        says 'which PostgreSQL 15 cannot read'
    done
    [ "$(oid_of "$older")" = "$before" ]
    expect_code 0 dokku postgres:import "$older" <"$dumps/plain"
    says 'Left out: SET transaction_timeout, which PostgreSQL 15 does not know'
    [ "$(sum_of "$older")" = "$(sum_of "$service")" ]
    [ "$(left_overs "$older")" = 0 ]
    dokku postgres:reset "$older" --force >/dev/null
    query "$older" 'create table from_15 (i int); insert into from_15 values (15)'
    query "$older" 'select lo_create(1), lo_from_bytea(2, $$two$$)' >/dev/null
    for format in custom plain tar; do
        dokku postgres:export "$older" --format "$format" >"$BATS_TEST_TMPDIR/dump"
        dokku postgres:import "$service" --replace <"$BATS_TEST_TMPDIR/dump"
        [ "$(query "$service" 'select i from from_15')" = 15 ]
        [ "$(query "$service" "select string_agg(loid || ' ' || convert_from(data, 'utf8'), ', ') from pg_largeobject")" = '2 two' ]
        [ "$(query "$service" 'select count(*) from pg_largeobject_metadata')" = 2 ]
    done
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: settings, grants and comment of the database stay" {
    name=${service//-/_}
    query "$service" "create role reader; alter database $name set work_mem = '7MB';
        alter role reader in database $name set search_path = shop, \"Odd one\";
        revoke connect on database $name from public; grant connect on database $name to reader;
        comment on database $name is 'the shop''s'; alter database $name connection limit 77"
    state() { query "$service" "select (select array_agg(setrole::regrole::text || setconfig::text order by 1) from pg_db_role_setting where setdatabase = d.oid), datacl, shobj_description(oid, 'pg_database'), datconnlimit, encoding, datcollate, datctype, pg_get_userbyid(datdba) from pg_database d where datname = '$name'"; }
    before=$(state)
    dokku postgres:import "$service" <"$dumps/custom"
    [ "$(state)" = "$before" ]
    query "$service" "grant connect on database $name to public; revoke connect on database $name from reader; alter role reader in database $name reset all; drop role reader; alter database $name reset all; alter database $name connection limit -1"
}

@test "import: sessions of the old database end, new ones find the new one" {
    docker exec -u postgres "dokku.postgres.$service" psql -XAt -d "${service//-/_}" -c 'select pg_sleep(600)' >"$BATS_TEST_TMPDIR/out" 2>&1 &
    sleeper=$!
    sleeping() { [ "$(query "$service" "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()")" = 1 ]; }
    until_true sleeping
    dokku postgres:import "$service" <"$dumps/custom"
    ended_badly "$sleeper"
    [ "$(query "$service" 'select n from shop.v')" = 20000 ]
}

# An import, in the background as $dokku, of what is written to descriptor 8; it speaks to the file `said`.
begin_import() {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    chmod 0755 "$BATS_TEST_TMPDIR"
    dokku postgres:import "$service" --replace <"$BATS_TEST_TMPDIR/fifo" >"$BATS_TEST_TMPDIR/said" 2>&1 &
    dokku=$!
    exec 8>"$BATS_TEST_TMPDIR/fifo"
}

# The import's own process, below dokku and sudo.
pid_of_import() { pgrep -f "subcommands/import postgres:import $service( --replace)?\$" | tail -n 1; }

@test "import: killed in the middle of a stream" {
    begin_import
    head -c 2000000 "$dumps/plain" >&8
    until_true has_left_over "$service"
    kill -9 "$(pid_of_import)"
    wait "$dokku" || true
    exec 8>&-
    [ "$(query "$service" 'select i from mine')" = 42 ]
    dokku postgres:import "$service" <"$dumps/custom"
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: what a killed one left goes when the service is started or restarted" {
    for how in start restart; do
        query "$service" 'create database dokku_postgres_old_0123456789abcdef' postgres
        query "$service" 'create role dokku_postgres_import_0123456789abcdef' postgres
        query "$service" 'create database dokku_postgres_new_mine' postgres
        dokku postgres:"$how" "$service"
        [ "$(left_overs "$service")" = 1 ]
        query "$service" 'drop database dokku_postgres_new_mine' postgres
        [ "$(query "$service" 'select i from mine')" = 42 ]
    done
}

# One that is stopped answers no call for a barrier, which the removal of a database waits for.
@test "import: nothing of the old database stays where the server is killed while it goes" {
    query "$service" 'select pg_sleep(600)' postgres >/dev/null 2>&1 &
    asleep() { [ -n "$(query "$service" "select pid from pg_stat_activity where wait_event = 'PgSleep'" postgres)" ]; }
    until_true asleep
    pid=$(query "$service" "select pid from pg_stat_activity where wait_event = 'PgSleep'" postgres)
    docker exec -u postgres "dokku.postgres.$service" bash -c "kill -STOP $pid"
    dokku postgres:import "$service" <"$dumps/custom" >"$BATS_TEST_TMPDIR/said" 2>&1 &
    dokku=$!
    removing() { [ "$(query "$service" "select count(*) from pg_stat_activity where query like 'drop database%' and wait_event = 'ProcSignalBarrier'" postgres)" = 1 ]; }
    until_true removing
    [ "$(left_overs "$service")" = 1 ]
    kill -KILL "$(docker inspect -f '{{.State.Pid}}' "dokku.postgres.$service")"
    wait "$dokku"
    [ "$(left_overs "$service")" = 0 ]
    [ "$(query "$service" 'select n from shop.v')" = 20000 ]
}

# What was committed by sessions that do not wait for the disk may be gone after a crash, and psql at the end of its
# script asks the server nothing more.
@test "import: a server that crashed after the last statement does not get the new database" {
    begin_import
    # more than is looked at before anything is done
    { echo 'CREATE TABLE mine AS SELECT 7 AS i; SELECT count(*) FROM mine;' && printf -- '-- %01000d\n' {1..9}; } >&8
    filled() { [ "$(query "$service" "select count(*) from pg_stat_activity where datname like 'dokku_postgres_new_%' and state = 'idle' and query like 'SELECT count%'" postgres)" = 1 ]; }
    until_true filled
    docker exec -u postgres "dokku.postgres.$service" bash -c "kill -KILL $(query "$service" "select pid from pg_stat_activity where backend_type = 'background writer'" postgres)"
    recovered() { [ "$(query "$service" "select count(*) from pg_stat_activity where datname like 'dokku_postgres_new_%'" postgres 2>/dev/null)" = 0 ]; }
    until_true recovered
    exec 8>&-
    ended_badly "$dokku"
    grep -qF 'the server crashed and came back meanwhile' "$BATS_TEST_TMPDIR/said"
    is_as_before
}

@test "import: what an operator's docker stop takes down in the middle stays down" {
    begin_import
    head -c 2000000 "$dumps/plain" >&8
    until_true has_left_over "$service"
    docker stop "dokku.postgres.$service" >/dev/null
    exec 8>&-
    ended_badly "$dokku"
    [ "$(docker inspect -f '{{.State.Status}}' "dokku.postgres.$service")" = exited ]
    dokku postgres:start "$service"
    is_as_before
}

waits_for_lock() { grep -q "waiting for another command on service '$service'" "$1"; }

@test "import: Ctrl-C ends it while another command is at work on the service or its server" {
    for lock in server service; do
        as_dokku touch "$host/lib/data/postgres/locks/$lock-$service"
        exec 7>"$host/lib/data/postgres/locks/$lock-$service"
        flock 7
        with_signals dokku postgres:import "$service" <"$dumps/custom" >"$BATS_TEST_TMPDIR/said" 2>&1 7>&- &
        dokku=$!
        until_true waits_for_lock "$BATS_TEST_TMPDIR/said"
        kill -INT "$(pid_of_import)"
        ended_badly "$dokku"
        exec 7>&-
        is_as_before
    done
}

@test "import: links, ports, networks and deploys of apps do not wait for it; what takes the server down does" {
    make_app "web-$id"
    make_service "other-$id"
    docker network create "beside-$id" >/dev/null
    begin_import
    head -c 2000000 "$dumps/plain" >&8
    until_true has_left_over "$service"
    {
        dokku postgres:link "other-$id" "web-$id" --no-restart
        dokku postgres:link "$service" "web-$id" --alias SECOND --no-restart
        dokku postgres:promote "$service" "web-$id"
        [ "$(config_value "web-$id" DATABASE_URL)" = "$(dokku postgres:info "$service" --dsn)" ]
        as_dokku "$(program pre-start)" "web-$id"
        dokku apps:rename "web-$id" "site-$id" --skip-deploy
        dokku postgres:linked "$service" "site-$id"
        dokku git:from-image "site-$id" "$app_image"
        dokku ps:restart "site-$id"
        [ "$(app_query "site-$id" DATABASE_URL 'select i from mine')" = 42 ]
        dokku postgres:expose "$service"
        dokku postgres:unexpose "$service"
        dokku postgres:set "$service" post-create-network "beside-$id"
        dokku postgres:set "$service" post-create-network
        dokku postgres:start "$service"
        dokku postgres:unlink "$service" "site-$id" --no-restart
        dokku postgres:unlink "other-$id" "site-$id" --no-restart
        dokku postgres:clone "$service" "copy-$id"
    } >"$BATS_TEST_TMPDIR/others" 2>&1
    [ "$(query "copy-$id" 'select i from mine')" = 42 ]
    run cat "$BATS_TEST_TMPDIR/others"
    says_not 'waiting for another command'
    commands=()
    for words in "restart $service" "stop $service" "pause $service" "set $service memory 300" "upgrade $service --memory 300" \
        "reset $service --force" "destroy $service --force"; do
        # shellcheck disable=SC2086
        with_signals dokku postgres:$words </dev/null >"$BATS_TEST_TMPDIR/${words%% *}" 2>&1 8>&- &
        commands+=("$!")
    done
    for name in restart stop pause set upgrade reset destroy; do until_true waits_for_lock "$BATS_TEST_TMPDIR/$name"; done
    pkill -INT -f "subcommands/[a-z]* postgres:(restart|stop|pause|set|upgrade|reset|destroy) $service"
    for pid in "${commands[@]}"; do ended_badly "$pid"; done
    tail -c +2000001 "$dumps/plain" >&8
    exec 8>&-
    wait "$dokku"
    is_the_new_one
    [ "$(left_overs "$service")" = 0 ]
    for gone in "other-$id" "copy-$id"; do dokku postgres:destroy "$gone" --force; done
    docker network rm "beside-$id" >/dev/null
}

@test "import: a network that its server was found on may be left meanwhile" {
    docker network create "first-$id" >/dev/null
    make_service "moved-$id" --initial-network "first-$id" --post-create-network bridge
    networks() { docker inspect -f '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' "dokku.postgres.moved-$id"; }
    [[ $(networks) == *bridge* ]]
    service=moved-$id begin_import
    head -c 2000000 "$dumps/plain" >&8
    until_true has_left_over "moved-$id"
    docker network disconnect bridge "dokku.postgres.moved-$id"
    [[ $(networks) != *bridge* ]]
    tail -c +2000001 "$dumps/plain" >&8
    exec 8>&-
    wait "$dokku"
    [ "$(query "moved-$id" 'select n from shop.v')" = 20000 ]
    [ "$(left_overs "moved-$id")" = 0 ]
    dokku postgres:destroy "moved-$id" --force
    docker network rm "first-$id" >/dev/null
}

@test "import: a service that is not finished takes nothing, and create makes it anew" {
    make_service "half-$id"
    printf 'state: "creating"\n' >>"$(service_dir "half-$id")/service.yml"  # as an older version marked it
    for words in "import half-$id" "export half-$id" "start half-$id" "restart half-$id" "set half-$id memory 300" "expose half-$id" \
        "upgrade half-$id --memory 300" "reset half-$id --force" "connect half-$id -c select" "enter half-$id true" "wait half-$id" "clone half-$id copy-$id"; do
        # shellcheck disable=SC2086
        run bash -c 'dokku postgres:"$@" <"$0" | cat; exit "${PIPESTATUS[0]}"' "$dumps/custom" $words
        [ "$status" -eq 4 ] || { echo "$words: exit $status, $output" >&2; return 1; }
        says "service half-$id is not finished"
    done
    # linked meanwhile by another plugin of that name, which knows nothing of a state
    echo "web-$id" >"$(service_dir "half-$id")/LINKS"
    unchanged dokku postgres:create "half-$id"
    says 'already exists'
    : >"$(service_dir "half-$id")/LINKS"
    dokku postgres:create "half-$id"
    dokku postgres:import "half-$id" <"$dumps/custom"
    dokku postgres:destroy "half-$id" --force
}

@test "import: Ctrl-C and a hang-up undo it at once" {
    for signal in INT TERM HUP; do
        rm -f "$BATS_TEST_TMPDIR/fifo"
        mkfifo "$BATS_TEST_TMPDIR/fifo"
        with_signals dokku postgres:import "$service" <"$BATS_TEST_TMPDIR/fifo" >/dev/null 2>&1 &
        dokku=$!
        exec 8>"$BATS_TEST_TMPDIR/fifo"
        head -c 2000000 "$dumps/plain" >&8
        until_true has_left_over "$service"
        kill "-$signal" "$(pid_of_import)"
        ended_badly "$dokku"
        exec 8>&-
        is_as_before
    done
}

# An import, as $dokku, whose server is at the commit of the swap and waits there for a standby that never comes.
import_waits_at_the_commit() {
    rm -f "$BATS_TEST_TMPDIR/fifo"
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    with_signals dokku postgres:import "$service" <"$BATS_TEST_TMPDIR/fifo" >"$BATS_TEST_TMPDIR/said" 2>&1 &
    dokku=$!
    exec 8>"$BATS_TEST_TMPDIR/fifo"
    head -c 2000000 "$dumps/plain" >&8
    until_true has_left_over "$service"
    [ "$(query "$service" "select string_agg(setting, ' ') from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')" postgres)" = 'on on on' ]
    # who fills does not wait for its commits
    wait_for_a_standby "$service"
    tail -c +2000001 "$dumps/plain" >&8
    exec 8>&-
    until_true commits_the_swap "$service"
}
is_the_new_one() { [ "$(query "$service" "select to_regclass('mine') is null")" = t ]; }

@test "import: Ctrl-C while the server commits the swap says nothing that is not so" {
    import_waits_at_the_commit
    kill -INT "$(pid_of_import)"
    until_true heard_signal "$(pid_of_import)"
    wait_for_nobody
    wait "$dokku"
    is_the_new_one
    run cat "$BATS_TEST_TMPDIR/said"
    says_not 'exactly what it was'
}

@test "import: a second Ctrl-C while the server commits the swap ends it, and says that this leaves it open" {
    import_waits_at_the_commit
    kill -INT "$(pid_of_import)"
    until_true heard_signal "$(pid_of_import)"
    kill -0 "$dokku"
    kill -INT "$(pid_of_import)"
    ended_badly "$dokku"
    commits_the_swap "$service"
    run cat "$BATS_TEST_TMPDIR/said"
    says 'the server has not answered whether the new database is in its place'
    says_not 'exactly what it was'
    wait_for_nobody
    until_true is_the_new_one
    dokku postgres:start "$service"
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: jobs are a number from 1 to 64" {
    for jobs in 0 65 -1 x ''; do
        unchanged dokku postgres:import "$service" --jobs "$jobs" <"$dumps/custom"
        [ "$status" -eq 2 ]
    done
}

# on_terminal FILE WORD..: runs it with standard error on a terminal and standard input from a file; what the terminal got is in $output.
on_terminal() {
    run python3 -c 'import os, pty, sys
master, slave = pty.openpty()
pid = os.fork()
if pid == 0:
    os.dup2(os.open(sys.argv[1], os.O_RDONLY), 0)
    os.dup2(slave, 2)
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    os.close(master)
    os.execvp(sys.argv[2], sys.argv[2:])
os.close(slave)
while True:
    try:
        seen = os.read(master, 65536)
    except OSError:
        break
    if not seen:
        break
    os.write(1, seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}

@test "import: progress is drawn on a terminal: the share of the file, then the size of the database" {
    { echo 'select pg_sleep(4);' && head -c 4000000 /dev/zero | tr '\0' '\n' && echo 'select pg_sleep(4);'; } >"$BATS_TEST_TMPDIR/sql"
    on_terminal "$BATS_TEST_TMPDIR/sql" dokku postgres:import "$service" --replace
    [ "$status" -eq 0 ]
    [[ $output =~ of\ 4\.0\ MB,\ .*% ]]
    # an empty database is some megabytes large
    [[ $output =~ [6-9]\.[0-9]\ MB ]]
    says $'\r'
    on_terminal "$BATS_TEST_TMPDIR/sql" dokku --quiet postgres:import "$service" --replace --progress
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    run --separate-stderr dokku postgres:import "$service" --replace <"$BATS_TEST_TMPDIR/sql"
    [ -z "$stderr" ]
    [[ $output =~ ^"=====> Dump imported into service $service, 4.0 MB in "[0-9.]+" s"$ ]]
    dokku postgres:import "$service" --replace <"$dumps/custom"
}

@test "import: Ctrl-C before the first byte" {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    chmod 0755 "$BATS_TEST_TMPDIR"
    exec 8<>"$BATS_TEST_TMPDIR/fifo"
    dokku postgres:import "$service" <"$BATS_TEST_TMPDIR/fifo" >"$BATS_TEST_TMPDIR/said" 2>&1 &
    dokku=$!
    # SIGTERM is the 15th bit of what it has a handler for
    reading() { [ "$(readlink "/proc/$(pid_of_import)/fd/0")" = "$BATS_TEST_TMPDIR/fifo" ] && grep -q '^SigCgt:.*[4-7c-f]...$' "/proc/$(pid_of_import)/status"; }
    until_true reading
    kill -TERM "$(pid_of_import)"
    ended_badly "$dokku"
    exec 8>&-
    grep -qF 'interrupted' "$BATS_TEST_TMPDIR/said"
    grep -qF 'The database is exactly what it was.' "$BATS_TEST_TMPDIR/said"
    is_as_before
}

@test "import: two at once wait for each other" {
    dokku postgres:import "$service" <"$dumps/custom" &
    one=$!
    dokku postgres:import "$service" <"$dumps/tar" &
    other=$!
    wait "$one"
    wait "$other"
    [ "$(query "$service" 'select n from shop.v')" = 20000 ]
    [ "$(left_overs "$service")" = 0 ]
}

@test "import: a service that is down is brought up" {
    dokku postgres:pause "$service"
    dokku postgres:import "$service" <"$dumps/custom"
    [ "$(query "$service" 'select n from shop.v')" = 20000 ]
}

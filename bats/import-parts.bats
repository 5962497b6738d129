# dokku postgres:import of a dump that holds less than the database

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id dumps=$host/dumps name=db_$id
    mkdir -p "$dumps"
    psql_in "create table users (id int primary key, name text); insert into users values (1, 'a'), (2, 'b');
        create table orders (id int generated always as identity primary key, user_id int references users);
        insert into orders (user_id) select 1 + i % 2 from generate_series(1, 1500) i;
        create table parted (i int) partition by range (i); create table parted_1 partition of parted for values from (0) to (10); insert into parted values (1);
        create table empty (i int); create extension citext; create view v as select count(*) from orders"
    dump_to whole -Fc
    dump_to whole.tar -Ft
    dump_to whole.sql
    dump_to one -Fc -t users
    dump_to one.sql -t users
    dump_to schema -Fc --schema-only
    dump_to schema.sql --schema-only
    dump_to data -Fc --data-only
    dump_to data.sql --data-only
    dump_to orders -Fc --data-only -t orders
    chmod -R a+rX "$dumps"
}
teardown_file() { host_down; }
setup() { dokku postgres:import "$service" --replace <"$dumps/whole" >/dev/null; }

psql_in() { docker exec -i -u postgres "dokku.postgres.$service" psql -qX -v ON_ERROR_STOP=1 -d "$name" -c "$1" >/dev/null; }
dump_to() { docker exec -u postgres "dokku.postgres.$service" pg_dump -d "$name" "${@:2}" >"$dumps/$1"; }
left_overs() { query "$service" "select (select count(*) from pg_database where datname like 'dokku_postgres%') + (select count(*) from pg_roles where rolname like 'dokku_postgres%') + (select count(*) from pg_namespace where nspname like 'dokku_postgres%')"; }
sum() { query "$service" "select (select count(*) from users), (select count(*) from orders), (select count(*) from parted)"; }
# refuses CODE FILE [FLAG..]: nothing has changed afterwards.
refuses() {
    local before
    before=$(sum)
    expect_code "$1" dokku postgres:import "$service" "${@:3}" <"$dumps/$2"
    says 'The database is exactly what it was.'
    [ "$(sum)" = "$before" ]
    [ "$(left_overs)" = 0 ]
}

@test "import-parts: a whole dump needs no word, whatever its tables hold" {
    for dump in whole whole.tar whole.sql; do
        expect_code 0 dokku postgres:import "$service" <"$dumps/$dump"
        [ "$(sum)" = '2|1500|1' ]
    done
    # one that is empty in the dump and filled now
    for dump in whole whole.tar whole.sql; do
        psql_in 'insert into empty values (1)'
        expect_code 0 dokku postgres:import "$service" <"$dumps/$dump"
    done
    # what has no row is not missed
    psql_in 'create table other (i int)'
    expect_code 0 dokku postgres:import "$service" <"$dumps/whole"
}

@test "import-parts: one table, the schema and the rows alone are refused, with what they lack and the ways on" {
    for dump in one one.sql; do
        refuses 4 "$dump"
        says 'public.orders: 1500 rows'
        says 'public.parted: 1 row'
        says_not 'public.users'
        says_not 'public.empty'
        for way in --replace --merge "postgres:connect $service <"; do says "$way"; done
    done
    for dump in schema schema.sql; do
        refuses 4 "$dump"
        says 'public.users: 2 rows'
    done
    for dump in data data.sql; do
        refuses 4 "$dump"
        says --merge
    done
}

@test "import-parts: of a large table the rows are the server's estimate" {
    psql_in "create table large as select repeat('x', 900) t from generate_series(1, 80000); analyze large"
    refuses 4 one
    says 'public.large: about 80000 rows'
    psql_in 'drop table large'
}

@test "import-parts: large objects count" {
    psql_in 'select lo_create(42); truncate users, orders, parted'
    expect_code 4 dokku postgres:import "$service" <"$dumps/one.sql"
    says 'large objects: 1'
    psql_in 'select lo_unlink(42)'
}

@test "import-parts: --replace lets go of the rest" {
    for dump in one one.sql; do
        expect_code 0 dokku postgres:import "$service" --replace <"$dumps/$dump"
        [ "$(query "$service" "select string_agg(relname, ' ') from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")" = users ]
    done
}

@test "import-parts: --merge adds tables, and the rest stays" {
    for dump in one one.sql; do
        psql_in 'alter table orders drop constraint if exists orders_user_id_fkey; drop table users'
        expect_code 0 dokku postgres:import "$service" --merge <"$dumps/$dump"
        [ "$(sum)" = '2|1500|1' ]
        [ "$(query "$service" "select relowner::regrole, relacl is null from pg_class where oid = 'users'::regclass")" = 'postgres|t' ]
        [ "$(query "$service" "select coalesce(relacl::text, '') !~ 'dokku' from pg_class where oid = 'orders'::regclass")" = t ]
        [ "$(left_overs)" = 0 ]
    done
    printf 'BEGIN;\nCREATE TABLE more (o int REFERENCES users);\nINSERT INTO more VALUES (1);\nCOMMIT;\n' >"$dumps/script"
    expect_code 0 dokku postgres:import "$service" --merge <"$dumps/script"
    says 'Left out: BEGIN and COMMIT'
    [ "$(query "$service" 'select o from more')" = 1 ]
}

@test "import-parts: --merge takes a tar, large objects, rows as INSERT statements and other alphabets" {
    psql_in "drop table orders, parted, empty cascade; create table \"Größe\" (\"ß, ()\" text, \"from\" int); insert into \"Größe\" values (E'\\\\.\n\tü', 1);
        create function f() returns text language sql begin atomic select 'a;b'; end; select lo_from_bytea(42, convert_to(repeat('ab', 50000), 'UTF8'))"
    dump_to own.tar -Ft -b
    dump_to own -Fc -b
    dump_to own-inserts -Fc -b --inserts
    dump_to own.sql -b
    chmod a+r "$dumps"/own*
    for dump in own own.tar own-inserts own.sql; do
        psql_in 'drop table users, "Größe"; drop function f; drop extension citext; select lo_unlink(42)'
        expect_code 0 dokku postgres:import "$service" --merge <"$dumps/$dump"
        [ "$(query "$service" "select *, (select count(*) from users), f(), md5(lo_get(42)) = md5(repeat('ab', 50000)) from \"Größe\"" | tr '\n' '~')" = '\.~'$'\t''ü|1|2|a;b|t~' ]
        [ "$(left_overs)" = 0 ]
    done
    psql_in 'select lo_unlink(42)'
}

@test "import-parts: --merge adds rows to tables that are there" {
    for dump in data data.sql; do
        psql_in 'truncate users, orders, parted'
        expect_code 0 dokku postgres:import "$service" --merge <"$dumps/$dump"
        [ "$(sum)" = '2|1500|1' ]
    done
    psql_in 'truncate orders restart identity'
    expect_code 0 dokku postgres:import "$service" --merge <"$dumps/orders"
    [ "$(query "$service" "insert into orders (user_id) values (1) returning id" | head -n 1)" = 1501 ]
    [ "$(left_overs)" = 0 ]
}

@test "import-parts: --merge is all or nothing" {
    refuses 1 one --merge
    says 'already exists'
    refuses 1 data.sql --merge
    says 'duplicate key'
    printf 'CREATE TABLE fine (i int);\nINSERT INTO fine VALUES (1);\nINSERT INTO nowhere VALUES (1);\n' >"$dumps/script"
    refuses 1 script --merge
    says 'line 3: '
    printf 'CREATE TABLE fine (i int);\nINSERT INTO fine VALUES (1)' >"$dumps/script"
    refuses 1 script --merge
    printf 'CREATE TABLE fine (i int);\nROLLBACK;\nBEGIN;\n' >"$dumps/script"
    refuses 1 script --merge
    [ "$(query "$service" "select to_regclass('fine') is null")" = t ]
    expect_code 2 dokku postgres:import "$service" --merge --replace <"$dumps/one"
}

# Behind a comment longer than any statement import looks at, and in what psql might read otherwise than import.
@test "import-parts: no COMMIT that a dump hides parts a merge" {
    long=$(head -c 70000 /dev/zero | tr '\0' ' ')
    while IFS= read -r statement; do
        printf 'CREATE TABLE fine (i int);\n%s\nINSERT INTO nowhere VALUES (1);\n' "${statement//@/$long}" >"$dumps/script"
        refuses 1 script --merge
        [ "$(query "$service" "select to_regclass('fine') is null")" = t ] || { echo "${statement:0:80}" >&2; return 1; }
    done <<'END'
COMMIT /*@*/;
END /*@*/ WORK;
/*@*/ COMMIT;
:LAST_ERROR_MESSAGE COMMIT;
PREPARE :LAST_ERROR_MESSAGE TRANSACTION 'x';
SELECT ('{1}'::int[])[1:e'\'; COMMIT; SELECT '];
SELECT ('{1}'::int[])[1:a$b$]; COMMIT; SELECT ('{1}'::int[])[1:a$b$];
SELECT 1e'\'; COMMIT; SELECT ';
SELECT 1 AS a$b$; COMMIT; SELECT 1 AS a$b$;
COPY fine FROM '/etc/passwd' WHERE i IS DISTINCT FROM stdin; COMMIT;
DO $$ BEGIN COMMIT; END $$;
END
}

# Archives whose SQL ends the transaction: in a view's definition, a COPY statement, rows as INSERTs and names. What would fail comes after it: an
# index of a name that is taken.
make_attack() {
    docker exec -u postgres "dokku.postgres.$service" createdb attack
    docker exec -i -u postgres "dokku.postgres.$service" psql -qX -d attack >/dev/null <<END
create table fine (i int, ffffffffffffffffffffffffffffff text); insert into fine values (1, '$(printf 'r%.0s' {1..60})');
create procedure p() language plpgsql as 'begin commit; end';
create view z as select 1 as $(printf 'v%.0s' {1..60});
create index orders_pkey on fine (i);
END
    local format
    for format in c t; do
        docker exec -u postgres "dokku.postgres.$service" pg_dump -d attack -F$format >"$dumps/attack.$format"
        docker exec -u postgres "dokku.postgres.$service" pg_dump -d attack -F$format --inserts $([ $format = t ] || echo -Z0) >"$dumps/attack-inserts.$format"
    done
    docker exec -u postgres "dokku.postgres.$service" dropdb attack
}
# patched FILE TEXT SQL: the file with that text of it replaced by as many bytes.
patched() {
    python3 -c 'import sys
name, old, new = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
data = open(name, "rb").read()
assert old in data and len(new) <= len(old), (old, new)
sys.stdout.buffer.write(data.replace(old, new.ljust(len(old))))' "$dumps/$1" "$2" "$3" >"$dumps/script"
}
nothing_of_it() {
    [ "$(query "$service" "select to_regclass('fine') is null and to_regclass('own') is null and not exists (select from pg_largeobject_metadata) and not exists (select from pg_prepared_xacts)")" = t ]
}

@test "import-parts: no statement of an archive parts a merge" {
    make_attack
    local view rows format statement
    view="1 AS $(printf 'v%.0s' {1..60})" rows="'$(printf 'r%.0s' {1..60})'"
    for format in c t; do
        while IFS= read -r statement; do
            patched attack.$format "$view" "1; $statement; SELECT 1 i"
            refuses 1 script --merge
            nothing_of_it || { echo "$format: $statement" >&2; return 1; }
        done <<'statements'
COMMIT
COMMIT; --
END
COMMIT AND CHAIN
PREPARE TRANSACTION 'x'
ROLLBACK; CREATE TABLE own ()
ABORT; SELECT lo_create(4711)
ROLLBACK AND CHAIN; CREATE TABLE own ()
SAVEPOINT a; ROLLBACK; BEGIN
CALL public.p()
DO 'BEGIN COMMIT; END'
statements
        patched attack.$format "$(printf 'COPY public.fine (i, %s) FROM stdin;' "$(printf 'f%.0s' {1..30})")" 'COMMIT; COPY public.fine FROM stdin;'
        refuses 1 script --merge
        nothing_of_it
        patched attack-inserts.$format "$rows" "''); COMMIT; SELECT (''"
        refuses 1 script --merge
        nothing_of_it
        patched attack.$format "$(printf 'v%.0s' {1..60})" $'v\nCOMMIT;\n--'
        refuses 1 script --merge
        nothing_of_it
    done
    # of a dump that is trusted neither
    patched attack.c "$view" '1; COMMIT; SELECT 1 i'
    refuses 1 script --merge --trusted
    says 'transaction'
    nothing_of_it
}

@test "import-parts: nothing of a plain dump gets past the transaction of a merge" {
    while IFS= read -r statement; do
        printf 'CREATE TABLE fine (i int);\n%b\nCREATE TABLE own ();\nINSERT INTO nowhere VALUES (1);\n' "$statement" >"$dumps/script"
        refuses 1 script --merge
        nothing_of_it || { echo "$statement" >&2; return 1; }
    done <<'END'
(SELECT 1); SELECT 1 \\; ROLLBACK;
SAVEPOINT a; ROLLBACK TO a;
COPY fine (i) FROM stdin;\n\\.\nROLLBACK;\nSELECT lo_create(4711);
COPY fine (i) FROM stdin WHERE i = 1 \\; COMMIT;\n\\.
COPY fine FROM stdin (DELIMITER E'\\'); COMMIT; --');\n\\.\n
-- a\rCOMMIT;
/* /* */ */ COMMIT /* */ ;
SET client_encoding = 'SJIS';\nSELECT 'a\0201';\nCOMMIT;
SET client_encoding = 'BIG5';\nSELECT 'a\0201' x;\nCOMMIT;\n--'
SELECT $a$ $a\0201$; COMMIT; --$a$;
SET standard_conforming_strings = off;\nSELECT 'a\\'; COMMIT; --';
SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false);\nSELECT 'a\\'; COMMIT; --';
CREATE FUNCTION f() RETURNS void BEGIN ATOMIC SELECT 1; END; COMMIT;
CREATE PROCEDURE q() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'; CALL q();
PREPARE x AS SELECT 1; EXECUTE x; ROLLBACK AND CHAIN;
END
}

@test "import-parts: what is merged has no right to what was there" {
    while read -r statement; do
        echo "$statement" >"$dumps/script"
        run dokku postgres:import "$service" --merge <"$dumps/script"
        [ "$status" -ne 0 ] && [[ $output == *--trusted* ]] || { echo "$statement: $output" >&2; return 1; }
    done <<'END'
DELETE FROM users;
UPDATE users SET name = 'x';
CREATE TABLE copied AS SELECT * FROM users;
ALTER TABLE users ADD COLUMN x int;
DROP TABLE orders;
DROP VIEW v;
CREATE TRIGGER t BEFORE INSERT ON users EXECUTE FUNCTION suppress_redundant_updates_trigger();
DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''true'''; END $$;
SET ROLE postgres;
END
    [ "$(sum)" = '2|1500|1' ]
    [ "$(left_overs)" = 0 ]
}

# Killed in the middle, nothing of it is there, and the next command takes its role away.
@test "import-parts: a merge that is killed leaves nothing" {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    chmod 755 "$BATS_TEST_TMPDIR"
    dokku postgres:import "$service" --merge <"$BATS_TEST_TMPDIR/fifo" >/dev/null 2>&1 &
    dokku=$!
    exec 8>"$BATS_TEST_TMPDIR/fifo"
    { printf 'CREATE TABLE fine (i int);\nSELECT 1;\n' && printf -- '-- %01000d\n' {1..9}; } >&8
    under_way() { [ "$(query "$service" "select count(*) from pg_stat_activity where state = 'idle in transaction'")" = 1 ]; }
    until_true under_way
    kill -9 "$(pgrep -f "subcommands/import postgres:import $service --merge" | tail -n 1)"
    wait "$dokku" || true
    exec 8>&-
    gone() { [ "$(query "$service" "select count(*) from pg_stat_activity where usename like 'dokku_postgres%'")" = 0 ]; }
    until_true gone
    [ "$(query "$service" "select to_regclass('fine') is null")" = t ]
    [ "$(left_overs)" -gt 0 ]
    dokku postgres:start "$service"
    [ "$(left_overs)" = 0 ]
    [ "$(sum)" = '2|1500|1' ]
}

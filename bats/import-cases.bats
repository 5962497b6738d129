# dokku postgres:import of what people have: the core of many files of pg_dump 8 to 18 and of their hosts

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id dumps=$root/tests/dumps
}
teardown_file() { host_down; }
teardown() { [ "$(left_overs "$service")" = 0 ]; }
# No test minds what another has left.
setup() {
    docker exec -u postgres -e PGOPTIONS='-c client_min_messages=error' "dokku.postgres.$service" psql -qX -d "${service//-/_}" \
        -c 'drop schema public cascade' -c 'create schema public authorization pg_database_owner'
}

is_table() { [ "$(query "$service" "select to_regclass('public.$1') is not null")" = t ]; }
left_overs() { query "$1" "select (select count(*) from pg_database where datname like 'dokku_postgres%') + (select count(*) from pg_roles where rolname like 'dokku_postgres%')" postgres; }

# takes FILE [FLAG..]: it is imported at the first try.
takes() {
    local file=$1
    shift
    expect_code 0 dokku postgres:import "$service" "$@" <"$file"
}
# refuses CODE FILE [FLAG..]: it is not, and nothing has changed.
refuses() {
    local code=$1 file=$2
    shift 2
    query "$service" 'create table if not exists mine (i int)'
    expect_code "$code" dokku postgres:import "$service" "$@" <"$file"
    says 'The database is exactly what it was.'
    is_table mine
    [ "$(left_overs "$service")" = 0 ]
}

@test "import-cases: the schema public, plain and in an archive" {
    for dump in schema-public.sql schema-public.dump; do
        takes "$dumps/$dump"
        says "Left out: CREATE SCHEMA 'public', which is there"
        is_table a
        [ "$(query "$service" "select nspowner::regrole from pg_namespace where nspname = 'public'")" = pg_database_owner ]
    done
}

@test "import-cases: grants to roles that are not here are left out and counted, others are kept" {
    query "$service" 'create role reader' postgres
    { cat "$dumps/grants.sql" && printf '%s\n' 'GRANT INSERT ON TABLE public.a TO reporting;' 'GRANT SELECT ON TABLE public.a TO reader;' \
        'ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT SELECT ON TABLES TO reader;' \
        'ALTER DEFAULT PRIVILEGES FOR ROLE reporting GRANT SELECT ON TABLES TO reader;'; } >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql"
    says "Left out: grants to role 'reporting', which is not here (2)"
    says "Left out: default privileges of role 'reporting', which is not here"
    [ "$(query "$service" "select relacl from pg_class where oid = 'public.a'::regclass")" = '{postgres=arwdDxtm/postgres,reader=r/postgres}' ]
    [ "$(query "$service" 'select defaclrole::regrole, defaclacl from pg_default_acl')" = 'postgres|{reader=r/postgres}' ]
    docker exec -u postgres "dokku.postgres.$service" pg_dump -Fc -d "${service//-/_}" >"$BATS_TEST_TMPDIR/dump"
    docker exec -u postgres "dokku.postgres.$service" pg_dump -Ft -d "${service//-/_}" >"$BATS_TEST_TMPDIR/tar"
    for dump in sql dump tar; do
        takes "$BATS_TEST_TMPDIR/$dump" --no-acl
        says 'Left out: grants, as --no-acl says'
        [ "$(query "$service" "select relacl is null from pg_class where oid = 'public.a'::regclass")" = t ]
    done
    for dump in dump tar; do
        takes "$BATS_TEST_TMPDIR/$dump"
        says_not 'Left out'
        [ "$(query "$service" "select relacl from pg_class where oid = 'public.a'::regclass")" = '{postgres=arwdDxtm/postgres,reader=r/postgres}' ]
        [ "$(query "$service" 'select defaclrole::regrole, defaclacl from pg_default_acl')" = 'postgres|{reader=r/postgres}' ]
    done
    query "$service" 'drop table public.a; drop owned by reader; drop role reader'
    for dump in dump tar; do
        takes "$BATS_TEST_TMPDIR/$dump"
        says "Left out: grants to role 'reader', which is not here"
        is_table a
    done
}

@test "import-cases: extensions, whose schema is not there or not said" {
    takes "$dumps/extension-schema-missing.sql"
    says "Made: schema 'heroku_ext'"
    [ "$(query "$service" "select extnamespace::regnamespace from pg_extension where extname = 'citext'")" = heroku_ext ]
    takes "$dumps/extension-without-schema.sql"
    [ "$(query "$service" "select extnamespace::regnamespace from pg_extension where extname = 'pageinspect'")" = public ]
    takes "$dumps/adminpack.sql"
    says "Left out: extension 'adminpack', which PostgreSQL does not have any more"
    echo 'CREATE EXTENSION earthdistance CASCADE;' >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql"
    [ "$(query "$service" "select count(*) from pg_extension where extname in ('cube', 'earthdistance')")" = 2 ]
}

@test "import-cases: an extension or a schema that the dump leaves out is made first" {
    refuses 1 "$dumps/needs-extension.sql"
    says 'line 6: type "public.citext" does not exist'
    says "import $service --extension citext .."
    takes "$dumps/needs-extension.sql" --extension citext
    [ "$(query "$service" "select extowner::regrole from pg_extension where extname = 'citext'")" = postgres ]
    echo 'CREATE TABLE ext.a (h other.hstore, c public.citext);' >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql" --extension hstore:other --extension citext --schema ext
    [ "$(query "$service" "select string_agg(nspname || ' ' || nspowner::regrole, ', ' order by 1) from pg_namespace where nspname in ('ext', 'other')")" = 'ext postgres, other postgres' ]
    refuses 1 "$BATS_TEST_TMPDIR/sql" --extension hstore:other
    says "import $service --schema ext .."
    refuses 1 "$BATS_TEST_TMPDIR/sql" --extension dblink
    says '--trusted'
    echo 'CREATE EXTENSION postgis WITH SCHEMA public;' >"$BATS_TEST_TMPDIR/sql"
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says "the extension 'postgis', which the service's image does not have"
    says --image
    expect_code 2 dokku postgres:import "$service" --extension :public <"$BATS_TEST_TMPDIR/sql"
}

@test "import-cases: a setting that this major does not know" {
    sed 's/transaction_timeout/setting_of_tomorrow/' "$dumps/transaction-timeout.sql" >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql"
    says 'Left out: SET setting_of_tomorrow, which PostgreSQL 17 does not know'
}

@test "import-cases: policies that hold for owners too do not hide rows from a materialised view" {
    takes "$dumps/forced-rls-matview.sql"
    [ "$(query "$service" "select count from mv")" = 0 ]
}

@test "import-cases: the end of a plain dump" {
    takes "$dumps/no-final-newline.sql"
    is_table a
    grep -v 'dump complete' "$dumps/grants.sql" >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql"
    says "pg_dump's last line is missing"
    { head -n 5 "$dumps/grants.sql" && printf -- '--\n-- Name: a; Type: TABLE; Schema: public\n--\n'; } >"$BATS_TEST_TMPDIR/sql"
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says 'the dump is cut off'
    printf '\n\n-- by hand\ncreate table a (i int)' >"$BATS_TEST_TMPDIR/sql"
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says 'it ends inside a statement'
}

@test "import-cases: what Windows and terminals make of a dump" {
    takes "$dumps/utf16-powershell.sql"
    says 'the dump is in UTF-16'
    is_table a
    printf 'create table a (t text);\ncopy a from stdin;\ncaf\303\251 \360\237\230\200\n\\.\n' | iconv -t UTF-16 >"$BATS_TEST_TMPDIR/utf16"
    takes "$BATS_TEST_TMPDIR/utf16" --replace
    [ "$(query "$service" 'select t from a')" = $'caf\303\251 \360\237\230\200' ]
    { printf '\377\376' && python3 -c 'import sys; sys.stdout.buffer.write(open(sys.argv[1], "rb").read().decode("cp437").encode("utf-16-le"))' "$dumps/one-table.dump"; } >"$BATS_TEST_TMPDIR/ruined"
    query "$service" 'drop table a'
    refuses 1 "$BATS_TEST_TMPDIR/ruined"
    says "PowerShell's '>'"
    sed 's/$/\r/' "$dumps/one-table.dump" >"$BATS_TEST_TMPDIR/terminal"
    refuses 1 "$BATS_TEST_TMPDIR/terminal"
    says 'went through a terminal'
    refuses 1 "$dumps/dump.sql.zip"
    says 'unzip -p'
    sed 's/$/\r/' "$dumps/grants.sql" >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql"
}

@test "import-cases: the language of 8.4 and older" {
    takes "$dumps/plpgsql-language.sql"
    says "Left out: CREATE LANGUAGE 'plpgsql', which is there"
    is_table a
}

@test "import-cases: --clean without --if-exists" {
    takes "$dumps/clean-without-if-exists.sql"
    says 'Left out: what --clean of pg_dump removes (2)'
    docker exec -u postgres "dokku.postgres.$service" pg_dump --clean -d "${service//-/_}" >"$BATS_TEST_TMPDIR/sql"
    takes "$BATS_TEST_TMPDIR/sql"
    is_table a
}

@test "import-cases: roles that it cannot do without are named, with the line that makes them" {
    sed 's/^CREATE POLICY.*/&\nCREATE POLICY q ON public.a FOR SELECT TO "Odd one" USING (true);/' "$dumps/policy-to-missing-role.sql" >"$BATS_TEST_TMPDIR/sql"
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says "roles that are not here: 'authenticated', 'Odd one'"
    line=$(sed -n 's/.*Make them first: dokku //p' <<<"$output")
    eval "dokku $line"
    takes "$BATS_TEST_TMPDIR/sql"
    [ "$(query "$service" "select count(*) from pg_policies where tablename = 'a'")" = 2 ]
    docker exec -u postgres "dokku.postgres.$service" pg_dump -Fc -d "${service//-/_}" >"$BATS_TEST_TMPDIR/dump"
    query "$service" 'drop table a; drop role authenticated; drop role "Odd one"'
    refuses 1 "$BATS_TEST_TMPDIR/dump"
    says "roles that are not here: 'authenticated', 'Odd one'"
    printf 'create table a (i int);\nset role gone;\n' >"$BATS_TEST_TMPDIR/sql"
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says "connect $service -c 'create role gone nologin'"
}

@test "import-cases: what Heroku, Supabase and RDS put into a database goes without a superuser's rights" {
    cat >"$BATS_TEST_TMPDIR/sql" <<'END'
CREATE SCHEMA _heroku;
CREATE SCHEMA heroku_ext;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA heroku_ext;
COMMENT ON EXTENSION pg_stat_statements IS 'x';
CREATE EXTENSION IF NOT EXISTS supabase_vault WITH SCHEMA vault;
CREATE FUNCTION _heroku.create_ext() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ begin end $$;
CREATE TABLE public.users (id integer);
CREATE PUBLICATION supabase_realtime WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.users;
COPY vault.secrets (id, secret) FROM stdin;
1	a'b;$$
\.
COPY public.users (id) FROM stdin;
1
\.
SET SESSION AUTHORIZATION rds_superuser;
GRANT SELECT ON TABLE public.users TO PUBLIC;
RESET SESSION AUTHORIZATION;
CREATE EVENT TRIGGER log_create_ext ON ddl_command_end EXECUTE FUNCTION _heroku.create_ext();
CREATE EVENT TRIGGER pgrst_ddl_watch ON ddl_command_end EXECUTE FUNCTION extensions.pgrst_ddl_watch();
ALTER EVENT TRIGGER log_create_ext OWNER TO u1;
END
    takes "$BATS_TEST_TMPDIR/sql"
    says "Left out: event trigger 'log_create_ext'"
    says "Left out: publication 'supabase_realtime'"
    says "Left out: extension 'supabase_vault'"
    says "Left out: rows of table 'vault.secrets'"
    says "Left out: grants by role 'rds_superuser'"
    [ "$(query "$service" 'select id from users')" = 1 ]
    query "$service" 'create event trigger log_create_ext on ddl_command_end execute function _heroku.create_ext();
        create publication supabase_realtime for table users' >/dev/null
    for format in c t; do
        docker exec -u postgres "dokku.postgres.$service" pg_dump -F "$format" -d "${service//-/_}" >"$BATS_TEST_TMPDIR/dump"
        takes "$BATS_TEST_TMPDIR/dump"
        says "Left out: event trigger 'log_create_ext'"
        says "Left out: publication 'supabase_realtime'"
        [ "$(query "$service" 'select count(*) from pg_event_trigger')" = 0 ]
        query "$service" 'create event trigger log_create_ext on ddl_command_end execute function _heroku.create_ext();
            create publication supabase_realtime for table users' >/dev/null
    done
}

@test "import-cases: errors say where, with the server's own words and no password" {
    cat >"$BATS_TEST_TMPDIR/sql" <<'END'
CREATE TABLE public.a (i integer PRIMARY KEY, t text);
INSERT INTO public.a
    VALUES (1, 'secret');
COPY public.a (i) FROM stdin;
2
1
\.
END
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says 'line 7: duplicate key value violates unique constraint "a_pkey"'
    says 'DETAIL:  Key (i)=(1) already exists.'
    says 'CONTEXT:  COPY a, line 2'
    says 'STATEMENT:  COPY public.a (i) FROM stdin;'
    printf "create table t (i int);\n\ncreate subscription s connection 'host=h password=geheim' publication p;\n" >"$BATS_TEST_TMPDIR/sql"
    refuses 1 "$BATS_TEST_TMPDIR/sql"
    says 'line 3: '
    says_not geheim
}

@test "import-cases: with --allow-errors what fails is told and left out" {
    cat >"$BATS_TEST_TMPDIR/sql" <<'END'
CREATE TABLE a (i integer PRIMARY KEY);
COPY nowhere (i) FROM stdin;
1
DROP TABLE a;
\.
COPY a (i) FROM stdin;
1
2
\.
COPY a (j) FROM stdin;
DROP TABLE a;
\.
COPY a (i) FROM stdin;
x
\.
CREATE POLICY p ON a TO gone;
CREATE EXTENSION postgis;
CREATE TABLE b AS SELECT i FROM a;
END
    expect_code 5 dokku postgres:import "$service" --allow-errors <"$BATS_TEST_TMPDIR/sql"
    says 'line 2: relation "nowhere" does not exist'
    says 'line 10: column "j" of relation "a" does not exist'
    says 'line 15: invalid input syntax'
    says 'role "gone" does not exist'
    says "the extension 'postgis'"
    says '5 statements of the dump failed'
    [ "$(query "$service" 'select count(*) from b')" = 2 ]
    [ "$(left_overs "$service")" = 0 ]
    expect_code 2 dokku postgres:import "$service" --allow-errors --merge <"$BATS_TEST_TMPDIR/sql"
}

@test "import-cases: defaults of role, database and server do not reach our sessions" {
    local name=${service//-/_} setting
    settings=("statement_timeout = '1ms'" "lock_timeout = '1ms'" "idle_in_transaction_session_timeout = '1ms'" "idle_session_timeout = '100ms'"
        "default_transaction_isolation = 'serializable'" 'default_transaction_read_only = on' 'default_transaction_deferrable = on'
        'row_security = off' "search_path = 'nowhere'" "transaction_timeout = '300ms'" 'standard_conforming_strings = off')
    as_superuser() {
        docker exec -u postgres -e PGOPTIONS='-c default_transaction_read_only=off -c statement_timeout=0 -c transaction_timeout=0 -c idle_session_timeout=0' \
            "dokku.postgres.$service" psql -qX -d template1 -c "$1" -c 'select pg_reload_conf()' >/dev/null
    }
    for how in 'alter role postgres' "alter database $name" 'alter system'; do
        for setting in "${settings[@]}"; do as_superuser "$how set $setting"; done
        for dump in forced-rls-matview.sql extension-schema-missing.sql schema-public.dump; do
            takes "$dumps/$dump" --replace
        done
        for setting in "${settings[@]}"; do as_superuser "$how reset ${setting%% *}"; done
    done
}

@test "import-cases: a template stays one, and what holds a database is said before" {
    local name=${service//-/_}
    query "$service" "alter database $name is_template true" postgres
    takes "$dumps/schema-public.sql"
    [ "$(query "$service" "select datistemplate from pg_database where datname = '$name'")" = t ]
    query "$service" "alter database $name is_template false" postgres
    query "$service" "create subscription s connection 'host=localhost dbname=x' publication p with (connect = false, slot_name = 's')"
    query "$service" 'drop table a'
    refuses 4 "$dumps/grants.sql"
    says "subscription 's' holds the database"
    query "$service" 'drop table mine; alter subscription s set (slot_name = none); drop subscription s'
    # what an earlier import left, as only a superuser makes it
    query "$service" 'create database dokku_postgres_old_0123456789abcdef is_template true' postgres
    query "$service" 'create database dokku_postgres_old_0123456789abcdee' postgres
    query "$service" "create subscription s connection 'host=localhost dbname=x' publication p with (connect = false, slot_name = 's')" dokku_postgres_old_0123456789abcdee
    takes "$dumps/grants.sql"
    says "subscription 's' is removed"
}

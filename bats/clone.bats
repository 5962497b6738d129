# dokku postgres:clone

load helper

setup_file() {
    host_up
    make_service "db-$id" --memory 2048 --shm-size 128m --custom-env 'A=1;B=2' --config-options '-c max_connections=55'
    export service=db-$id
    query "$service" 'create table t as select i, md5(i::text) m from generate_series(1, 20000) i; create index on t (m)'
}
teardown_file() { host_down; }
setup() { new=new$BATS_TEST_NUMBER-$id; }
teardown() { dokku postgres:destroy "$new" --force >/dev/null 2>&1 || true; }

sum_of() { query "$1" 'select count(*), md5(string_agg(i || m, $$,$$ order by i)) from t'; }

# Nothing is left of a service that was not to be.
is_gone() {
    [ ! -e "$(service_dir "$1")" ]
    [ -z "$(docker ps -aq --filter "name=^dokku.postgres.$1\$")" ]
    expect_code 1 dokku postgres:exists "$1"
}

@test "clone: a second name is needed, one that is free and can be one" {
    unchanged dokku postgres:clone "$service"
    [ "$status" -eq 2 ]
    says 'Please specify a name for the new service'
    unchanged dokku postgres:clone "$service" "$service"
    [ "$status" -eq 1 ]
    says "Invalid service name $service. Verify the service name is not already in use."
    for name in "${hostile_names[@]}"; do
        unchanged dokku postgres:clone "$service" "$name"
        [ "$status" -eq 2 ]
    done
    unchanged dokku postgres:clone "$service" "db_$id"
    [ "$status" -eq 4 ]
    unchanged dokku postgres:clone "$service" "$new" --root-password x
    [ "$status" -eq 2 ]
}

@test "clone: its help says that defaults are the source's" {
    # as wide as the terminal, so that a line may end anywhere
    output=$(dokku postgres:help clone | tr -s '[:space:]' ' ')
    says "the image to run (default: the source's)"
    says "the version of the image (default: the source's)"
    says_not 'default: postgres'
    says_not 'default: 17'
}

@test "clone: same data, image, settings and limits, another password" {
    expect_code 0 dokku postgres:clone "$service" "$new"
    [ "${lines[-1]}" = '=====> Done' ]
    [ "$(sum_of "$new")" = "$(sum_of "$service")" ]
    for file in IMAGE IMAGE_VERSION SERVICE_MEMORY SHM_SIZE ENV CONFIG_OPTIONS; do
        cmp "$(service_dir "$service")/$file" "$(service_dir "$new")/$file"
    done
    [ "$(query "$new" 'show max_connections')" = 55 ]
    [ "$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ShmSize}}' "dokku.postgres.$new")" = "$((2048 << 20)) $((128 << 20))" ]
    ! cmp -s "$(service_dir "$service")/PASSWORD" "$(service_dir "$new")/PASSWORD"
    [ "$(query "$new" "select count(*) from pg_database where datname like 'dokku_postgres%'" postgres)" = 0 ]
    run dokku postgres:links "$new"
    [ -z "$output" ]
}

@test "clone: flags go before the source's settings, and a later major may be one" {
    make_service "old-$id" --image-version 15
    query "old-$id" 'create table t as select i, md5(i::text) m from generate_series(1, 1000) i'
    expect_code 0 dokku postgres:clone "old-$id" "$new" --image-version 17 --memory 300
    [ "$(sum_of "$new")" = "$(sum_of "old-$id")" ]
    [ "$(query "$new" 'show server_version_num' | cut -c 1-2)" = 17 ]
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.$new")" = $((300 << 20)) ]
}

@test "clone: an earlier major is refused before anything is made" {
    unchanged dokku postgres:clone "$service" "$new" --image-version 15
    [ "$status" -eq 1 ]
    says 'PostgreSQL 15 cannot take the data of PostgreSQL 17'
}

@test "clone: a copy that fails leaves no service behind" {
    query "$service" 'create role guest; alter table t enable row level security; create policy p on t to guest'
    expect_code 1 dokku postgres:clone "$service" "$new"
    says 'the data could not be copied'
    says_not '=====> Done'
    is_gone "$new"
    query "$service" 'drop policy p on t; alter table t disable row level security; drop role guest'
}

@test "clone: an image that is not there leaves no service behind" {
    unchanged dokku postgres:clone "$service" "$new" --image "nowhere-$id/postgres"
    [ "$status" -ne 0 ]
    is_gone "$new"
}

pid_of_clone() { pgrep -f "subcommands/clone postgres:clone $service $new\$" | tail -n 1; }

@test "clone: a source that is down is brought up" {
    dokku postgres:pause "$service"
    expect_code 0 dokku postgres:clone "$service" "$new"
    [ "$(sum_of "$new")" = "$(sum_of "$service")" ]
}

# large: rows of 70 MB, with what is built on them; a role beside the service's own, so that no files are copied.
large() {
    query "$service" "create role other; create table large as select i, md5(i::text) m, md5((-i)::text) n from generate_series(1, 600000) i;
        alter table large add primary key (i); create index on large (m); create index on large (n);
        create table part (i int references large, m text default 'x' check (m <> '')); insert into part select generate_series(1, 1000);
        create function touch() returns trigger language plpgsql as \$f\$ begin return new; end \$f\$;
        create trigger touched before insert on part for each row execute function touch();
        create view seen as select * from part; create materialized view counted as select count(*) from large;
        select lo_from_bytea(4242, 'large')" >/dev/null
}
small() { query "$service" 'drop table if exists part, large cascade; drop function if exists touch; drop role if exists other; select lo_unlink(oid) from pg_largeobject_metadata' >/dev/null; }
plain_of() { dokku postgres:export "$1" --format plain | grep -v restrict; }
sessions_of_ours() { query "$1" "select count(*) from pg_stat_activity where application_name like 'dokku-postgres-%'" postgres; }

@test "clone: large data, whose indexes are built by several sessions, are the same" {
    large
    [ "$(query "$service" 'select pg_database_size(current_database()) > 64 * 1024 * 1024')" = t ]
    run --separate-stderr dokku postgres:clone "$service" "$new"
    [ "$status" -eq 0 ]
    [[ $stderr != *B/s* ]]
    diff <(plain_of "$service") <(plain_of "$new")
    [ "$(query "$new" 'select * from counted')" = 600000 ]
    [ "$(query "$new" "select count(*) from pg_database where datname like 'dokku_postgres%'" postgres)" = 0 ]
    [ "$(sessions_of_ours "$service")" = 0 ]
    small
}

# The new server builds the slow index.
sleeping() { [ "$(query "$new" "select count(*) from pg_stat_activity where wait_event = 'PgSleep'" postgres 2>/dev/null || echo 0)" -gt 0 ]; }

@test "clone: one signal ends both sides, and says what became of the data" {
    query "$service" "create table slow (i int); insert into slow values (1);
        create function slow(i int) returns int immutable language plpgsql as \$f\$
        begin if current_database() like 'dokku_postgres_new_%' then perform pg_sleep(600); end if; return i; end \$f\$;
        create index on slow (slow(i))"
    for size in small large; do
        "$size"
        for signal in INT TERM HUP; do
            with_signals dokku postgres:clone "$service" "$new" >"$BATS_TEST_TMPDIR/said" 2>&1 &
            dokku=$!
            until_true sleeping
            kill "-$signal" "$(pid_of_clone)"
            ended_badly "$dokku"
            grep -qF 'interrupted' "$BATS_TEST_TMPDIR/said"
            grep -qF "There is no service $new, and $service is what it was." "$BATS_TEST_TMPDIR/said"
            is_gone "$new"
            [ "$(sessions_of_ours "$service")" = 0 ]
        done
    done
    small
    query "$service" 'drop table slow; drop function slow'
}

@test "clone: two signals while the new server commits the swap leave no service, and say so" {
    # an index that is done when the test says so
    query "$service" "create table slow (i int); insert into slow values (1);
        create function slow(i int) returns int immutable language plpgsql as \$f\$
        begin
            while current_database() like 'dokku_postgres_new_%' and (pg_stat_file('go', true)).size is null loop perform pg_sleep(0.05); end loop;
            return i;
        end \$f\$;
        create index on slow (slow(i))"
    with_signals dokku postgres:clone "$service" "$new" >"$BATS_TEST_TMPDIR/said" 2>&1 &
    dokku=$!
    until_true sleeping
    wait_for_a_standby "$new"
    docker exec -u postgres "dokku.postgres.$new" touch "$(query "$new" 'show data_directory')/go"
    until_true commits_the_swap "$new"
    kill -INT "$(pid_of_clone)"
    until_true heard_signal "$(pid_of_clone)"
    kill -INT "$(pid_of_clone)"
    ended_badly "$dokku"
    run cat "$BATS_TEST_TMPDIR/said"
    says "There is no service $new, and $service is what it was."
    says_not 'either the new one'
    is_gone "$new"
    query "$service" 'drop table slow; drop function slow'
}

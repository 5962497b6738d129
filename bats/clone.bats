# dokku postgres:clone

load helper

setup_file() {
    host_up
    make_service "db-$id" --memory 512 --shm-size 128m --custom-env 'A=1;B=2' --config-options '-c max_connections=55'
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

@test "clone: bad services and flags" { refuses_bad_services clone "new-$id"; }

@test "clone: a second name is needed, one that is free and can be one" {
    unchanged dokku postgres:clone "$service"
    [ "$status" -eq 2 ]
    says new-service
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

@test "clone: same data, image, settings and limits, another password" {
    expect_code 0 dokku postgres:clone "$service" "$new"
    [ "${lines[-1]}" = '=====> Done' ]
    [ "$(sum_of "$new")" = "$(sum_of "$service")" ]
    for file in IMAGE IMAGE_VERSION SERVICE_MEMORY SHM_SIZE ENV CONFIG_OPTIONS; do
        cmp "$(service_dir "$service")/$file" "$(service_dir "$new")/$file"
    done
    [ "$(query "$new" 'show max_connections')" = 55 ]
    [ "$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ShmSize}}' "dokku.postgres.$new")" = "$((512 << 20)) $((128 << 20))" ]
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
cloning() { [ -n "$(pid_of_clone)" ]; }

@test "clone: killed at any point, the same command finishes" {
    started=$(date +%s%N)
    dokku postgres:clone "$service" "$new" >/dev/null 2>&1
    took=$((($(date +%s%N) - started) / 1000000))
    for point in 4 7 9; do
        dokku postgres:destroy "$new" --force >/dev/null 2>&1
        dokku postgres:clone "$service" "$new" >/dev/null 2>&1 &
        dokku=$!
        until_true cloning
        pid=$(pid_of_clone)
        # the moment is what is tried here, not waited for
        sleep "$(printf '%d.%03d' $((took * point / 10000)) $((took * point / 10 % 1000)))"
        kill -9 "$pid" 2>/dev/null || true
        wait "$dokku" || true
        run dokku postgres:clone "$service" "$new"
        # it may have been done already
        [ "$status" -eq 0 ] || says 'already in use'
        [ "$(sum_of "$new")" = "$(sum_of "$service")" ]
    done
}

@test "clone: a source that is down is brought up" {
    dokku postgres:pause "$service"
    expect_code 0 dokku postgres:clone "$service" "$new"
    [ "$(sum_of "$new")" = "$(sum_of "$service")" ]
}

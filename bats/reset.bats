# dokku postgres:reset

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id
}
teardown_file() { host_down; }
setup() { query "$service" 'create table if not exists mine (i int); create schema if not exists more'; }

tables() { query "$service" "select count(*) from pg_class where relname = 'mine'"; }

@test "reset: asks for the name" {
    before=$(query "$service" "select oid from pg_database where datname = current_database()")
    for answer in '' y "$service " "x$service"; do
        run dokku postgres:reset "$service" <<<"$answer"
        [ "$status" -eq 4 ]
        says "To proceed, type \"$service\""
        [ "$(tables)" = 1 ]
    done
    expect_code 4 dokku postgres:reset "$service" </dev/null
    [ "$(query "$service" "select oid from pg_database where datname = current_database()")" = "$before" ]
    run dokku postgres:reset "$service" <<<"$service"
    [ "$status" -eq 0 ]
    [ "$(tables)" = 0 ]
}

@test "reset: all data gone, everything else kept" {
    app=app-$id
    make_app "$app"
    dokku postgres:link "$service" "$app" --no-restart >/dev/null
    url=$(config_value "$app" DATABASE_URL)
    name=${service//-/_}
    query "$service" "alter database $name set work_mem = '7MB'; comment on database $name is 'ours'"
    container=$(docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.$service")
    expect_code 0 dokku postgres:reset "$service" --force
    [ "$(tables)" = 0 ]
    [ "$(query "$service" "select count(*) from pg_namespace where nspname = 'more'")" = 0 ]
    [ "$(query "$service" 'show work_mem')" = 7MB ]
    [ "$(query "$service" "select shobj_description(oid, 'pg_database') from pg_database where datname = '$name'")" = ours ]
    [ "$(config_value "$app" DATABASE_URL)" = "$url" ]
    [ "$(dokku postgres:links "$service")" = "$app" ]
    [ "$(docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.$service")" = "$container" ]
    [ "$(query "$service" "select count(*) from pg_database where datname like 'dokku_postgres%'" postgres)" = 0 ]
    run psql -XAt "$(sed "s/@[^:]*:/@$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.$service"):/" <<<"$url")" -c 'create table fresh (i int)'
    [ "$status" -eq 0 ]
    dokku postgres:unlink "$service" "$app" --no-restart >/dev/null
}

@test "reset: Dokku's own --force counts" {
    expect_code 0 dokku --force postgres:reset "$service" </dev/null
    [ "$(tables)" = 0 ]
}

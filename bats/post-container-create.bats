# The trigger post-container-create: every container of a linked app is on the network before it starts.

load helper
load wrap
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    make_app "$app"
    dokku postgres:link "$service" "$app"
}
teardown_file() { host_down; }

networks() { docker inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{end}}' "$1"; }
make_container() { docker create --name "$1-$id" "${@:2}" "$app_image" sleep infinity; }
joins() { as_dokku "$(program post-container-create)" app "$@"; }

@test "post-container-create: joins once, and twice does no harm" {
    cid=$(make_container one)
    joins "$cid" "$app" deploy web
    joins "$cid" "$app" deploy web
    [ "$(networks "$cid")" = 'bridge dokku-postgres ' ]
    docker start "$cid" >/dev/null
    [ "$(docker exec "$cid" psql -XAt "$(config_value "$app" DATABASE_URL)" -c 'select 1')" = 1 ]
}

@test "post-container-create: dokku run logs in" {
    deploy_app "ran-$id"
    dokku postgres:link "$service" "ran-$id"
    [ "$(dokku run "ran-$id" bash -c 'psql -XAt "$DATABASE_URL" -c "select 6 * 7"' 2>/dev/null | tail -n 1)" = 42 ]
}

@test "post-container-create: a container of an app without links is left alone" {
    make_app "lone-$id"
    cid=$(make_container lone)
    expect_code 0 joins "$cid" "lone-$id" deploy web
    [ -z "$output" ]
    [ "$(networks "$cid")" = 'bridge ' ]
}

@test "post-container-create: networks that cannot be shared" {
    for network in host none; do
        cid=$(make_container "$network" --network "$network")
        expect_code 0 joins "$cid" "$app" deploy web
        says "is on network '$network'"
    done
}

@test "post-container-create: a container that is not there" {
    run joins "$(printf '%064d' 0)" "$app" deploy web
    [ "$status" -ne 0 ]
    [ -n "$output" ]
}

# dokku postgres:start

load helper

setup_file() {
    host_up
    export service=db-$id
    make_service "$service"
    query "$service" 'create table kept as select 7 as seven'
}

@test "start: a service that runs is left as it is" {
    local before
    before=$(docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.$service")
    expect_code 0 dokku postgres:start "$service"
    says 'Service is already started'
    [ "$(docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.$service")" = "$before" ]
}

@test "start: a paused service comes back in the same container" {
    local before
    before=$(docker inspect -f '{{.Id}}' "dokku.postgres.$service")
    dokku postgres:pause "$service"
    expect_code 0 dokku postgres:start "$service"
    [ "$(docker inspect -f '{{.Id}}' "dokku.postgres.$service")" = "$before" ]
    [ "$(query "$service" 'select seven from kept')" = 7 ]
}

@test "start: a container that dokku cleanup removed is made again, settings and data kept" {
    docker rm -f "dokku.postgres.$service" >/dev/null
    expect_code 0 dokku postgres:start "$service"
    [ "$(query "$service" 'select seven from kept')" = 7 ]
    [ "$(query "$service" 'show ssl')" = on ]
    expect_code 0 dokku postgres:wait "$service"
}

@test "start: a container that the engine froze goes on" {
    docker pause "dokku.postgres.$service" >/dev/null
    expect_code 0 dokku postgres:start "$service"
    [ "$(query "$service" 'select seven from kept')" = 7 ]
}

@test "start: a container that was never started is made again" {
    docker rm -f "dokku.postgres.$service" >/dev/null
    docker create --name "dokku.postgres.$service" --label dokku=service --label dokku.service=postgres "$app_image" >/dev/null
    expect_code 0 dokku postgres:start "$service"
    [ "$(query "$service" 'select seven from kept')" = 7 ]
}

@test "start: somebody else's container of that name is left alone" {
    dokku postgres:stop "$service"
    docker create --name "dokku.postgres.$service" "$app_image" >/dev/null
    unchanged dokku postgres:start "$service"
    [ "$status" -eq 1 ]
    says "is not the one of service '$service'"
    docker rm "dokku.postgres.$service" >/dev/null
    dokku postgres:start "$service"
}

@test "start: an image that is gone and cannot be had is named" {
    dokku postgres:stop "$service"
    echo "none-$id" >"$(service_dir "$service")/IMAGE"
    unchanged env POSTGRES_DISABLE_PULL=true dokku postgres:start "$service"
    [ "$status" -eq 1 ]
    says "none-$id:17"
    rm "$(service_dir "$service")/IMAGE"
    unchanged dokku postgres:start "$service"
    [ "$status" -eq 1 ]
    says 'postgres:upgrade'
    echo postgres >"$(service_dir "$service")/IMAGE"
    expect_code 0 dokku postgres:start "$service"
}

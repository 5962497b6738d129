# dokku postgres:set

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id
    docker network create "one-$id" >/dev/null
    docker network create "two-$id" >/dev/null
}
teardown_file() {
    host_down
    docker network rm "one-$id" "two-$id" >/dev/null 2>&1 || true
}
networks() { docker inspect -f '{{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{end}}' "dokku.postgres.$service"; }
container_id() { docker inspect -f '{{.Id}}' "dokku.postgres.$service"; }

# on_network NAME: how many containers it has.
on_network() { docker network inspect -f '{{len .Containers}}' "$1"; }

@test "set: networks take effect with the next start, and the command says so" {
    local before
    before=$(container_id)
    expect_code 0 dokku postgres:set "$service" post-create-network "one-$id,two-$id"
    says "Setting post-create-network to one-$id,two-$id"
    says "It takes effect when the container is next started: dokku postgres:restart $service"
    [ "$(dokku postgres:info "$service" --post-create-network)" = "one-$id,two-$id" ]
    [ "$(on_network "one-$id")" = 0 ]
    dokku postgres:restart "$service"
    [ "$(on_network "one-$id") $(on_network "two-$id")" = '1 1' ]
    dokku postgres:set "$service" post-create-network "two-$id"
    [ "$(on_network "one-$id")" = 1 ]
    dokku postgres:pause "$service"
    dokku postgres:start "$service"
    [ "$(on_network "one-$id") $(on_network "two-$id")" = '0 1' ]
    [ "$(container_id)" = "$before" ]
    expect_code 0 dokku postgres:set "$service" post-create-network
    says 'Unsetting post-create-network'
    [ "$(on_network "two-$id")" = 1 ]
    dokku postgres:stop "$service"
    dokku postgres:start "$service"
    [ "$(on_network "two-$id")" = 0 ]
    [[ $(networks) == *dokku-postgres* ]]
}

@test "set: a network that somebody joined the container to by hand stays" {
    docker network connect "one-$id" "dokku.postgres.$service"
    dokku postgres:set "$service" post-create-network "two-$id"
    dokku postgres:restart "$service"
    dokku postgres:set "$service" post-create-network
    dokku postgres:restart "$service"
    [ "$(on_network "one-$id") $(on_network "two-$id")" = '1 0' ]
    docker network disconnect "one-$id" "dokku.postgres.$service"
}

@test "set: a network that was removed is named with the setting to clear" {
    local key
    docker network create "brief-$id" >/dev/null
    for key in initial-network post-create-network post-start-network; do
        docker network create "brief-$id" >/dev/null 2>&1 || true
        dokku postgres:set "$service" $key "brief-$id"
        dokku postgres:stop "$service"
        docker network rm "brief-$id" >/dev/null
        expect_code 1 dokku postgres:start "$service"
        says "network 'brief-$id' of service '$service' is gone"
        says "dokku postgres:set $service $key"
        dokku postgres:set "$service" $key
        expect_code 0 dokku postgres:start "$service"
    done
}

@test "set: the official plugin finds the networks in Dokku's properties" {
    dokku postgres:set "$service" post-start-network "one-$id"
    [ "$(cat "$host/lib/config/postgres/$service/post-start-network")" = "one-$id" ]
    [ "$(on_network "one-$id")" = 0 ]
    dokku postgres:stop "$service"
    dokku postgres:start "$service"
    [[ $(networks) == *"one-$id"* ]]
    dokku postgres:set "$service" post-start-network
}

@test "set: the initial network takes effect when the container is made again" {
    run dokku postgres:set "$service" initial-network "two-$id"
    says "It takes effect when the container is next made: dokku postgres:stop $service"
    dokku postgres:stop "$service"
    dokku postgres:start "$service"
    [[ $(networks) == *"two-$id"* ]]
    [[ $(networks) != *bridge* ]]
    [ "$(query "$service" 'select 1')" = 1 ]
    dokku postgres:set "$service" initial-network
}

@test "set: limits, options and environment make the container again" {
    query "$service" 'create table kept as select 7 as seven'
    run dokku postgres:set "$service" memory 512m
    [ "$status" -eq 0 ]
    [[ $output == *"All connections to $service end now"*'Setting memory to 512'* ]]
    [ "$(cat "$(service_dir "$service")/SERVICE_MEMORY")" = 512 ]
    [ "$(dokku postgres:info "$service" --memory)" = 512m ]
    dokku postgres:set "$service" shm-size 96m
    dokku postgres:set "$service" config-options '-c work_mem=9MB'
    dokku postgres:set "$service" custom-env 'COLOUR=blue;SHAPE=round'
    [ "$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ShmSize}}' "dokku.postgres.$service")" = "536870912 100663296" ]
    [ "$(query "$service" 'show work_mem')" = 9MB ]
    [ "$(docker exec "dokku.postgres.$service" bash -c 'echo $COLOUR$SHAPE')" = blueround ]
    dokku postgres:set "$service" memory
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.$service")" = 0 ]
    [ "$(query "$service" 'select seven from kept')" = 7 ]
}

@test "set: an unknown key names the keys, a missing one is told" {
    unchanged dokku postgres:set "$service" colour blue
    [ "$status" -eq 2 ]
    says 'Invalid key specified, valid keys include: initial-network'
    unchanged dokku postgres:set "$service"
    [ "$status" -eq 2 ]
    says 'No key specified'
}

@test "set: shared memory that no server starts with is refused at once" {
    for size in 1 1023k 64mb; do
        unchanged dokku postgres:set "$service" shm-size "$size"
        [ "$status" -eq 2 ]
        says "'$size' is not a size of shared memory"
    done
}

@test "set: a network that is not there" {
    unchanged dokku postgres:set "$service" post-create-network "gone-$id"
    [ "$status" -eq 2 ]
    says "there is no network 'gone-$id'"
}

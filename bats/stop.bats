# dokku postgres:stop

load helper

setup_file() {
    linked_host_up
    dokku postgres:set "$service" config-options '-c max_connections=33'
    query "$service" 'create table kept as select 7 as seven'
}
teardown_file() { host_down; }
teardown() { dokku postgres:start "$service" >/dev/null 2>&1; }

@test "stop: the container goes, data and settings stay" {
    expect_code 0 dokku postgres:stop "$service"
    says '=====> Stopping container'
    says 'Container stopped'
    says_not paused
    [ -z "$(docker ps -aq --filter "name=$service")" ]
    [ -s "$(service_dir "$service")/PASSWORD" ]
    expect_code 0 dokku postgres:start "$service"
    says "Making the container of $service again"
    [ "$(query "$service" 'select seven from kept')" = 7 ]
    [ "$(query "$service" 'show max_connections')" = 33 ]
}

@test "stop: the server ends in peace" {
    run docker logs "dokku.postgres.$service"
    says_not 'not properly shut down'
}

@test "stop: a service that is stopped says so" {
    dokku postgres:stop "$service"
    unchanged dokku postgres:stop "$service"
    [ "$status" -eq 0 ]
    says 'Service is already stopped'
}

@test "stop: says before that connections end, and whose" {
    run dokku postgres:stop "$service"
    says "-----> All connections to $service end now"
    says "Linked apps: $app"
    says 'no database until it is started'
}

@test "stop: the table calls it stopped, --status and JSON have the engine's word" {
    local word
    for word in 'pause exited' 'stop missing'; do
        dokku postgres:"${word% *}" "$service"
        run dokku postgres:info "$service"
        says 'Status:              stopped'
        [ "$(dokku postgres:info "$service" --status)" = "${word#* }" ]
        [ "$(dokku postgres:info "$service" --format json | jq -r .status)" = "${word#* }" ]
    done
    # without its password it does not come back
    mv "$(service_dir "$service")/PASSWORD" "$host/PASSWORD"
    run dokku postgres:info "$service"
    mv "$host/PASSWORD" "$(service_dir "$service")/PASSWORD"
    says 'Status:              missing'
}

@test "stop: what starts it again without being asked to says so" {
    local command
    started="-----> $service was stopped: started it"
    for command in "postgres:connect $service -c select" "postgres:export $service" "postgres:restart $service" "ps:restart $app"; do
        dokku postgres:stop "$service"
        # shellcheck disable=SC2086
        run dokku $command </dev/null
        [ "$status" -eq 0 ]
        says "$started"
        # shellcheck disable=SC2086
        run dokku $command </dev/null
        says_not "$started"
    done
    dokku postgres:stop "$service"
    dokku postgres:export "$service" 2>/dev/null | head -c 5 | grep -qx PGDMP
}

@test "stop: what does not start it says in the same words that it is stopped" {
    local command
    stopped="Postgres service $service is stopped"
    for command in 'pause' 'stop'; do
        dokku postgres:$command "$service"
        for words in "enter $service true" "logs $service" "wait $service" "upgrade $service --memory 600" "set $service memory" "expose $service"; do
            # shellcheck disable=SC2086
            run dokku postgres:$words </dev/null
            says "$stopped"
            says "Start it: dokku postgres:start $service"
        done
        dokku postgres:unexpose "$service"
    done
}

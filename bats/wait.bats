# dokku postgres:wait

load helper

setup_file() {
    host_up
    export service=db-$id
    make_service "$service"
}

@test "wait: a service that answers is no wait" {
    expect_code 0 dokku postgres:wait "$service"
    expect_code 2 dokku postgres:wait "$service" --timeout soon
}

@test "wait: a server on its way up is waited for" {
    docker restart "dokku.postgres.$service" >/dev/null
    expect_code 0 dokku postgres:wait "$service" --timeout 300
}

@test "wait: a server that does not answer in time is exit 6" {
    docker pause "dokku.postgres.$service" >/dev/null
    unchanged dokku postgres:wait "$service" --timeout 1
    docker unpause "dokku.postgres.$service" >/dev/null
    [ "$status" -eq 6 ]
    says "service '$service' does not answer"
}

@test "wait: a password that the server refuses is exit 5, and is not shown" {
    local password
    password=$(cat "$(service_dir "$service")/PASSWORD")
    printf 'not-this\n' >"$(service_dir "$service")/PASSWORD"
    unchanged dokku postgres:wait "$service" --timeout 300
    printf '%s\n' "$password" >"$(service_dir "$service")/PASSWORD"
    [ "$status" -eq 5 ]
    says 'password authentication failed'
    says_not not-this
}

@test "wait: a database that is not there is exit 5, and making it is told" {
    query "$service" "drop database \"${service//-/_}\" with (force)" postgres
    unchanged dokku postgres:wait "$service" --timeout 300
    [ "$status" -eq 5 ]
    says 'does not exist'
    says_not PASSWORD
    says "dokku postgres:enter $service createdb --username=postgres ${service//-/_}"
    dokku postgres:enter "$service" createdb --username=postgres "${service//-/_}"
    expect_code 0 dokku postgres:wait "$service" --timeout 300
}

@test "wait: a service that is stopped is told at once" {
    local way
    for way in pause stop; do
        dokku postgres:$way "$service"
        unchanged dokku postgres:wait "$service" --timeout 300
        [ "$status" -eq 1 ]
        says "Postgres service $service is stopped"
        says "dokku postgres:start $service"
        dokku postgres:start "$service"
    done
}

@test "wait: a server that ended badly is told at once, with its last lines" {
    docker kill "dokku.postgres.$service" >/dev/null
    unchanged dokku postgres:wait "$service" --timeout 300
    [ "$status" -eq 1 ]
    says 'ended'
    says 'ready to accept connections'
}

# dokku postgres:info

load helper
load folder

setup_file() {
    host_up
    export service=db_with-$id
    make_service "$service" --memory 256 --custom-env 'TOKEN=hush;LANGUAGE=en'
    make_app "web-$id"
    dokku postgres:link "$service" "web-$id"
}
teardown_file() { host_down; }

value() { dokku postgres:info "$service" "--$1"; }

@test "info: each value alone" {
    folder=$(service_dir "$service")
    [ "$(value dsn)" = "$(url_of "$service")" ]
    [ "$(value config-dir)" = "$folder/data" ]
    [ "$(value data-dir)" = "$folder/data" ]
    [ "$(value service-root)" = "$folder" ]
    [ "$(value exposed-ports)" = - ]
    [ "$(value id)" = "$(docker inspect -f '{{.Id}}' "dokku.postgres.$service")" ]
    [ "$(value internal-ip)" = "$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.$service")" ]
    [ "$(value links)" = "web-$id" ]
    [ "$(value status)" = running ]
    [ "$(value version)" = "$server_image:17" ]
    [ "$(value memory)" = 256m ]
    [ -z "$(value config-options)" ]
    [ -z "$(value initial-network)" ]
    [ -z "$(value post-create-network)" ]
    [ -z "$(value post-start-network)" ]
}

@test "info: the table and JSON mask the password" {
    password=$(cat "$(service_dir "$service")/PASSWORD")
    run dokku --quiet postgres:info "$service"
    says_not '=====>'
    run --separate-stderr dokku postgres:info "$service"
    [ "${lines[0]}" = "=====> $service postgres service information" ]
    [ -z "$stderr" ]
    says "       Status:              running"
    says "postgres://postgres:********@dokku-postgres-db-with-$id:5432/"
    says_not "$password"
    run dokku postgres:info "$service" --format json
    says_not "$password"
    [ "$(jq -c '."exposed-ports"' <<<"$output")" = '[]' ]
    [ "$(jq -r .status <<<"$output")" = running ]
    [ "$(jq -r '."service-root"' <<<"$output")" = "$(service_dir "$service")" ]
}

@test "info: JSON has numbers, arrays and null, and no value of a variable" {
    run dokku postgres:info "$service" --format json
    says_not hush
    wanted="[268435456,null,null,[],[{\"app\":\"web-$id\",\"variables\":[\"DATABASE_URL\"]}],[\"LANGUAGE\",\"TOKEN\"],[]]"
    [ "$(jq -c '[.memory, ."shm-size", ."config-options", ."post-create-network", .links, (."custom-env" | sort), .mounts]' <<<"$output")" = "$wanted" ]
    [ "$(jq -c '[.size, .connections, .uptime] | map(type)' <<<"$output")" = '["number","number","number"]' ]
    [ "$(jq -r '."server-version"' <<<"$output")" = "$(query "$service" 'show server_version' | cut -d' ' -f1)" ]
    [ "$(jq .size <<<"$output")" -gt 1000000 ]
}

@test "info: one value as JSON" {
    json() { dokku postgres:info "$service" "--$1" --format json; }
    [ "$(json memory)" = 268435456 ]
    [ "$(json links)" = "[{\"app\":\"web-$id\",\"variables\":[\"DATABASE_URL\"]}]" ]
    [ "$(json exposed-ports)" = '[]' ]
    [ "$(json status)" = '"running"' ]
    [ "$(json dsn)" = "\"$(url_of "$service")\"" ]
    [ "$(json connections)" = 0 ]
}

@test "info: the table tells of variables, their values unsaid, and of the server" {
    run dokku postgres:info "$service"
    says "       Links:               web-$id (DATABASE_URL)"
    says 'TOKEN'
    says_not hush
    grep -Eq '^       Server version:      17\.[0-9]+$' <<<"$output"
    grep -Eq '^       Size:                [0-9.]+ MB$' <<<"$output"
    grep -Eq '^       Connections:         0$' <<<"$output"
    grep -Eq '^       Uptime:              [0-9:]+$' <<<"$output"
}

@test "info: a server that does not answer makes its figures null" {
    # from inside nobody can stop the container's first process
    server=$(docker inspect -f '{{.State.Pid}}' "dokku.postgres.$service")
    kill -STOP "$server"
    run dokku postgres:info "$service" --format json
    kill -CONT "$server"
    [ "$status" -eq 0 ]
    [ "$(jq -c '[.size, .connections, .uptime, ."server-version"]' <<<"$output")" = '[null,null,null,null]' ]
    [ "$(jq -r .status <<<"$output")" = running ]
}

@test "info: one value at a time" {
    expect_code 2 dokku postgres:info "$service" --status --id
    expect_code 2 dokku postgres:info "$service" --id --format xml
    expect_code 2 dokku postgres:info "$service" --invalid-flag
}

@test "info: a service without a container" {
    make_folder "lone-$id"
    [ "$(dokku postgres:info "lone-$id" --status)" = missing ]
    [ "$(dokku postgres:info "lone-$id" --links)" = - ]
    [ "$(dokku postgres:info "lone-$id" --size)" = - ]
    [ "$(dokku postgres:info "lone-$id" --format json | jq -c '[.id, ."internal-ip", .size]')" = '[null,null,null]' ]
    expect_code 0 dokku postgres:info "lone-$id"
}

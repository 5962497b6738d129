# dokku postgres:info

load helper
load folder

setup_file() {
    host_up
    export service=db_with-$id
    make_service "$service" --memory 256
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
    run dokku postgres:info "$service"
    says "=====> $service postgres service information"
    says "       Status:              running"
    says "postgres://postgres:********@dokku-postgres-db-with-$id:5432/"
    says_not "$password"
    run dokku postgres:info "$service" --format json
    says_not "$password"
    [ "$(jq -r '."exposed-ports"' <<<"$output")" = - ]
    [ "$(jq -r .status <<<"$output")" = running ]
    [ "$(jq -r '."service-root"' <<<"$output")" = "$(service_dir "$service")" ]
}

@test "info: one value at a time" {
    expect_code 2 dokku postgres:info "$service" --status --id
    expect_code 2 dokku postgres:info "$service" --format json --id
    expect_code 2 dokku postgres:info "$service" --invalid-flag
}

@test "info: a service without a container" {
    make_folder "lone-$id"
    [ "$(dokku postgres:info "lone-$id" --status)" = missing ]
    [ "$(dokku postgres:info "lone-$id" --links)" = - ]
    expect_code 0 dokku postgres:info "lone-$id"
}

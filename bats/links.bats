# dokku postgres:links

load helper
load folder

setup_file() {
    host_up
    export service=db-$id
    make_folder "$service" "none-$id"
    for app in b a; do
        make_app "$app-$id"
        dokku postgres:link "$service" "$app-$id"
    done
}
teardown_file() { host_down; }

@test "links: one app a line, sorted" {
    [ "$(dokku postgres:links "$service")" = "a-$id"$'\n'"b-$id" ]
    [ "$(dokku --quiet postgres:links "$service" --format stdout)" = "a-$id"$'\n'"b-$id" ]
    [ -z "$(dokku postgres:links "none-$id")" ]
}

@test "links: as JSON" {
    [ "$(dokku postgres:links "$service" --format json)" = "[\"a-$id\",\"b-$id\"]" ]
    [ "$(dokku postgres:links "none-$id" --format json)" = '[]' ]
    expect_code 2 dokku postgres:links "$service" --format xml
}

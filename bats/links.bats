# dokku postgres:links

load helper
load folder

setup_file() {
    host_up
    export service=db-$id
    make_folder "$service" "none-$id"
    for app in b a; do make_app "$app-$id"; done
    dokku postgres:link "$service" "b-$id"
    dokku postgres:link "$service" "a-$id" --alias REPORTING
}
teardown_file() { host_down; }

@test "links: one app a line, sorted" {
    [ "$(dokku postgres:links "$service")" = "a-$id"$'\n'"b-$id" ]
    [ "$(dokku --quiet postgres:links "$service" --format stdout)" = "a-$id"$'\n'"b-$id" ]
    [ -z "$(dokku postgres:links "none-$id")" ]
}

@test "links: as JSON with the name of each variable, and never its value" {
    [ "$(dokku postgres:links "$service" --format json)" = "[{\"app\":\"a-$id\",\"variables\":[\"REPORTING_URL\"]},{\"app\":\"b-$id\",\"variables\":[\"DATABASE_URL\"]}]" ]
    [ "$(dokku postgres:links "none-$id" --format json)" = '[]' ]
    expect_code 2 dokku postgres:links "$service" --format xml
}

@test "links: as JSON, of an app of whose variables no record tells" {
    rm "$(service_dir "$service")/links.yml"
    [ "$(dokku postgres:links "$service" --format json | jq -c '[.[].variables]')" = '[null,null]' ]
}

# The trigger post-app-clone-setup: a clone has the links of the old app.

load helper
load wrap
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    deploy_app "$app"
    dokku postgres:link "$service" "$app" --alias REPORTING_DATABASE
}
teardown_file() { host_down; }

@test "post-app-clone-setup: the clone logs in, and the old app too" {
    expect_code 0 dokku apps:clone "$app" "copy-$id"
    [ "$(dokku postgres:links "$service")" = "copy-$id"$'\n'"$app" ]
    for name in "$app" "copy-$id"; do
        [ "$(app_query "$name" REPORTING_DATABASE_URL 'select 1')" = 1 ]
    done
}

@test "post-app-clone-setup: the clone's link is a link of its own" {
    dokku postgres:unlink "$service" "copy-$id"
    [ "$(dokku postgres:links "$service")" = "$app" ]
    [ -z "$(config_value "copy-$id" REPORTING_DATABASE_URL)" ]
    [ -n "$(config_value "$app" REPORTING_DATABASE_URL)" ]
}

@test "post-app-clone-setup: an app without links" {
    make_app "lone-$id"
    unchanged as_dokku "$(program post-app-clone-setup)" "lone-$id" "$app"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

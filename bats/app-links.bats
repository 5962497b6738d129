# dokku postgres:app-links

load helper
load folder

setup_file() {
    host_up
    export app=web-$id
    make_folder "b-$id" "a-$id" "other-$id"
    make_app "$app"
    make_app "lone-$id"
    dokku postgres:link "b-$id" "$app"
    dokku postgres:link "a-$id" "$app"
}
teardown_file() { host_down; }

@test "app-links: bad apps and flags" {
    unchanged dokku postgres:app-links
    [ "$status" -eq 2 ]
    says 'Please specify an app to run the command on'
    unchanged dokku postgres:app-links "gone-$id"
    [ "$status" -eq 20 ]
    says "App gone-$id does not exist"
    for name in '../x' 'a;b' $'two\nlines' '-x-'; do
        unchanged dokku postgres:app-links "$name"
        [ "$status" -eq 2 ]
    done
    unchanged dokku postgres:app-links "$app" --no-such-flag
    [ "$status" -eq 2 ]
}

@test "app-links: one service a line, sorted" {
    [ "$(dokku postgres:app-links "$app")" = "a-$id"$'\n'"b-$id" ]
    [ "$(dokku --app "$app" postgres:app-links)" = "a-$id"$'\n'"b-$id" ]
    expect_code 0 dokku postgres:app-links "lone-$id"
    [ -z "$output" ]
}

@test "app-links: as JSON" {
    wanted="[{\"service\":\"a-$id\",\"variables\":[\"DOKKU_POSTGRES_AQUA_URL\"]},{\"service\":\"b-$id\",\"variables\":[\"DATABASE_URL\"]}]"
    [ "$(dokku postgres:app-links "$app" --format json)" = "$wanted" ]
    [ "$(dokku postgres:app-links "lone-$id" --format json)" = '[]' ]
}

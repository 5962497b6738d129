# dokku postgres:linked

load helper
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_folder "$service" "other-$id"
    make_app "$app"
    dokku postgres:link "$service" "$app"
}
teardown_file() { host_down; }

@test "linked: 0 for an app that is" {
    unchanged dokku postgres:linked "$service" "$app"
    [ "$status" -eq 0 ]
    unchanged dokku --app "$app" postgres:linked "$service"
    [ "$status" -eq 0 ]
    expect_code 0 dokku postgres:linked "$service" --app "$app"
}

@test "linked: 1 for one that is not, or is not there" {
    unchanged dokku postgres:linked "other-$id" "$app"
    [ "$status" -eq 1 ]
    says "Service other-$id is not linked to $app"
    unchanged dokku postgres:linked "$service" "gone-$id"
    [ "$status" -eq 1 ]
    says "App gone-$id does not exist"
    unchanged dokku postgres:linked "gone-$id" "$app"
    [ "$status" -eq 1 ]
    says "Postgres service gone-$id does not exist"
}

@test "linked: 2 for what cannot be a name, a missing one, and an unknown flag" {
    unchanged dokku postgres:linked
    [ "$status" -eq 2 ]
    says 'Please specify a valid name for the service'
    unchanged dokku postgres:linked "$service"
    [ "$status" -eq 2 ]
    says 'Please specify an app to run the command on'
    for name in '../x' 'a;b' $'two\nlines' '-x-'; do
        unchanged dokku postgres:linked "$name" "$app"
        [ "$status" -eq 2 ]
        unchanged dokku postgres:linked "$service" "$name"
        [ "$status" -eq 2 ]
    done
    unchanged dokku postgres:linked "$service" "$app" --no-such-flag
    [ "$status" -eq 2 ]
}

@test "linked: a name is no pattern" {
    make_app "webx$id"
    unchanged dokku postgres:linked "$service" "web.$id"
    [ "$status" -eq 1 ]
    unchanged dokku postgres:linked "$service" "webx$id"
    [ "$status" -eq 1 ]
}

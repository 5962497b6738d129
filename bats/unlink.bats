# dokku postgres:unlink

load helper
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    deploy_app "$app"
    make_folder "dry-$id"
    make_app "app-$id"
}
teardown_file() { host_down; }

@test "unlink: bad apps" {
    unchanged dokku postgres:unlink "dry-$id"
    [ "$status" -eq 2 ]
    says 'Please specify an app to run the command on'
    unchanged dokku postgres:unlink "dry-$id" "gone-$id"
    [ "$status" -eq 20 ]
    says "App gone-$id does not exist"
    unchanged dokku postgres:unlink "dry-$id" '../x'
    [ "$status" -eq 2 ]
}

@test "unlink: an app that is not linked" {
    unchanged dokku postgres:unlink "dry-$id" "app-$id"
    [ "$status" -eq 1 ]
    says "Not linked to app app-$id"
}

@test "unlink: the variable goes from the app's next container" {
    dokku postgres:link "$service" "$app"
    [ "$(app_variable "$app" DATABASE_URL)" = "$(url_of "$service")" ]
    before=$(app_container "$app")
    expect_code 0 dokku postgres:unlink "$service" "$app"
    [ "$(app_container "$app")" != "$before" ]
    [ -z "$(app_variable "$app" DATABASE_URL)" ]
    [ -z "$(config_value "$app" DATABASE_URL)" ]
    [ ! -s "$(service_dir "$service")/LINKS" ]
    unchanged dokku postgres:unlink "$service" "$app"
    [ "$status" -eq 1 ]
}

@test "unlink: --no-restart leaves the containers" {
    dokku postgres:link "$service" "$app"
    before=$(app_container "$app")
    expect_code 0 dokku --no-restart postgres:unlink "$service" "$app"
    says 'Skipping restart of linked app'
    [ "$(app_container "$app")" = "$before" ]
}

@test "unlink: a variable that was given to something else stays and is named" {
    dokku postgres:link "dry-$id" "app-$id"
    set_config "app-$id" DATABASE_URL=postgres://elsewhere/x
    expect_code 0 dokku postgres:unlink "dry-$id" "app-$id"
    says 'DATABASE_URL'
    [ "$(config_value "app-$id" DATABASE_URL)" = postgres://elsewhere/x ]
    dokku config:unset --no-restart "app-$id" DATABASE_URL
}

@test "unlink: the record of an app that is gone" {
    printf 'gone-%s\n' "$id" >>"$(service_dir "dry-$id")/LINKS"
    expect_code 0 dokku postgres:unlink "dry-$id" "gone-$id"
    [ ! -s "$(service_dir "dry-$id")/LINKS" ]
}

@test "unlink: a link of the official plugin goes with its docker option" {
    printf 'app-%s\n' "$id" >>"$(service_dir "dry-$id")/LINKS"
    dokku docker-options:add "app-$id" build,deploy,run "--link dokku.postgres.dry-$id:dokku-postgres-dry-$id"
    set_config "app-$id" "SOME_URL=$(url_of "dry-$id")"
    expect_code 0 dokku postgres:unlink "dry-$id" "app-$id"
    [[ $(dokku docker-options:report "app-$id") != *dokku.postgres* ]]
    [ -z "$(config_value "app-$id" SOME_URL)" ]
}

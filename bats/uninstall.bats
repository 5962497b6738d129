# The trigger uninstall: the services go back to the official plugin as it wants them.

load helper
load wrap
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    make_app "$app"
    dokku postgres:link "$service" "$app" --alias REPORTING
}
teardown_file() { host_down; }

options() { dokku docker-options:list "$app" --phase "$1"; }

@test "uninstall: another plugin's going is none of our affair" {
    unchanged run_hook uninstall redis
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    unchanged run_hook uninstall
    [ "$status" -eq 0 ]
}

@test "uninstall: links get their option back, files are there" {
    rm -f "$(service_dir "$service")/ID"
    expect_code 0 run_hook uninstall postgres
    says '1 service and 1 link given back'
    for phase in build deploy run; do
        [ "$(options "$phase" | grep -cx -- "--link dokku.postgres.$service:dokku-postgres-$service")" -eq 1 ]
    done
    folder=$(service_dir "$service")
    [ "$(cat "$folder/ID")" = "$(docker inspect -f '{{.Id}}' "dokku.postgres.$service")" ]
    for entry in PASSWORD DATABASE_NAME LINKS ENV IMAGE IMAGE_VERSION ID; do
        [ -f "$folder/$entry" ]
        [ "$(stat -c %U "$folder/$entry")" = dokku ]
    done
    [ "$(cat "$folder/LINKS")" = "$app" ]
    [ "$(config_value "$app" REPORTING_URL)" = "$(url_of "$service")" ]
}

@test "uninstall: twice gives no option twice" {
    expect_code 0 run_hook uninstall postgres
    [ "$(options deploy | grep -c -- '--link')" -eq 1 ]
}

@test "uninstall: and back, the link is found as it was" {
    deploy_app "other-$id"
    run_hook install
    dokku git:from-image "$app" "$app_image" >/dev/null
    [ -z "$(options deploy | grep -- '--link')" ]
    [ "$(app_query "$app" REPORTING_URL 'select 1')" = 1 ]
    unchanged dokku postgres:link "$service" "$app"
    says 'Already linked as REPORTING_URL'
}

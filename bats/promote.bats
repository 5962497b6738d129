# dokku postgres:promote

load helper
load folder

setup_file() {
    host_up
    export one=one-$id two=two-$id app=web-$id
    make_folder "$one" "$two"
    make_app "$app"
    dokku postgres:link "$one" "$app"
    dokku postgres:link "$two" "$app" --alias SECOND
}
teardown_file() { host_down; }

@test "promote: bad services and flags" { refuses_bad_services promote "$app"; }

@test "promote: bad apps" {
    unchanged dokku postgres:promote "$one"
    [ "$status" -eq 2 ]
    says 'Please specify an app to run the command on'
    unchanged dokku postgres:promote "$one" "gone-$id"
    [ "$status" -eq 20 ]
    says "App gone-$id does not exist"
    unchanged dokku postgres:promote "$one" 'a;b'
    [ "$status" -eq 2 ]
}

@test "promote: a service that is not linked, or is the first already" {
    make_folder "three-$id"
    unchanged dokku postgres:promote "three-$id" "$app"
    [ "$status" -eq 1 ]
    says "Not linked to app $app"
    unchanged dokku postgres:promote "$one" "$app"
    [ "$status" -eq 1 ]
    says "Service $one already promoted as DATABASE_URL"
}

@test "promote: the first one makes room, under a colour" {
    expect_code 0 dokku postgres:promote "$two" "$app"
    says_not "secret$two"
    [ "$(config_value "$app" DATABASE_URL)" = "$(url_of "$two")" ]
    [ "$(config_value "$app" SECOND_URL)" = "$(url_of "$two")" ]
    [ "$(config_value "$app" DOKKU_POSTGRES_AQUA_URL)" = "$(url_of "$one")" ]
    [ "$(dokku config:keys "$app" | grep -c _URL)" -eq 3 ]
}

@test "promote: and takes it back, without a fourth name" {
    expect_code 0 dokku postgres:promote "$one" "$app"
    [ "$(config_value "$app" DATABASE_URL)" = "$(url_of "$one")" ]
    [ "$(dokku config:keys "$app" | grep -c _URL)" -eq 3 ]
    dokku postgres:unlink "$one" "$app"
    [ "$(dokku config:keys "$app" | grep _URL)" = SECOND_URL ]
}

@test "promote: a URL that is nobody's is kept too" {
    set_config "$app" DATABASE_URL=postgres://u:p@host:5432/db
    expect_code 0 dokku postgres:promote "$two" "$app"
    [ "$(config_value "$app" DATABASE_URL)" = "$(url_of "$two")" ]
    [ "$(config_value "$app" DOKKU_POSTGRES_AQUA_URL)" = postgres://u:p@host:5432/db ]
}

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

@test "promote: what is linked while it waits has a record that is not written without its lock" {
    late=late-$id
    make_folder "$late"
    exec 7>"$host/lib/data/postgres/locks/service-$one"
    flock 7
    dokku postgres:promote "$one" "$app" >"$BATS_TEST_TMPDIR/said" 2>&1 7>&- &
    promote=$!
    waits_for() { grep -q "waiting for another command.*$1" "$BATS_TEST_TMPDIR/said"; }
    until_true waits_for "$one"
    dokku postgres:link "$late" "$app" --alias LATE --no-restart 7>&-
    exec 8>"$host/lib/data/postgres/locks/service-$late"
    flock 8
    flock -u 7
    waits_or_ends() { waits_for "$late" || ! kill -0 "$promote" 2>/dev/null; }
    until_true waits_or_ends
    kill -0 "$promote"
    flock -u 8
    wait "$promote"
    exec 7>&- 8>&-
    [ "$(config_value "$app" DATABASE_URL)" = "$(url_of "$one")" ]
    [ "$(config_value "$app" LATE_URL)" = "$(url_of "$late")" ]
    dokku postgres:unlink "$late" "$app" --no-restart
    dokku postgres:promote "$two" "$app"
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

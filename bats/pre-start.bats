# The trigger pre-start: an app whose service is down, or whose variable is wrong, starts all the same.

load helper
load wrap
load folder

setup_file() { linked_host_up; }
teardown_file() { host_down; }

@test "pre-start: an app without links is left alone" {
    make_app "lone-$id"
    unchanged as_dokku "$(program pre-start)" "lone-$id"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    expect_code 0 as_dokku "$(program pre-start)" '../x'
    expect_code 0 as_dokku "$(program pre-start)"
}

@test "pre-start: brings the service up and puts the variable right" {
    dokku ps:stop "$app"
    docker stop "dokku.postgres.$service" >/dev/null
    set_config "$app" DATABASE_URL=postgres://elsewhere/x
    run dokku ps:start "$app"
    says "DATABASE_URL of app $app was not the URL"
    says_not "$(cat "$(service_dir "$service")/PASSWORD")"
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

@test "pre-start: makes the container of a service again that dokku cleanup took" {
    dokku ps:stop "$app"
    docker rm -f "dokku.postgres.$service" >/dev/null
    expect_code 0 dokku ps:start "$app"
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

@test "pre-start: a service that cannot start stops the app, with a reason" {
    make_folder "bad-$id"
    make_app "bad-$id"
    dokku postgres:link "bad-$id" "bad-$id"
    printf 'no-such-image-%s\n' "$id" >"$(service_dir "bad-$id")/IMAGE"
    mapfile -d '' words < <(dokku_environment)
    run env -i "${words[@]}" POSTGRES_DISABLE_PULL=true setpriv --reuid=dokku --regid=dokku --init-groups "$(program pre-start)" "bad-$id"
    [ "$status" -ne 0 ]
    says "no-such-image-$id"
}

@test "pre-start: a port that somebody else took does not stop the app" {
    port=$(free_port)
    dokku postgres:expose "$service" "127.0.0.1:$port"
    docker rm -f "dokku.postgres.$service" "dokku.postgres.$service.ambassador" >/dev/null
    python3 -c 'import socket, sys, time; s = socket.create_server(("127.0.0.1", int(sys.argv[1]))); print("there", flush=True); time.sleep(600)' "$port" >"$BATS_TEST_TMPDIR/taken" &
    taken=$!
    there() { grep -q there "$BATS_TEST_TMPDIR/taken"; }
    until_true there
    expect_code 0 as_dokku "$(program pre-start)" "$app"
    says 'is not served'
    kill "$taken"
    dokku postgres:unexpose "$service"
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

@test "pre-start: a database that is not there stops no app, and the line that makes it is told" {
    query "$service" "drop database \"${service//-/_}\" with (force)" postgres
    for command in 'ps:restart' 'ps:start'; do
        [ "$command" != ps:start ] || dokku ps:stop "$app"
        expect_code 0 dokku $command "$app"
        says "Postgres service $service has no database '${service//-/_}'"
        line="dokku postgres:enter $service createdb --username=postgres ${service//-/_}"
        says "Make it: $line"
    done
    $line
    run dokku ps:restart "$app"
    says_not 'has no database'
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

@test "pre-start: runs with nothing but PLUGIN_PATH set" {
    run env -i "PLUGIN_PATH=$host/lib/plugins" PATH="$host/bin:$PATH" setpriv --reuid=dokku --regid=dokku --init-groups "$(program pre-start)" "$app"
    [ "$status" -eq 0 ]
}

@test "pre-start: is no command" {
    run dokku "postgres:../pre-start" "$app"
    [ "$status" -ne 0 ]
    says 'is not a command'
}

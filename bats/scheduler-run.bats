# The trigger scheduler-run: a one-off container finds its databases, and the variables as they must be.

load helper
load wrap
load folder

setup_file() { linked_host_up; }
teardown_file() { host_down; }

answer() { dokku run "$app" bash -c 'psql -XAt "$DATABASE_URL" -c "select 42"'; }

@test "scheduler-run: the service is down, or its container gone" {
    for loss in stop 'rm -f'; do
        # shellcheck disable=SC2086
        docker container $loss "dokku.postgres.$service" >/dev/null
        run --separate-stderr answer
        [ "$status" -eq 0 ]
        [ "$output" = 42 ]
    done
}

@test "scheduler-run: an overwritten variable is put right before the container is made" {
    set_config "$app" DATABASE_URL=postgres://elsewhere/x
    run --separate-stderr answer
    [ "$status" -eq 0 ]
    [ "$output" = 42 ]
    [[ $stderr == *"DATABASE_URL of app $app was not the URL"* ]]
}

@test "scheduler-run: another scheduler, and an app without links" {
    make_app "lone-$id"
    for words in "k3s $app 0 -- true" "docker-local lone-$id 0 -- true" docker-local ''; do
        # shellcheck disable=SC2086
        unchanged as_dokku "$(program scheduler-run)" $words
        [ "$status" -eq 0 ]
        [ -z "$output" ]
    done
}

@test "scheduler-run: is no command" {
    run dokku postgres:../scheduler-run docker-local "$app" 0 -- true
    [ "$status" -ne 0 ]
}

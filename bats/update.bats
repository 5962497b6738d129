# The trigger update: what install does, again.

load helper
load wrap
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

@test "update: looks at the services as install does" {
    make_folder "db-$id"
    expect_code 0 run_hook update
    says 'found 1 service, 1 of the official plugin'
    says "dokku postgres:start db-$id"
    rm -r "$host/lib/data/postgres/locks"
    expect_code 0 run_hook update
    [ "$(stat -c '%U %a' "$host/lib/data/postgres/locks")" = 'dokku 700' ]
}

@test "update: apps that were deployed while the plugin was away find their databases again" {
    make_service "live-$id"
    deploy_app "web-$id"
    dokku postgres:link "live-$id" "web-$id"
    docker network disconnect dokku-postgres "$(app_container "web-$id")"
    expect_code 0 run_hook update
    [ "$(app_query "web-$id" DATABASE_URL 'select 1')" = 1 ]
    dokku postgres:unlink "live-$id" "web-$id"
}

@test "update: a service that somebody is at work on is not waited for; folders are closed" {
    chmod 755 "$(service_dir "live-$id")"
    exec 7>"$host/lib/data/postgres/locks/service-live-$id"
    flock 7
    expect_code 0 run_hook update
    exec 7>&-
    says 'another command is at work on it'
    [ "$(stat -c %a "$(service_dir "live-$id")")" = 700 ]
}

@test "update: a service that is just being made is not called unfinished" {
    # as create leaves it while the server starts
    make_service "half-$id"
    echo 'state: creating' >>"$(service_dir "half-$id")/service.yml"
    exec 7>"$host/lib/data/postgres/locks/service-half-$id"
    flock 7
    expect_code 0 run_hook update
    says "service half-$id: another command is at work on it"
    says_not 'was never finished'
    exec 7>&-
    expect_code 0 run_hook update
    says 'was never finished'
}

@test "update: is no command" {
    run dokku postgres:../update
    [ "$status" -ne 0 ]
}

# The main job on an older Dokku: ENV files below DOKKU_ROOT, no config:import, docker-options in files of their own.

load helper

setup_file() {
    host_up --profile 0.30
    make_service "db-$id"
    deploy_app "web-$id"
}

@test "0.30: link, and the app's own container logs in" {
    expect_code 0 dokku postgres:link "db-$id" "web-$id" --alias REPORTING_DATABASE
    [ "$(app_query "web-$id" REPORTING_DATABASE_URL 'select 40 + 2')" = 42 ]
    [ -f "$host/home/web-$id/ENV" ]
}

@test "0.30: an overwritten variable is put right by a restart" {
    dokku config:set --no-restart "web-$id" REPORTING_DATABASE_URL=postgres://nobody@nowhere/nothing >/dev/null
    run dokku ps:restart "web-$id"
    says "REPORTING_DATABASE_URL"
    [ "$(app_query "web-$id" REPORTING_DATABASE_URL 'select 40 + 2')" = 42 ]
}

@test "0.30: a password of every awkward byte reaches the app" {
    make_service "odd-$id" --password "p@ss/w:o?r#d%'\"\$(x)\`& =é"
    dokku postgres:link "odd-$id" "web-$id" --alias ODD
    [ "$(app_query "web-$id" ODD_URL 'select current_database()')" = "odd_$id" ]
    dokku postgres:unlink "odd-$id" "web-$id" --no-restart
}

@test "0.30: uninstall gives the app its --link option, and coming back takes it away" {
    dokku plugin:uninstall postgres
    grep -qx -- "--link dokku.postgres.db-$id:dokku-postgres-db-$id" "$host/home/web-$id/DOCKER_OPTIONS_DEPLOY"
    tar -C "$tree" -czf "$host/postgres.tar.gz" --transform 's,^\.,dokku-postgres,' .
    chmod a+r "$host/postgres.tar.gz"
    dokku plugin:install "file://$host/postgres.tar.gz" --name postgres
    dokku ps:restart "web-$id"
    run ! grep -q -- '--link' "$host/home/web-$id/DOCKER_OPTIONS_DEPLOY"
    [ "$(app_query "web-$id" REPORTING_DATABASE_URL 'select 40 + 2')" = 42 ]
}

@test "0.30: unlink takes the variable away" {
    expect_code 0 dokku postgres:unlink "db-$id" "web-$id"
    run ! grep -q REPORTING_DATABASE_URL "$host/home/web-$id/ENV"
}

# The trigger scheduler-deploy: every road to a new container passes it.

load helper
load wrap
load folder

setup_file() { linked_host_up; }
teardown_file() { host_down; }

@test "scheduler-deploy: a restart brings the true URL" {
    set_config "$app" DATABASE_URL=postgres://elsewhere/x
    expect_code 0 dokku ps:restart "$app"
    says "DATABASE_URL of app $app was not the URL"
    says_not 'ps:rebuild'
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
    run dokku ps:restart "$app"
    says_not 'was not the URL'
}

@test "scheduler-deploy: an app whose password file changed follows" {
    query "$service" "alter user postgres password 'p@ss/w?x#y z'" >/dev/null
    printf 'p@ss/w?x#y z\n' >"$(service_dir "$service")/PASSWORD"
    expect_code 0 dokku ps:restart "$app"
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

@test "scheduler-deploy: a removed variable and a scaled app" {
    dokku config:unset --no-restart "$app" DATABASE_URL
    expect_code 0 dokku ps:scale "$app" web=2
    for container in $(docker ps -q --filter "label=com.dokku.app-name=$app"); do
        [ "$(docker exec "$container" bash -c 'psql -XAt "$DATABASE_URL" -c "select 1"')" = 1 ]
    done
    dokku ps:scale "$app" web=1
}

@test "scheduler-deploy: the service is brought up" {
    dokku postgres:pause "$service"
    expect_code 0 dokku ps:restart "$app"
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

@test "scheduler-deploy: foreign schedulers and apps without links" {
    set_config "$app" DATABASE_URL=x
    unchanged as_dokku "$(program scheduler-deploy)" k3s "$app" latest
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    make_app "lone-$id"
    unchanged as_dokku "$(program scheduler-deploy)" docker-local "lone-$id" latest
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "scheduler-deploy: a herokuish app is told to be rebuilt" {
    dokku builder:set "$app" selected herokuish
    dokku ps:rebuild "$app"
    set_config "$app" DATABASE_URL=x
    run dokku ps:restart "$app"
    says "run 'dokku ps:rebuild $app'"
}

@test "scheduler-deploy: one service's damaged record stops its own apps only" {
    make_folder "bad-$id"
    make_app "bad-$id"
    dokku postgres:link "bad-$id" "bad-$id"
    printf '{[' >"$(service_dir "bad-$id")/links.yml"
    expect_code 0 dokku ps:restart "$app"
    run as_dokku "$(program scheduler-deploy)" docker-local "bad-$id" latest
    [ "$status" -ne 0 ]
    says 'links.yml'
}

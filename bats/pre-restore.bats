# The trigger pre-restore: at boot the linked services come before the apps.

load helper
load wrap
load folder

setup_file() {
    linked_host_up
    make_folder "bad-$id" "lone-$id"
    make_app "bad-$id"
    dokku postgres:link "bad-$id" "bad-$id"
    printf '{[' >"$(service_dir "bad-$id")/service.yml"
}
teardown_file() { host_down; }

@test "pre-restore: brings up what is linked, whatever another service does" {
    docker stop "dokku.postgres.$service" >/dev/null
    expect_code 0 as_dokku "$(program pre-restore)"
    says "bad-$id does not start"
    [ "$(docker inspect -f '{{.State.Running}}' "dokku.postgres.$service")" = true ]
    [ "$(docker ps -aq --filter "name=dokku.postgres.lone-$id")" = '' ]
}

@test "pre-restore: the whole of ps:restore" {
    docker stop "dokku.postgres.$service" >/dev/null
    docker stop "$(app_container "$app")" >/dev/null
    dokku ps:restore "$app"
    [ "$(app_query "$app" DATABASE_URL 'select 1')" = 1 ]
}

# dokku postgres:restart

load helper

@test "restart: the same container, started again, and it answers when the command ends" {
    local before
    make_service "db-$id"
    query "db-$id" 'create table kept as select 7 as seven'
    before=$(docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.db-$id")
    expect_code 0 dokku postgres:restart "db-$id"
    says 'Please call dokku ps:restart on all linked apps'
    [ "$(docker inspect -f '{{.Id}}' "dokku.postgres.db-$id")" = "${before% *}" ]
    [ "$(docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.db-$id")" != "$before" ]
    expect_code 0 dokku postgres:wait "db-$id" --timeout 0
    [ "$(query "db-$id" 'select seven from kept')" = 7 ]
}

@test "restart: says before that connections end, which apps are linked, and what to do" {
    make_app "web-$id"
    dokku postgres:link "db-$id" "web-$id"
    run dokku postgres:restart "db-$id"
    [ "$status" -eq 0 ]
    # in this order
    [[ $output == *"All connections to db-$id end now"*"Linked apps: web-$id"*"dokku ps:restart web-$id"*'Container started'* ]]
}

@test "restart: a stopped service is brought up" {
    dokku postgres:stop "db-$id"
    expect_code 0 dokku postgres:restart "db-$id"
    [ "$(query "db-$id" 'select seven from kept')" = 7 ]
}

# dokku postgres:destroy

load helper
load wrap

@test "destroy: asks for the name, and takes nothing else for an answer" {
    make_service "ask-$id"
    unchanged dokku postgres:destroy "ask-$id" </dev/null
    [ "$status" -eq 4 ]
    unchanged dokku postgres:destroy "ask-$id" <<<"yes"
    [ "$status" -eq 4 ]
    says "To proceed, type \"ask-$id\""
    says 'Aborted'
    expect_code 0 dokku postgres:destroy "ask-$id" <<<"ask-$id"
    [ ! -e "$(service_dir "ask-$id")" ]
}

@test "destroy: a linked service stays and its apps are named" {
    make_service "linked-$id"
    make_app "web-$id"
    dokku postgres:link "linked-$id" "web-$id" --no-restart
    unchanged dokku postgres:destroy "linked-$id" --force
    [ "$status" -eq 4 ]
    says 'Cannot delete linked service'
    says "web-$id"
    dokku postgres:unlink "linked-$id" "web-$id" --no-restart
    expect_code 0 dokku postgres:destroy "linked-$id" --force
}

@test "destroy: an app of LINKS that is gone does not stand in the way" {
    make_service "old-$id"
    echo "gone-$id" >"$(service_dir "old-$id")/LINKS"
    expect_code 0 dokku postgres:destroy "old-$id" --force
}

@test "destroy: nothing is left" {
    make_service "full-$id" --post-start-network bridge
    dokku postgres:expose "full-$id"
    query "full-$id" 'create table t as select 1'
    expect_code 0 dokku postgres:destroy "full-$id" --force
    says "Postgres container deleted: full-$id"
    [ -z "$(docker ps -aq --filter "name=full-$id")" ]
    [ -z "$(find "$host/lib" -name "*full-$id*")" ]
    docker network inspect dokku-postgres >/dev/null
    expect_code 3 dokku postgres:destroy "full-$id" --force
}

@test "destroy: a stopped service goes as well" {
    make_service "down-$id"
    dokku postgres:stop "down-$id"
    expect_code 0 dokku postgres:destroy "down-$id" -f
    [ ! -e "$(service_dir "down-$id")" ]
}

@test "destroy: DOKKU_APPS_FORCE_DELETE asks nothing" {
    make_service "force-$id"
    expect_code 0 dokku --force postgres:destroy "force-$id" </dev/null
}

@test "destroy: a link that comes while it waits refuses it before anybody is told" {
    make_service "wanted-$id"
    make_app "late-$id"
    as_dokku touch "$host/lib/data/postgres/locks/server-wanted-$id"
    exec 8>"$host/lib/data/postgres/locks/server-wanted-$id"
    flock 8
    listen
    dokku postgres:destroy "wanted-$id" --force >"$BATS_TEST_TMPDIR/said" 2>&1 8>&- &
    destroy=$!
    waits() { grep -q "waiting for another command on service 'wanted-$id'" "$BATS_TEST_TMPDIR/said"; }
    until_true waits
    dokku postgres:link "wanted-$id" "late-$id" --no-restart
    # what is linked already is refused at once
    expect_code 4 timeout 60 dokku postgres:destroy "wanted-$id" --force 8>&-
    exec 8>&-
    code=0
    wait "$destroy" || code=$?
    [ "$code" -eq 4 ]
    stop_listening
    run cat "$BATS_TEST_TMPDIR/said"
    says 'Cannot delete linked service'
    run cat "$host/heard"
    says "post-link postgres wanted-$id late-$id"
    says_not pre-delete
}

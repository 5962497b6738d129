# dokku postgres:pause

load helper

@test "pause: the container stays and does not run" {
    make_service "db-$id"
    expect_code 0 dokku postgres:pause "db-$id"
    says 'Container paused'
    [ "$(docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' "dokku.postgres.db-$id")" = 'exited 0' ]
}

@test "pause: again changes nothing" {
    unchanged dokku postgres:pause "db-$id"
    [ "$status" -eq 0 ]
}

@test "pause: a published port is closed with it and open again after start" {
    dokku postgres:start "db-$id"
    dokku postgres:expose "db-$id"
    dokku postgres:pause "db-$id"
    [ "$(docker inspect -f '{{.State.Running}}' "dokku.postgres.db-$id.ambassador")" = false ]
    dokku postgres:start "db-$id"
    [ "$(docker inspect -f '{{.State.Running}}' "dokku.postgres.db-$id.ambassador")" = true ]
}

# dokku postgres:unexpose

load helper

@test "unexpose: the port and its forwarder are gone, and it can be exposed again" {
    make_service "db-$id"
    dokku postgres:expose "db-$id"
    expect_code 0 dokku postgres:unexpose "db-$id"
    says "Service db-$id unexposed"
    run ! docker inspect "dokku.postgres.db-$id.ambassador"
    [ ! -s "$(service_dir "db-$id")/PORT" ]
    dokku postgres:expose "db-$id"
    [ -s "$(service_dir "db-$id")/PORT" ]
}

@test "unexpose: a service that is not exposed says so" {
    make_service "closed-$id"
    unchanged dokku postgres:unexpose "closed-$id"
    [ "$status" -eq 1 ]
    says "Service closed-$id is not exposed"
}

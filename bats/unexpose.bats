# dokku postgres:unexpose

load helper
load wrap

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

@test "unexpose: killed while it writes, the same command leaves no file of the first" {
    for call in unlink rename fsync; do
        dokku postgres:expose "db-$id" >/dev/null 2>&1 || true
        straced -o /dev/null -e "trace=$call" -e "inject=$call:signal=SIGKILL:when=1" "$(program unexpose)" postgres:unexpose "db-$id" >/dev/null 2>&1 || true
        dokku postgres:unexpose "db-$id" >/dev/null 2>&1 || true
        [ ! -s "$(service_dir "db-$id")/PORT" ]
        [ -z "$(find "$(service_dir "db-$id")" -maxdepth 1 -name '.*' ! -path "$(service_dir "db-$id")")" ]
    done
}

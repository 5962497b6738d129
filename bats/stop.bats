# dokku postgres:stop

load helper

@test "stop: the container goes, data and settings stay" {
    make_service "db-$id" --config-options '-c max_connections=33'
    query "db-$id" 'create table kept as select 7 as seven'
    expect_code 0 dokku postgres:stop "db-$id"
    says 'Container paused'
    [ -z "$(docker ps -aq --filter "name=db-$id")" ]
    [ -s "$(service_dir "db-$id")/PASSWORD" ]
    dokku postgres:start "db-$id"
    [ "$(query "db-$id" 'select seven from kept')" = 7 ]
    [ "$(query "db-$id" 'show max_connections')" = 33 ]
}

@test "stop: the server ends in peace" {
    run docker logs "dokku.postgres.db-$id"
    says_not 'not properly shut down'
}

@test "stop: a service that is down says so" {
    dokku postgres:stop "db-$id"
    unchanged dokku postgres:stop "db-$id"
    [ "$status" -eq 0 ]
    says 'Service is already paused'
}

# dokku postgres:unmount

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id folder=$host/csv-$id
    mkdir "$folder"
    chmod a+rx "$folder"
}

@test "unmount: the folder is out of the container and stays on the host" {
    dokku postgres:mount "$service" "$folder:/srv/csv"
    query "$service" 'create table kept as select 7 as seven'
    expect_code 0 dokku postgres:unmount "$service" /srv/csv/
    run docker exec "dokku.postgres.$service" ls /srv/csv
    [ "$status" -ne 0 ]
    [ -d "$folder" ]
    [ "$(query "$service" 'select seven from kept')" = 7 ]
}

@test "unmount: what is not mounted" {
    unchanged dokku postgres:unmount "$service" /srv/other
    [ "$status" -eq 1 ]
    says "nothing is mounted at '/srv/other'"
}

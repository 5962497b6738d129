# dokku postgres:mount

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id folder=$host/csv-$id
    mkdir "$folder"
    echo '1,one' >"$folder/rows.csv"
    chmod -R a+rX "$folder"
}

@test "mount: the server reads the folder, and the data are what they were" {
    query "$service" 'create table kept as select 7 as seven'
    expect_code 0 dokku postgres:mount "$service" "$folder:/srv/csv:ro"
    [[ $output == *"All connections to $service end now"*"Mounted $folder"* ]]
    [ "$(query "$service" "select pg_read_file('/srv/csv/rows.csv')")" = '1,one' ]
    [ "$(query "$service" 'select seven from kept')" = 7 ]
    [ "$(docker inspect -f '{{range .Mounts}}{{if eq .Destination "/srv/csv"}}{{.RW}}{{end}}{{end}}' "dokku.postgres.$service")" = false ]
}

@test "mount: it is there again after stop and start" {
    dokku postgres:stop "$service"
    dokku postgres:start "$service"
    [ "$(query "$service" "select pg_read_file('/srv/csv/rows.csv')")" = '1,one' ]
}

@test "mount: a target that is taken is refused" {
    unchanged dokku postgres:mount "$service" "$folder:/srv/csv"
    [ "$status" -eq 4 ]
    says "'/srv/csv' is taken by $folder"
}

@test "mount: words that are no volume are refused before anything changes" {
    for wrong in x /a relative:/b /a:relative "$folder:/" "$folder:/var/lib/postgresql/data" "$folder:/a/../proc" "$folder:/a:rw:ro" \
        "$folder:/a,b" "/no/such/folder-$id:/b" "$folder:"$'/a\nb'; do
        unchanged dokku postgres:mount "$service" "$wrong"
        [ "$status" -eq 2 ] || { echo "exit $status for $wrong" >&2; return 1; }
    done
}

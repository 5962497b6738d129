# dokku postgres:certificate

load helper

@test "certificate: the one that the server shows, good for its names and for ten years" {
    local file=$BATS_TEST_TMPDIR/crt
    make_service "db_x-$id"
    dokku postgres:certificate "db_x-$id" >"$file"
    [ "$(head -n 1 "$file")" = '-----BEGIN CERTIFICATE-----' ]
    cmp "$file" <(docker exec "dokku.postgres.db_x-$id" cat /var/lib/postgresql/data/server.crt)
    openssl x509 -in "$file" -noout -ext subjectAltName | grep -q "DNS:dokku-postgres-db-x-$id, DNS:dokku.postgres.db_x-$id, DNS:localhost"
    openssl x509 -in "$file" -noout -checkend $((9 * 365 * 86400)) >/dev/null
    openssl x509 -in "$file" -noout -text | grep -q 'id-ecPublicKey'
    docker cp "$file" "dokku.postgres.db_x-$id:/tmp/crt"
    docker exec "dokku.postgres.db_x-$id" psql -XAtc 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' \
        "host=localhost user=postgres dbname=db_x_$id sslmode=verify-full sslrootcert=/tmp/crt password=$(cat "$(service_dir "db_x-$id")/PASSWORD")" |
        grep -qx t
}

@test "certificate: of a stopped service too" {
    dokku postgres:stop "db_x-$id"
    dokku postgres:certificate "db_x-$id" | openssl x509 -noout
}

@test "certificate: what a server puts in its place is not read without end" {
    make_service "odd-$id"
    inside() { docker exec -u postgres "dokku.postgres.odd-$id" sh -c "$1"; }
    inside 'mv "$PGDATA/server.crt" /tmp/kept && ln -s /dev/zero "$PGDATA/server.crt"'
    expect_code 0 dokku postgres:certificate "odd-$id"
    [ "$output" = "$(cat "$(service_dir "odd-$id")/run/server.crt")" ]
    inside 'rm "$PGDATA/server.crt" && cp /tmp/kept "$PGDATA/server.crt"'
}

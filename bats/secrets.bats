# The password, the key and what a client meets: who can read them, and where they never stand

load helper

setup_file() {
    host_up
    export service=db-$id
    said=$host/said
    export said
    {
        dokku postgres:create "$service"
        deploy_app "web-$id"
        dokku postgres:link "$service" "web-$id" --alias REPORTING
        dokku postgres:expose "$service" 127.0.0.1
        dokku postgres:expose "$service"
        query "$service" 'create table kept as select 7 as seven'
        dokku postgres:export "$service" >"$host/dump"
        dokku postgres:import "$service" <"$host/dump"
        dokku postgres:info "$service"
        dokku postgres:info "$service" --format json
        dokku postgres:list
        dokku postgres:links "$service"
        dokku postgres:app-links "web-$id" --format json
        dokku postgres:upgrade "$service" --memory 512
        dokku postgres:restart "$service"
        dokku config:set --no-restart "web-$id" REPORTING_URL=other
        dokku ps:restart "web-$id"
        # and what fails
        dokku postgres:link "$service" "web-$id"
        dokku postgres:create "$service"
        dokku postgres:destroy "$service" --force
        dokku postgres:import "$service" <<<'\connect elsewhere'
        dokku postgres:import "$service" <<<'select nonsense;'
        head -c 300 "$host/dump" | dokku postgres:import "$service"
        dokku postgres:connect "$service" -c 'select nonsense'
        dokku postgres:upgrade "$service" --config-options '-c shared_buffers=nonsense' --wait-timeout 60
        dokku postgres:expose "$service" 80
        dokku postgres:logs "$service"
        dokku --trace postgres:info "$service"
        dokku --trace postgres:wait "$service"
    } >"$said" 2>&1 || true
    chmod 600 "$host/dump" "$said"
    password=$(cat "$(service_dir "$service")/PASSWORD")
    run_folder=$(service_dir "$service")/run
    export password run_folder
}
teardown_file() { host_down; }

# Somebody with an account on this machine, in no group of Dokku's.
stranger() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
readable_for_a_stranger() { stranger grep -rlF -- "$password" "$host" 2>/dev/null; }

@test "secrets: the commands of this file did what they were to do" {
    [ "${#password}" -ge 32 ]
    grep -q "Postgres container created: $service" "$said"
    grep -q "Dump imported into service $service" "$said"
    grep -q 'exposed on port' "$said"
    grep -q 'REPORTING_URL of app .* put right' "$said"
    grep -q 'runs again with its old settings' "$said"
    [ "$(app_query "web-$id" REPORTING_URL 'select seven from kept')" = 7 ]
}

@test "secrets: no container of a service tells the password" {
    seen=0
    for container in $(docker ps -aq --filter "name=dokku.postgres.$service"); do
        docker inspect "$container" >"$BATS_TEST_TMPDIR/told"
        run ! grep -F -- "$password" "$BATS_TEST_TMPDIR/told"
        seen=$((seen + 1))
    done
    # the service's own and the forwarder
    [ "$seen" -eq 2 ]
    docker inspect "dokku.postgres.$service" | grep -q POSTGRES_PASSWORD_FILE
}

@test "secrets: nothing on this host lets a stranger read the password" {
    printf '%s\n' "$password" >"$host/open"
    chmod 644 "$host/open"
    [ "$(readable_for_a_stranger)" = "$host/open" ]
    rm "$host/open"
    run readable_for_a_stranger
    [ -z "$output" ]
}

@test "secrets: no output, no error and no log has the password" {
    run ! grep -rF -- "$password" "$said" "$host/log"
    docker logs "dokku.postgres.$service" >"$BATS_TEST_TMPDIR/log" 2>&1
    docker logs "dokku.postgres.$service.ambassador" >>"$BATS_TEST_TMPDIR/log" 2>&1
    run ! grep -F -- "$password" "$BATS_TEST_TMPDIR/log"
    # a URL is shown, without it
    grep -qF "postgres://postgres:********@dokku-postgres-$service:5432/" "$said"
    [ "$(dokku postgres:info "$service" --dsn)" = "postgres://postgres:$password@dokku-postgres-$service:5432/${service//-/_}" ]
}

@test "secrets: files have the modes that they need" {
    cd "$(service_dir "$service")"
    [ "$(stat -c '%a %U' run PASSWORD links.yml ENV | uniq -c | tr -s ' ')" = $' 1 700 dokku\n 3 600 dokku' ]
    [ "$(stat -c '%a' "$host/lib/data/postgres/locks")" = 700 ]
    run ! stranger ls "$run_folder"
    run ! stranger cat "$run_folder/server.key"
    run ! stranger cat "$run_folder/password"
    # in the container the image's own user reads it, once in our place and once in the server's
    docker exec -u postgres "dokku.postgres.$service" cat /run/dokku-postgres/password | grep -qxF -- "$password"
    [ "$(docker exec -u postgres "dokku.postgres.$service" bash -c 'stat -c "%a %U" "$PGDATA/server.key"')" = '600 postgres' ]
    run ! docker exec -u postgres "dokku.postgres.$service" bash -c 'echo x >>/run/dokku-postgres/password'
}

@test "secrets: the certificate is of the service's names, with a key on an elliptic curve" {
    dokku postgres:certificate "$service" >"$BATS_TEST_TMPDIR/crt"
    cmp "$BATS_TEST_TMPDIR/crt" "$run_folder/server.crt"
    run openssl x509 -in "$BATS_TEST_TMPDIR/crt" -noout -text
    says 'Public Key Algorithm: id-ecPublicKey'
    says 'ecdsa-with-SHA256'
    run openssl x509 -in "$BATS_TEST_TMPDIR/crt" -noout -ext subjectAltName
    says "DNS:dokku-postgres-$service"
    says "DNS:dokku.postgres.$service"
    # ten years at least: nothing renews it
    openssl x509 -in "$BATS_TEST_TMPDIR/crt" -noout -checkend $((9 * 365 * 86400)) >/dev/null
    grep -q 'BEGIN EC PRIVATE KEY\|BEGIN PRIVATE KEY' "$run_folder/server.key"
}

@test "secrets: the server speaks TLS from 1.2 on, and an app can check whom it talks to" {
    [ "$(query "$service" "select current_setting('ssl') || ' ' || current_setting('ssl_min_protocol_version')")" = 'on TLSv1.2' ]
    docker exec -i "$(app_container "web-$id")" bash -c 'cat >/tmp/crt' <"$run_folder/server.crt"
    verified="$(dokku postgres:info "$service" --dsn)?sslmode=verify-full&sslrootcert=/tmp/crt"
    [ "$(docker exec "$(app_container "web-$id")" psql -XAt "$verified" -c 'select version from pg_stat_ssl where pid = pg_backend_pid()')" = TLSv1.3 ]
    # another one's certificate is not believed
    docker exec "$(app_container "web-$id")" bash -c 'openssl version >/dev/null 2>&1; : >/tmp/none'
    run ! docker exec "$(app_container "web-$id")" psql -XAt "${verified%/tmp/crt}/tmp/none" -c 'select 1'
}

@test "secrets: passwords are kept and asked for as SCRAM" {
    [ "$(query "$service" 'show password_encryption')" = scram-sha-256 ]
    [ "$(query "$service" "select rolpassword like 'SCRAM-SHA-256\$%' from pg_authid where rolname = 'postgres'")" = t ]
    [ "$(query "$service" "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules where type like 'host%' and address = 'all'")" = scram-sha-256 ]
    # over the network nobody comes in without it
    run ! docker exec -e PGPASSWORD=wrong "$(app_container "web-$id")" psql -XAt -h "dokku-postgres-$service" -U postgres -c 'select 1'
    says 'password authentication failed'
}

# A host that the official plugin made, taken over and given back: no restart, no conversion, nothing lost.
# The cases of this file are one story, told in order.

load helper

# What `postgres:create` of the official plugin leaves, in the generation written in bash (up to 1.48).
official_bash() {
    local name=$1 version=$2 folder password target=/var/lib/postgresql/data
    folder=$(service_dir "$name")
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    [ "$version" -lt 18 ] || target=/var/lib/postgresql
    install -d -o dokku -g dokku "$folder" "$folder/data"
    echo "$password" >"$folder/PASSWORD"
    chmod 640 "$folder/PASSWORD"
    echo "${name//-/_}" >"$folder/DATABASE_NAME"
    : >"$folder/LINKS"
    echo >"$folder/ENV"
    echo >"$folder/CONFIG_OPTIONS"
    echo postgres >"$folder/IMAGE"
    echo "$version" >"$folder/IMAGE_VERSION"
    docker create --cidfile="$folder/ID" --env-file="$folder/ENV" --env="POSTGRES_PASSWORD=$password" \
        --env="POSTGRES_DB=${name//-/_}" --hostname="dokku.postgres.$name" --label=dokku.service=postgres --label=dokku=service \
        --name="dokku.postgres.$name" --restart=always --volume="$folder/data:$target" "postgres:$version" >/dev/null
    docker start "dokku.postgres.$name" >/dev/null
    chown dokku:dokku "$folder"/[A-Z]*
}

# The same by the generation after it: no newlines at the ends, zero for no limit, permanent certificates, TLS by arguments.
official_go() {
    local name=$1 version=$2 folder password target=/var/lib/postgresql/data
    folder=$(service_dir "$name")
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    [ "$version" -lt 18 ] || target=/var/lib/postgresql
    install -d -m 775 -o dokku -g dokku "$folder" "$folder/data" "$folder/certs" "$folder/config"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=dokku-postgres-$name" \
        -keyout "$folder/certs/server.key" -out "$folder/certs/server.crt" 2>/dev/null
    chown 999:999 "$folder/certs/server.key"
    chmod 600 "$folder/certs/server.key"
    printf %s "$password" >"$folder/PASSWORD"
    printf %s "${name//-/_}" >"$folder/DATABASE_NAME"
    printf '' >"$folder/LINKS"
    printf '' >"$folder/ENV"
    printf '' >"$folder/CONFIG_OPTIONS"
    printf postgres >"$folder/IMAGE"
    printf %s "$version" >"$folder/IMAGE_VERSION"
    printf 0 >"$folder/SERVICE_MEMORY"
    printf '' >"$folder/SHM_SIZE"
    printf 'postgres-%s' "$version" >"$folder/DEFINITION"
    docker create --cidfile="$folder/ID" --env="POSTGRES_PASSWORD=$password" --env="POSTGRES_DB=${name//-/_}" \
        --hostname="dokku.postgres.$name" --label=dokku.service=postgres --label=dokku=service --name="dokku.postgres.$name" \
        --restart=always --volume="$folder/data:$target" --volume="$folder/certs:/certs:ro" "postgres:$version" \
        -c ssl=on -c ssl_cert_file=/certs/server.crt -c ssl_key_file=/certs/server.key >/dev/null
    docker start "dokku.postgres.$name" >/dev/null
    chown dokku:dokku "$folder"/[A-Z]*
}

official_url() {
    local folder
    folder=$(service_dir "$1")
    printf 'postgres://postgres:%s@dokku-postgres-%s:5432/%s' "$(tr -d '\n' <"$folder/PASSWORD")" "${1//_/-}" "$(tr -d '\n' <"$folder/DATABASE_NAME")"
}

# official_link SERVICE APP VARIABLE
official_link() {
    printf '%s\n' "$2" >>"$(service_dir "$1")/LINKS"
    dokku docker-options:add "$2" build,deploy,run "--link dokku.postgres.$1:dokku-postgres-${1//_/-}" >/dev/null
    dokku config:set --no-restart "$2" "$3=$(official_url "$1")" >/dev/null
}

answers() { docker exec -u postgres "dokku.postgres.$1" psql -XAt -h 127.0.0.1 -c 'select 1' >/dev/null 2>&1; }

# Which container each name has and since when it runs.
lives() {
    docker ps -a --no-trunc --filter "name=$id" --format '{{.ID}}' | LC_ALL=C sort | xargs docker inspect -f '{{.Id}} {{.State.StartedAt}} {{.State.Status}}'
}

install_ours() { tar -C "$tree" -czf "$host/postgres.tar.gz" --transform 's,^\.,dokku-postgres,' . && chmod a+r "$host/postgres.tar.gz" && dokku plugin:install "file://$host/postgres.tar.gz" --name postgres; }

setup_file() {
    id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
    host=$(mktemp -d "${TMPDIR:-/tmp}/dokku-postgres-bats.XXXXXX")
    chmod 755 "$host"
    "$root/tests/host/make" "$host" >/dev/null
    PATH=$host/bin:$PATH
    export id host PATH
    install -d -o dokku -g dokku "$host/lib/services/postgres"
    local n service
    for n in 1 2 3 4 5; do
        official_bash "bash$n-$id" 17
        official_go "go$n-$id" $((n == 1 ? 18 : 17))
    done
    for n in 1 2 3 4; do make_app "app$n-$id"; done
    for n in 1 2 3 4 5; do
        for service in "bash$n-$id" "go$n-$id"; do until_true answers "$service"; done
    done
    official_link "bash1-$id" "app1-$id" DATABASE_URL
    official_link "go1-$id" "app1-$id" DOKKU_POSTGRES_AQUA_URL
    official_link "bash2-$id" "app2-$id" REPORTING_URL
    official_link "go2-$id" "app3-$id" DATABASE_URL
    official_link "go3-$id" "app4-$id" DATABASE_URL
    for n in 1 2 3 4; do dokku git:from-image "app$n-$id" "$app_image" >/dev/null; done
    # one is exposed, one is paused, one has backup credentials
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    echo "127.0.0.1:$port" >"$(service_dir "bash3-$id")/PORT"
    docker run -d --restart=always --name "dokku.postgres.bash3-$id.ambassador" --label=dokku=ambassador --label=dokku.ambassador=postgres \
        --link "dokku.postgres.bash3-$id:postgres" -p "127.0.0.1:$port:5432" dokku/ambassador:0.8.2 postgres 5432 >/dev/null
    docker stop "dokku.postgres.bash4-$id" >/dev/null
    install -d -o dokku -g dokku "$(service_dir "bash5-$id")/backup"
    echo key >"$(service_dir "bash5-$id")/backup/AWS_ACCESS_KEY_ID"
    docker exec -u postgres "dokku.postgres.bash1-$id" psql -Xqd "bash1_$id" -c 'create table kept as select generate_series(1, 100) as n'
    export port
}

every_app_logs_in() {
    [ "$(app_query "app1-$id" DATABASE_URL 'select count(*) from kept')" = 100 ] &&
        [ "$(app_query "app1-$id" DOKKU_POSTGRES_AQUA_URL 'select current_database()')" = "go1_$id" ] &&
        [ "$(app_query "app2-$id" REPORTING_URL 'select current_database()')" = "bash2_$id" ] &&
        [ "$(app_query "app3-$id" DATABASE_URL 'select current_database()')" = "go2_$id" ] &&
        [ "$(app_query "app4-$id" DATABASE_URL 'select current_database()')" = "go3_$id" ]
}

@test "adoption: installing restarts nothing and says what it found" {
    every_app_logs_in
    lives >"$host/before"
    run install_ours
    echo "$output"
    [ "$status" -eq 0 ]
    says '10'
    diff "$host/before" <(lives)
    every_app_logs_in
}

@test "adoption: services and the linked apps' running containers are on our network" {
    for name in bash1 bash2 go1 go2 go3; do
        docker inspect -f '{{json .NetworkSettings.Networks}}' "dokku.postgres.$name-$id" | grep -q '"dokku-postgres"'
    done
    for n in 1 2 3 4; do
        docker inspect -f '{{json .NetworkSettings.Networks}}' "$(app_container "app$n-$id")" | grep -q '"dokku-postgres"'
    done
}

@test "adoption: every command knows the services as they lie" {
    run dokku postgres:list
    for n in 1 2 3 4 5; do says "bash$n-$id" && says "go$n-$id"; done
    [ "$(dokku postgres:info "go2-$id" --dsn)" = "$(official_url "go2-$id")" ]
    [ "$(dokku postgres:info "bash4-$id" --status)" = exited ]
    [ "$(dokku postgres:links "bash1-$id")" = "app1-$id" ]
    run dokku postgres:app-links "app1-$id"
    says "bash1-$id"
    says "go1-$id"
    dokku postgres:linked "bash2-$id" "app2-$id"
    run ! dokku postgres:linked "bash2-$id" "app1-$id"
    dokku postgres:export "bash1-$id" >"$host/kept.dump"
    dokku postgres:import "go5-$id" <"$host/kept.dump"
    [ "$(query "go5-$id" 'select count(*) from kept')" = 100 ]
    [ "$(dokku postgres:info "bash3-$id" --exposed-ports | grep -c "$port")" -eq 1 ]
    diff "$host/before" <(lives)
}

@test "adoption: what is not ours to know is left as it lies" {
    [ "$(cat "$(service_dir "bash5-$id")/backup/AWS_ACCESS_KEY_ID")" = key ]
    [ "$(cat "$(service_dir "go1-$id")/DEFINITION")" = postgres-18 ]
}

is_importing() { [ "$(query "$1" "select count(*) from pg_database where datname like 'dokku_postgres%'")" != 0 ]; }

@test "adoption: the next deploy of an app takes its --link away and it logs in by the network, also while an import is at work" {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    dokku postgres:import "bash1-$id" <"$BATS_TEST_TMPDIR/fifo" &
    import=$!
    exec 8>"$BATS_TEST_TMPDIR/fifo"
    yes -- '-- a long dump' | head -n 100000 >&8
    until_true is_importing "bash1-$id"
    run dokku ps:restart "app1-$id" 8>&-
    [ "$status" -eq 0 ]
    says_not 'waiting for another command'
    dokku ps:restart "app3-$id" 8>&-
    every_app_logs_in
    is_importing "bash1-$id"
    echo 'create table kept as select generate_series(1, 100) as n;' >&8
    exec 8>&-
    wait "$import"
    every_app_logs_in
    [ "$(docker inspect -f '{{len .HostConfig.Links}}' "$(app_container "app1-$id")")" = 0 ]
    run dokku docker-options:report "app1-$id"
    says_not "--link dokku.postgres"
}

@test "adoption: a paused service starts, a stopped one is made again as it was" {
    dokku postgres:start "bash4-$id"
    [ "$(query "bash4-$id" 'select 1')" = 1 ]
    dokku postgres:stop "go4-$id"
    dokku postgres:start "go4-$id"
    [ "$(query "go4-$id" 'show ssl')" = on ]
    [ "$(query "go4-$id" 'show ssl_cert_file')" = /certs/server.crt ]
    dokku postgres:stop "go1-$id"
    dokku postgres:start "go1-$id"
    [ "$(query "go1-$id" 'show server_version_num' | cut -c 1-2)" = 18 ]
}

@test "adoption: the exposed port can be taken back and given again" {
    dokku postgres:unexpose "bash3-$id"
    dokku postgres:expose "bash3-$id" "127.0.0.1:$port"
    export PGPASSWORD
    PGPASSWORD=$(cat "$(service_dir "bash3-$id")/PASSWORD")
    until_true psql -XAtq -h 127.0.0.1 -p "$port" -U postgres -d "bash3_$id" -c 'select 1'
}

@test "adoption: back to the official plugin, the services of ours included" {
    make_service "ours-$id"
    dokku postgres:link "ours-$id" "app2-$id" --alias OURS
    dokku plugin:uninstall postgres
    for pair in bash1:app1 go1:app1 bash2:app2 ours:app2 go2:app3 go3:app4; do
        run dokku docker-options:report "${pair#*:}-$id"
        says "--link dokku.postgres.${pair%:*}-$id:dokku-postgres-${pair%:*}-$id"
    done
    # every file that the official plugin reads
    for name in bash1 bash4 go1 go4 ours; do
        for file in PASSWORD DATABASE_NAME LINKS ENV CONFIG_OPTIONS IMAGE IMAGE_VERSION ID; do
            [ -f "$(service_dir "$name-$id")/$file" ] || { echo "$name lacks $file" >&2; return 1; }
        done
        [ "$(tr -d '\n' <"$(service_dir "$name-$id")/ID")" = "$(docker inspect -f '{{.Id}}' "dokku.postgres.$name-$id")" ]
    done
    for n in 1 2 3 4; do
        dokku ps:restart "app$n-$id"
        docker inspect -f '{{json .HostConfig.Links}}' "$(app_container "app$n-$id")" | grep -q dokku.postgres
    done
    every_app_logs_in
    [ "$(app_query "app2-$id" OURS_URL 'select current_database()')" = "ours_$id" ]
}

# dokku postgres:create

load helper

setup_file() {
    server_image=postgres
    host_up
    listen
}

@test "create: no name, hostile names, unknown flags" {
    local name
    unchanged dokku postgres:create
    [ "$status" -eq 2 ]
    says 'Please specify a valid name for the service'
    for name in "${hostile_names[@]}" 'foo.bar' ENV _all_ "$(printf 'a%.0s' {1..49})"; do
        unchanged dokku postgres:create "$name"
        [ "$status" -eq 2 ] || { printf 'exit %s for %q\n%s\n' "$status" "$name" "$output" >&2; return 1; }
    done
    unchanged dokku postgres:create "db-$id" --no-such-flag
    [ "$status" -eq 2 ]
    says 'no-such-flag'
}

@test "create: a running service with a server that answers, TLS on, and the official files" {
    local folder
    expect_code 0 dokku postgres:create "my-db-$id"
    says "Postgres container created: my-db-$id"
    says '********'
    folder=$(service_dir "my-db-$id")
    says_not "$(cat "$folder/PASSWORD")"
    [ "$(stat -c '%U %a' "$folder")" = 'dokku 700' ]
    [ "$(cat "$folder/DATABASE_NAME")" = "my_db_$id" ]
    [ "$(cat "$folder/IMAGE"):$(cat "$folder/IMAGE_VERSION")" = postgres:17 ]
    [ "$(cat "$folder/ID")" = "$(docker inspect -f '{{.Id}}' "dokku.postgres.my-db-$id")" ]
    [ "$(stat -c '%a %U' "$folder/PASSWORD")" = '600 dokku' ]
    [ "$(stat -c %a "$folder/run")" = 700 ]
    [ ! -s "$folder/LINKS" ]
    [ "$(query "my-db-$id" 'show ssl')" = on ]
    [ "$(query "my-db-$id" 'show ssl_min_protocol_version')" = TLSv1.2 ]
    [ "$(query "my-db-$id" 'select rolpassword like $$SCRAM%$$ from pg_authid where rolname = current_user')" = t ]
    [ "$(docker inspect -f '{{.Config.Hostname}} {{.HostConfig.RestartPolicy.Name}}' "dokku.postgres.my-db-$id")" = "dokku.postgres.my-db-$id always" ]
    [ "$(docker inspect -f '{{index .Config.Labels "dokku"}} {{index .Config.Labels "dokku.service"}}' "dokku.postgres.my-db-$id")" = 'service postgres' ]
}

@test "create: the password stands in no inspection and in no file that others read" {
    local password file
    password=$(cat "$(service_dir "my-db-$id")/PASSWORD")
    run ! grep -qF "$password" <(docker inspect "dokku.postgres.my-db-$id")
    run ! grep -q 'PRIVATE KEY' <(docker inspect "dokku.postgres.my-db-$id")
    while read -r file; do
        run ! setpriv --reuid=nobody --clear-groups grep -qF "$password" "$file"
    done < <(grep -rlF "$password" "$host" --exclude-dir=data)
    [ "$(docker exec "dokku.postgres.my-db-$id" stat -c '%a %U' /var/lib/postgresql/data/server.key)" = '600 postgres' ]
}

@test "create: a second one of the same name, and a twin by name, change nothing" {
    unchanged dokku postgres:create "my-db-$id"
    [ "$status" -eq 1 ]
    says "Postgres service my-db-$id already exists"
    unchanged dokku postgres:create "my_db-$id"
    [ "$status" -eq 4 ]
    says "my-db-$id"
}

@test "create: settings reach the server and its container" {
    expect_code 0 dokku postgres:create "set-$id" --config-options "-c 'max_connections=33'" --custom-env 'A=b c;TZ=UTC' --memory 256 --shm-size 80m \
        --password 'p@ss w/rd'
    says 'Specified password may not be as secure'
    [ "$(query "set-$id" 'show max_connections')" = 33 ]
    [ "$(docker exec "dokku.postgres.set-$id" printenv A)" = 'b c' ]
    [ "$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ShmSize}}' "dokku.postgres.set-$id")" = '268435456 83886080' ]
    [ "$(dokku postgres:info "set-$id" --dsn)" = "postgres://postgres:p%40ss%20w%2Frd@dokku-postgres-set-$id:5432/set_$id" ]
    [ "$(cat "$(service_dir "set-$id")/CONFIG_OPTIONS")" = "-c 'max_connections=33'" ]
}

@test "create: values that cannot be are refused before anything changes" {
    local flags
    for flags in '--memory=lots' '--memory=0x10' '--shm-size=1T' '--password=' '--password=a'$'\n''b' '--image-version=-x' '--image=-x' \
        "--initial-network=none-$id" '--config-options=it'"'"'s' '--custom-env=A' '--custom-env=POSTGRES_PASSWORD=x' '--wait-timeout=soon' \
        '--root-password=x'; do
        unchanged dokku postgres:create "bad-$id" "$flags"
        [ "$status" -eq 2 ] || { printf 'exit %s for %q\n%s\n' "$status" "$flags" "$output" >&2; return 1; }
    done
    unchanged dokku postgres:create "bad-$id" --link "gone-$id"
    [ "$status" -eq 20 ]
    says "App gone-$id does not exist"
    unchanged env POSTGRES_DISABLE_PULL=true dokku postgres:create "bad-$id" --image "none-$id"
    [ "$status" -eq 1 ]
    says "none-$id"
}

@test "create: PostgreSQL 15 and 18 keep their data where their images want them" {
    local major
    for major in 15 18; do
        docker image inspect "postgres:$major" >/dev/null 2>&1 || continue
        expect_code 0 dokku postgres:create "pg$major-$id" --image-version "$major"
        [[ $(query "pg$major-$id" 'show server_version') == "$major".* ]]
        [ "$(query "pg$major-$id" 'show ssl')" = on ]
    done
    [ "$(docker inspect -f '{{range .Mounts}}{{.Destination}} {{end}}' "dokku.postgres.pg18-$id" | tr ' ' '\n' | grep -cx /var/lib/postgresql)" -eq 1 ]
}

@test "create: a compatible image keeps its own init scripts, its major read from the image" {
    docker image inspect dokku-postgres-test/extension:pg-latest >/dev/null 2>&1 || skip 'no such image here'
    expect_code 0 dokku postgres:create "ext-$id" --image dokku-postgres-test/extension --image-version pg-latest
    docker exec "dokku.postgres.ext-$id" sh -c 'ls /docker-entrypoint-initdb.d' | grep -qv 00-dokku-postgres-tls.sh
    [ "$(query "ext-$id" 'show ssl')" = on ]
    dokku postgres:stop "ext-$id"
    expect_code 0 dokku postgres:start "ext-$id"
}

@test "create: networks are joined at their moments" {
    local network
    for network in first later last; do docker network create "$network-$id" >/dev/null; done
    expect_code 0 dokku postgres:create "net-$id" --initial-network "first-$id" --post-create-network "later-$id" --post-start-network "last-$id"
    for network in "first-$id" "later-$id" "last-$id" dokku-postgres; do
        [ "$(docker inspect -f "{{with index .NetworkSettings.Networks \"$network\"}}{{.Aliases}}{{end}}" "dokku.postgres.net-$id" | grep -c "dokku-postgres-net-$id")" -eq 1 ]
    done
    dokku postgres:destroy "net-$id" --force
    for network in first later last; do docker network rm "$network-$id" >/dev/null; done
}

@test "create: linked to an app in the same step" {
    make_app "web-$id"
    expect_code 0 dokku postgres:create "linked-$id" --link "web-$id"
    [ "$(config_value "web-$id" DATABASE_URL)" = "$(dokku postgres:info "linked-$id" --dsn)" ]
    [ "$(cat "$(service_dir "linked-$id")/LINKS")" = "web-$id" ]
}

@test "create: an app that cannot be linked is refused before anything is made" {
    make_app "k3s-$id"
    dokku scheduler:set "k3s-$id" selected k3s || skip 'this host has no scheduler:set'
    unchanged dokku postgres:create "far-$id" --link "k3s-$id"
    [ "$status" -eq 4 ]
    says "'k3s'"
    [ ! -e "$(service_dir "far-$id")" ]
}

@test "create: a server that cannot start leaves nothing and shows its last lines" {
    unchanged dokku postgres:create "never-$id" --config-options '--no-such-setting=1'
    [ "$status" -eq 1 ]
    says 'does not start: unrecognized configuration parameter "no_such_setting"'
    # the cause once, and not the log of each start
    [ "$(grep -c 'no_such_setting' <<<"$output")" -eq 1 ]
    [ "${#lines[@]}" -lt 10 ]
    [ ! -e "$(service_dir "never-$id")" ]
}

is_running() { [ -n "$(docker ps -q --filter "name=^dokku.postgres.$1\$")" ]; }

@test "create: a server that does not answer in time leaves nothing, and its log is shown in its place" {
    unchanged dokku postgres:create "new-$id" --config-options '-c port=5433' --wait-timeout 3
    [ "$status" -eq 6 ]
    says "service 'new-$id' does not answer"
    [ "${#lines[@]}" -gt 5 ]
    says 'Give it longer: --wait-timeout SECONDS'
    says_not 'postgres:logs'
}

@test "create: Ctrl-C takes back what was made, and says so" {
    for signal in INT TERM HUP; do
        with_signals dokku postgres:create "gone-$id" --wait-timeout 300 --config-options '-c port=5433' >"$BATS_TEST_TMPDIR/said" 2>&1 &
        dokku=$!
        until_true is_running "gone-$id"
        kill "-$signal" "$(pgrep -f "subcommands/create postgres:create gone-$id" | tail -n 1)"
        ended_badly "$dokku"
        run cat "$BATS_TEST_TMPDIR/said"
        says 'interrupted'
        says "There is no service gone-$id."
        [ -z "$(docker ps -aq --filter "name=gone-$id")" ]
        [ -z "$(find "$host/lib" -name "*gone-$id*")" ]
    done
}

@test "create: a locale without an encoding is warned of" {
    run dokku postgres:create "ascii-$id" --custom-env 'LC_ALL=C'
    [ "$status" -eq 0 ]
    says 'LC_ALL=C makes a database in SQL_ASCII'
    says 'LC_ALL=C.UTF-8'
    [ "$(query "ascii-$id" 'show server_encoding')" = SQL_ASCII ]
    run dokku postgres:create "utf-$id" --custom-env 'LC_ALL=C.UTF-8'
    says_not SQL_ASCII
    [ "$(query "utf-$id" 'show server_encoding')" = UTF8 ]
    for name in ascii utf; do dokku postgres:destroy "$name-$id" --force; done
}

@test "create: a folder or a container that is not its own is left alone" {
    local folder
    folder=$(service_dir "there-$id")
    install -d -o dokku -g dokku "$folder" "$folder/data"
    echo rows >"$folder/data/rows"
    unchanged dokku postgres:create "there-$id"
    [ "$status" -eq 1 ]
    ln -s "there-$id" "$(service_dir "link-$id")"
    unchanged dokku postgres:create "link-$id"
    [ "$status" -eq 4 ]
    rm -rf "$folder" "$(service_dir "link-$id")"
    docker create --name "dokku.postgres.box-$id" "$app_image" >/dev/null
    unchanged dokku postgres:create "box-$id"
    [ "$status" -eq 4 ]
    docker rm "dokku.postgres.box-$id" >/dev/null
}

@test "create: other plugins hear of it in the official order" {
    [ "$(grep " my-db-$id\$" "$host/heard")" = "pre-create postgres my-db-$id
post-create postgres my-db-$id
post-create-complete postgres my-db-$id" ]
}

@test "create: a plugin that calls us when it hears of a service, or of its end" {
    listener=$host/lib/plugins/available/listener/service-action
    cp -p "$listener" "$BATS_TEST_TMPDIR/listener"
    cat >"$listener" <<END
#!/usr/bin/env bash
case \$1 in
    post-create-complete) dokku postgres:set "\$3" memory 300 ;;
    pre-delete) dokku postgres:export "\$3" >$host/exported ;;
esac
END
    install -m 666 /dev/null "$host/exported"
    expect_code 0 timeout 120 dokku postgres:create "heard-$id"
    [ "$(cat "$(service_dir "heard-$id")/SERVICE_MEMORY")" = 300 ]
    expect_code 0 timeout 120 dokku postgres:destroy "heard-$id" --force
    [ "$(head -c 5 "$host/exported")" = PGDMP ]
    cp -p "$BATS_TEST_TMPDIR/listener" "$listener"
}

@test "create: the last that a killed removal leaves is in nobody's way" {
    install -d -o dokku -g dokku "$(service_dir "void-$id")"
    expect_code 0 dokku postgres:create "void-$id"
    dokku postgres:destroy "void-$id" --force
}

# dokku postgres:upgrade

load helper
load wrap

setup_file() {
    server_image=postgres
    host_up
    make_service "db-$id"
    export service=db-$id
    query "$service" 'create table kept as select 7 as seven'
}
container_id() { docker inspect -f '{{.Id}}' "dokku.postgres.$service"; }
kept() { [ "$(query "$service" 'select seven from kept')" = 7 ]; }

@test "upgrade: new limits and options, the rest keeps its value" {
    dokku postgres:upgrade "$service" --config-options '-c work_mem=7MB'
    expect_code 0 dokku postgres:upgrade "$service" --memory 512 --shm-size 96m
    says "Service $service runs postgres:17"
    [ "$(docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ShmSize}}' "dokku.postgres.$service")" = "536870912 100663296" ]
    [ "$(query "$service" 'show work_mem')" = 7MB ]
    kept
    [ "$(cat "$(service_dir "$service")/SERVICE_MEMORY")" = 512 ]
}

@test "upgrade: another image of the same major; links keep" {
    deploy_app "web-$id"
    dokku postgres:link "$service" "web-$id"
    expect_code 0 dokku postgres:upgrade "$service" --image dokku-postgres-test/extension --image-version pg-latest
    [[ $output == *"All connections to $service end now"*"Linked apps: web-$id"*"dokku ps:restart web-$id"*"runs dokku-postgres-test"* ]]
    [ "$(docker inspect -f '{{.Config.Image}}' "dokku.postgres.$service")" = dokku-postgres-test/extension:pg-latest ]
    kept
    [ "$(app_query "web-$id" DATABASE_URL 'select seven from kept')" = 7 ]
    query "$service" 'create extension citext'
    run dokku postgres:upgrade "$service" --image postgres --image-version 17 --restart-apps true
    [ "$status" -eq 0 ]
    says 'They are deployed afterwards'
    says_not 'ps:restart'
    [ "$(app_query "web-$id" DATABASE_URL 'select seven from kept')" = 7 ]
}

@test "upgrade: another major is refused and says what to do" {
    unchanged dokku postgres:upgrade "$service" --image-version 18
    [ "$status" -eq 4 ]
    says 'PostgreSQL 17'
    says 'PostgreSQL 18'
    says "postgres:clone $service"
    kept
}

@test "upgrade: the lines that it shows for another major move the apps and keep their variables" {
    deploy_app "shop-$id"
    deploy_app "report-$id"
    dokku postgres:link "$service" "shop-$id"
    dokku postgres:link "$service" "report-$id" --alias REPORTING --querystring 'connect_timeout=9&application_name=r'
    dokku apps:create "both-$id"
    dokku postgres:link "$service" "both-$id" --alias WORKER
    dokku postgres:promote "$service" "both-$id"
    run dokku postgres:upgrade "$service" --image-version 18
    [ "$status" -eq 4 ]
    sed -n 's/^ !     \(dokku .*\)/\1/p' <<<"$output" >"$BATS_TEST_TMPDIR/recipe"
    cat "$BATS_TEST_TMPDIR/recipe"
    run bash -e "$BATS_TEST_TMPDIR/recipe"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(app_query "shop-$id" DATABASE_URL 'select seven from kept')" = 7 ]
    [[ $(app_query "shop-$id" DATABASE_URL 'show server_version') == 18* ]]
    [[ $(app_query "report-$id" REPORTING_URL 'show server_version') == 18* ]]
    [[ $(config_value "both-$id" WORKER_URL) == *"@dokku-postgres-$service-18:"* ]]
    [ "$(config_value "both-$id" DATABASE_URL)" = "$(config_value "both-$id" WORKER_URL)" ]
    [[ $(config_value "report-$id" REPORTING_URL) == *'?connect_timeout=9&application_name=r' ]]
    [ -z "$(dokku postgres:links "$service" | grep -E "shop|report|both")" ]
    for app in $(dokku postgres:links "$service-18"); do dokku postgres:unlink "$service-18" "$app" --no-restart; done
    dokku postgres:destroy "$service-18" --force
}

@test "upgrade: a server that does not start is taken back" {
    expect_code 1 dokku postgres:upgrade "$service" --config-options '-c shared_buffers=nonsense'
    says 'does not start: invalid value for parameter "shared_buffers": "nonsense"'
    [ "$(grep -c 'nonsense' <<<"$output")" -eq 1 ]
    says 'runs again with its old settings'
    [ "$(query "$service" 'show work_mem')" = 7MB ]
    kept
}

# A tag that names other images as time goes on, as one does that is pulled.
moving() { docker build -q -t "moving-$id:17" - >/dev/null <<<"$1"; }

@test "upgrade: an image that fails behind the same tag is taken back, with the words of its server" {
    front_client
    client_does <<<'[ "$1 $2" != "image pull" ] || exit 0'
    moving 'FROM postgres:17'
    dokku postgres:create "move-$id" --image "moving-$id" --image-version 17
    query "move-$id" 'create table kept as select 7 as seven'
    moving "$(printf 'FROM postgres:17\nENTRYPOINT ["sh", "-c", "echo broken on purpose; exit 3"]')"
    expect_code 1 dokku postgres:upgrade "move-$id"
    says 'broken on purpose'
    says 'runs again with its old settings'
    [ "$(query "move-$id" 'select seven from kept')" = 7 ]
    expect_code 1 dokku postgres:set "move-$id" memory 300
    [ "$(query "move-$id" 'select seven from kept')" = 7 ]
}

@test "upgrade: a killed one is taken back to the image that ran before it" {
    moving 'FROM postgres:17'
    dokku postgres:upgrade "move-$id"
    moving "$(printf 'FROM postgres:17\nENTRYPOINT ["sh", "-c", "echo broken again; exit 3"]')"
    client_does <<<'[ "$1 $2" != "image pull" ] || exit 0
        [ "$1 $2" != "container rm" ] || { "$real" "$@"; kill -9 $PPID; exit; }'
    run dokku postgres:upgrade "move-$id"
    [ "$status" -ne 0 ]
    [ -z "$(docker ps -aq --filter "name=^dokku.postgres.move-$id$")" ]
    client_does <<<'[ "$1 $2" != "image pull" ] || exit 0'
    expect_code 1 dokku postgres:upgrade "move-$id"
    says 'broken again'
    says 'runs again with its old settings'
    [ "$(query "move-$id" 'select seven from kept')" = 7 ]
}

@test "upgrade: info shows what a killed one left, and start takes it back" {
    make_service "left-$id"
    client_does <<<'[ "$1 $2" != "container rm" ] || { "$real" "$@"; kill -9 $PPID; exit; }'
    run dokku postgres:upgrade "left-$id" --memory 300 --custom-env WORD=hush
    [ "$status" -ne 0 ]
    client_is_well
    run dokku postgres:info "left-$id"
    says "upgrade, interrupted at 'container'. Run it again, or 'dokku postgres:start left-$id'"
    says_not hush
    [ "$(dokku postgres:info "left-$id" --format json | jq -c '[.operation.name, .operation.step, .operation."at-work"]')" = '["upgrade","container",false]' ]
    [ "$(stat -c %a "$(service_dir "left-$id")/operation.json")" = 600 ]
    dokku postgres:start "left-$id"
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.left-$id")" = 0 ]
    [ "$(dokku postgres:info "left-$id" --format json | jq .operation)" = null ]
    [ -z "$(find "$(service_dir "left-$id")" -maxdepth 1 -name '*operation*' -o -maxdepth 1 -name '*.next')" ]
    dokku postgres:destroy "left-$id" --force
}

@test "upgrade: another major behind the same tag is refused, and starts nothing" {
    moving 'FROM postgres:18'
    for words in "upgrade move-$id" "set move-$id memory 300"; do
        # shellcheck disable=SC2086
        expect_code 4 dokku postgres:$words
        says 'PostgreSQL 18'
        [ "$(query "move-$id" 'select seven from kept')" = 7 ]
    done
    docker rm -f "dokku.postgres.move-$id" >/dev/null
    expect_code 4 dokku postgres:start "move-$id"
    says "postgres:upgrade move-$id --image-version 17"
    dokku postgres:upgrade "move-$id" --image postgres --image-version 17
    dokku postgres:start "move-$id"
    [ "$(query "move-$id" 'select seven from kept')" = 7 ]
    dokku postgres:destroy "move-$id" --force
    docker rmi -f "moving-$id:17" >/dev/null
    client_is_well
}

@test "upgrade: an image with another place for data runs on those that are there" {
    for place in /var/lib/postgresql/data/below /srv/elsewhere; do
        moving "$(printf 'FROM postgres:17\nENV PGDATA=%s' "$place")"
        expect_code 0 dokku postgres:upgrade "$service" --image "moving-$id" --image-version 17
        kept
        dokku postgres:stop "$service"
        dokku postgres:start "$service"
        kept
    done
    dokku postgres:upgrade "$service" --image postgres --image-version 17
    kept
    docker rmi -f "moving-$id:17" >/dev/null
}

@test "upgrade: the container leaves the networks that are no longer set" {
    docker network create "one-$id" >/dev/null
    docker network create "two-$id" >/dev/null
    on_network() { docker network inspect -f '{{len .Containers}}' "$1"; }
    for key in post-create-network post-start-network; do
        dokku postgres:upgrade "$service" --$key "one-$id"
        [ "$(on_network "one-$id") $(on_network "two-$id")" = '1 0' ]
        dokku postgres:upgrade "$service" --$key "two-$id"
        [ "$(on_network "one-$id") $(on_network "two-$id")" = '0 1' ]
        dokku postgres:upgrade "$service" --$key ''
        [ "$(on_network "two-$id")" = 0 ]
    done
    kept
    docker network rm "one-$id" "two-$id" >/dev/null
}

@test "upgrade: an image that was built on this host is taken without a registry" {
    moving 'FROM postgres:17'
    dokku postgres:upgrade "$service" --image "moving-$id" --image-version 17
    expect_code 0 dokku postgres:upgrade "$service"
    says 'the image on this host is taken'
    says "already running moving-$id:17"
    moving "$(printf 'FROM postgres:17\nENV NEWER=1')"
    expect_code 0 dokku postgres:upgrade "$service"
    says "Service $service runs moving-$id:17"
    [ "$(docker exec "dokku.postgres.$service" printenv NEWER)" = 1 ]
    dokku postgres:upgrade "$service" --image postgres --image-version 17
    docker rmi -f "moving-$id:17" >/dev/null
    kept
}

@test "upgrade: an image that is nowhere changes nothing" {
    unchanged dokku postgres:upgrade "$service" --image "nowhere-$id/nothing" --image-version 17
    [ "$status" -eq 1 ]
    kept
}

@test "upgrade: settings that cannot be are refused before anything changes" {
    before=$(container_id)
    for words in '--memory 5' '--memory x' '--memory -1' '--shm-size 0' '--shm-size 5q' '--image -x' '--image-version .' '--custom-env 1=2' \
        '--custom-env POSTGRES_PASSWORD=x' '--initial-network host' '--initial-network no-such-net' '--restart-apps maybe' '--wait-timeout 0'; do
        # shellcheck disable=SC2086
        unchanged dokku postgres:upgrade "$service" $words
        [ "$status" -eq 2 ] || { echo "exit $status for $words: $output" >&2; return 1; }
    done
    unchanged dokku postgres:upgrade "$service" --config-options "-c 'open"
    [ "$status" -eq 2 ]
    [ "$(container_id)" = "$before" ]
}

@test "upgrade: a service that is down takes the settings when it starts" {
    dokku postgres:pause "$service"
    expect_code 0 dokku postgres:upgrade "$service" --memory 640
    says_not "Service $service runs"
    says "Service $service will run postgres:17"
    [ -z "$(docker ps -q --filter "name=^dokku.postgres.$service$")" ]
    dokku postgres:start "$service"
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.$service")" = 671088640 ]
    kept
}

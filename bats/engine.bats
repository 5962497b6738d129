# Engines that are down, old, new or full: a clear line, a true exit code, and nothing half done

load helper
load wrap

setup_file() {
    host_up
    front_client
    export service=db-$id
    make_service "$service"
    make_app "web-$id"
    dokku postgres:link "$service" "web-$id" --no-restart
    query "$service" 'create table kept as select 7 as seven'
}
teardown_file() {
    client_is_well
    host_down
}
teardown() { client_is_well; }

engine_is_down() {
    client_does <<'END'
echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
exit 1
END
}
kept() { [ "$(query "$service" 'select seven from kept')" = 7 ]; }

@test "engine: down, every command that needs it says so and changes nothing" {
    engine_is_down
    for words in "create new-$id" "destroy $service --force" "info $service" "export $service" "import $service" "start $service" \
        "stop $service" "pause $service" "restart $service" "upgrade $service --memory 512" "set $service memory 512" "expose $service" \
        "clone $service copy-$id" "reset $service --force" "connect $service -c select" "certificate $service" "enter $service true" "wait $service" \
        "logs $service" \
        "create new-$id --image nowhere/at-all:17"; do
        # shellcheck disable=SC2086
        unchanged dokku postgres:${words%% *} ${words#* } <<<'select 1;'
        [ "$status" -eq 1 ] || [ "$words" = "destroy $service --force" ] ||
            { printf 'exit %s: %s\n%s\n' "$status" "$words" "$output" >&2; return 1; }
        [ "$words" = "destroy $service --force" ] || says 'the Docker engine does not answer' || { echo "$words" >&2; return 1; }
        says_not 'terminate'
    done
    client_is_well
    kept
}

@test "engine: down, what needs no engine works" {
    engine_is_down
    for words in list "exists $service" "links $service" "linked $service web-$id" "app-links web-$id" "info $service --dsn" "help create"; do
        # shellcheck disable=SC2086
        expect_code 0 dokku postgres:$words
    done
}

@test "engine: down, link and unlink write records and warn" {
    make_app "later-$id"
    engine_is_down
    expect_code 0 dokku postgres:link "$service" "later-$id" --no-restart
    says 'join the service'
    [ "$(config_value "later-$id" DATABASE_URL)" = "$(config_value "web-$id" DATABASE_URL)" ]
    expect_code 0 dokku postgres:unlink "$service" "later-$id" --no-restart
}

@test "engine: down, a hook of a linked app fails and says why; of another app it does nothing" {
    engine_is_down
    make_app "idle-$id"
    expect_code 0 as_dokku "$(program pre-start)" "idle-$id"
    [ -z "$output" ]
    unchanged as_dokku "$(program pre-start)" "web-$id"
    [ "$status" -eq 1 ]
    says ' !     the Docker engine does not answer'
}

@test "engine: down, the plugin installs and updates with a warning" {
    engine_is_down
    expect_code 0 dokku plugin:install
    says 'the network of the services waits for Docker'
    says 'found 1 service, to be checked when Docker answers'
    expect_code 0 dokku plugin:update
    client_is_well
    kept
}

@test "engine: one that knows no links" {
    client_does <<'END'
for word in "$@"; do
    case $word in --link | --link=*) echo 'Error response from daemon: links are not supported' >&2; exit 125 ;; esac
done
END
    run ! "$host/bin/docker-in-front" run --rm --link "dokku.postgres.$service:x" postgres:17 true
    make_service "unlinked-$id"
    deploy_app "fresh-$id"
    expect_code 0 dokku postgres:link "unlinked-$id" "fresh-$id"
    [ "$(app_query "fresh-$id" DATABASE_URL 'select 40 + 2')" = 42 ]
    expect_code 0 dokku postgres:expose "unlinked-$id"
    dokku postgres:unexpose "unlinked-$id"
    expect_code 0 dokku ps:restart "fresh-$id"
    [ "$(app_query "fresh-$id" DATABASE_URL 'select 40 + 2')" = 42 ]
    expect_code 0 dokku postgres:unlink "unlinked-$id" "fresh-$id"
    expect_code 0 dokku postgres:destroy "unlinked-$id" --force
}

@test "engine: one whose inspect has no address at the top" {
    client_does <<'END'
case "$1 $2" in
    'container inspect' | inspect\ *)
        case "$*" in *--format* | *' -f '*) exec "$real" "$@" ;; esac
        "$real" "$@" | jq -c 'map(if .NetworkSettings then .NetworkSettings |= with_entries(select(.key | IN("Ports", "Networks"))) else . end)'
        exit "${PIPESTATUS[0]}"
        ;;
esac
END
    [ "$("$host/bin/docker-in-front" container inspect "dokku.postgres.$service" | jq -r '.[0].NetworkSettings.IPAddress')" = null ]
    make_service "flat-$id"
    run dokku postgres:info "flat-$id" --internal-ip
    [ "$output" = "$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.flat-$id")" ]
    expect_code 0 dokku postgres:wait "flat-$id"
    dokku postgres:export "$service" >"$BATS_TEST_TMPDIR/dump"
    expect_code 0 dokku postgres:import "flat-$id" <"$BATS_TEST_TMPDIR/dump"
    [ "$(query "flat-$id" 'select seven from kept')" = 7 ]
    expect_code 0 as_dokku "$(program pre-start)" "web-$id"
    expect_code 0 dokku postgres:destroy "flat-$id" --force
}

network_is_full() {
    client_does <<END
if [ "\$1 \$2" = 'network connect' ]; then
    echo $(printf %q "Error response from daemon: $1") >&2
    exit 1
fi
END
}

@test "engine: a network that is full" {
    for words in 'failed to add the host (veth1a2b3c4) <=> sandbox (veth5d6e7f8) pair interfaces: exchange full' \
        "no available IPv4 addresses on this network's address pools: dokku-postgres (05b0adfbb470)"; do
        network_is_full "$words"
        unchanged dokku postgres:create "new-$id"
        [ "$status" -eq 1 ]
        says 'the network is full'
        says '1,023'
        says "$words"
    done
    # a deploy says so as well, and goes no further
    client_is_well
    deploy_app "crowd-$id"
    dokku postgres:link "$service" "crowd-$id"
    before=$(app_container "crowd-$id")
    network_is_full 'failed to add the host (veth1a2b3c4) <=> sandbox (veth5d6e7f8) pair interfaces: exchange full'
    run ! dokku ps:restart "crowd-$id"
    says 'the network is full'
    client_is_well
    [ "$(app_container "crowd-$id")" = "$before" ]
    [ "$(app_query "crowd-$id" DATABASE_URL 'select seven from kept')" = 7 ]
}

@test "engine: a registry that does not answer" {
    client_does <<'END'
if [ "$1 $2" = 'image pull' ]; then
    echo 'a layer on its way'
    echo 'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host' >&2
    exit 1
fi
END
    unchanged dokku postgres:create "new-$id" --image "nowhere-$id/postgres" --image-version 17
    [ "$status" -eq 1 ]
    says "cannot pull image 'nowhere-$id/postgres:17'"
    says 'no such host'
    says_not 'a layer on its way'
    run script -qec "dokku postgres:create new-$id --image nowhere-$id/postgres --image-version 17" /dev/null
    says 'a layer on its way'
    says 'no such host'
    run script -qec "dokku --quiet postgres:create new-$id --image nowhere-$id/postgres --image-version 17" /dev/null
    says_not 'a layer on its way'
}

@test "engine: no pull where pulls are switched off" {
    cp "$host/etc/default/dokku" "$BATS_TEST_TMPDIR/settings"
    echo 'export POSTGRES_DISABLE_PULL=true' >>"$host/etc/default/dokku"
    client_does <<END
[ "\$1 \$2" != 'image pull' ] || echo "\$@" >>$host/log/pulls
END
    unchanged dokku postgres:create "new-$id" --image "nowhere-$id/postgres" --image-version 17
    [ "$status" -eq 1 ]
    says "image 'nowhere-$id/postgres:17' is not on this host"
    says "docker image pull nowhere-$id/postgres:17"
    expect_code 0 dokku postgres:upgrade "$service" --memory 600
    cp "$BATS_TEST_TMPDIR/settings" "$host/etc/default/dokku"
    [ ! -e "$host/log/pulls" ]
    kept
}

@test "engine: a start that fails takes the container away again and shows its words" {
    client_does <<'END'
if [ "$1 $2" = 'container start' ]; then
    echo 'Error response from daemon: driver failed programming external connectivity' >&2
    exit 1
fi
END
    unchanged dokku postgres:create "new-$id"
    [ "$status" -eq 1 ]
    says 'driver failed programming external connectivity'
}

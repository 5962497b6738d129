# Engines that hang, die or lose containers: a clear line, an exit code, nothing half done, and the way back works

load helper
load wrap

setup_file() {
    host_up
    front_client
    export service=db-$id
    make_service "$service"
    make_app "b-$id"
    dokku postgres:link "$service" "b-$id" --no-restart
    query "$service" 'create table kept as select 7 as seven'
    dokku postgres:export "$service" >"$host/old.dump"
}
teardown_file() { host_down; }
teardown() {
    client_is_well
    sed -i '/POSTGRES_ENGINE_TIMEOUT/d' "$host/etc/default/dokku"
}
kept() { [ "$(query "$service" 'select seven from kept')" = 7 ]; }

# A question to the engine is waited for so long only, a change three times as long.
gives_up_soon() { echo 'export POSTGRES_ENGINE_TIMEOUT=5' >>"$host/etc/default/dokku"; }

@test "faults engine: an engine that hangs: every question gives up, exit 6" {
    gives_up_soon
    client_does <<'END'
exec sleep infinity
END
    local words pids=()
    for words in "info $service" list "start $service" "wait $service" "export $service" "create new-$id" "logs $service" "hook"; do
        (
            name=${words%% *}
            set -- dokku "postgres:$name" "${words#* }"
            [ "$name" != list ] || set -- dokku postgres:list
            [ "$name" != hook ] || set -- as_dokku env POSTGRES_ENGINE_TIMEOUT=5 "$(program pre-start)" "b-$id"
            code=0
            "$@" >"$BATS_TEST_TMPDIR/$name.out" 2>&1 </dev/null || code=$?
            echo "$code" >"$BATS_TEST_TMPDIR/$name.code"
        ) 3>&- &
        pids+=("$!")
    done
    wait "${pids[@]}"
    client_is_well
    for name in info start wait export create logs hook; do
        [ "$(cat "$BATS_TEST_TMPDIR/$name.code")" = 6 ] || { echo "$name: $(cat "$BATS_TEST_TMPDIR/$name.code")" >&2; cat "$BATS_TEST_TMPDIR/$name.out" >&2; return 1; }
        grep -q 'does not answer in time' "$BATS_TEST_TMPDIR/$name.out"
    done
    # the services are known without an engine
    [ "$(cat "$BATS_TEST_TMPDIR/list.code")" = 0 ]
    dokku postgres:exists "$service"
    ! dokku postgres:exists "new-$id"
    kept
}

@test "faults engine: an engine that hangs in the middle: the command gives up, and the same one finishes" {
    declare -A hangs_at=([create]='container create' [start]='container start')
    local name code pids=()
    for name in "${!hangs_at[@]}"; do
        make_service "$name-$id"
        query "$name-$id" 'create table kept as select 7 as seven'
        echo "${hangs_at[$name]}" >"$host/log/hangs-$name-$id"
    done
    gives_up_soon
    client_does <<END
service=\$(tr '\\0' '\\n' <"/proc/\$PPID/cmdline" | sed -n 3p)
[ "\$1 \$2" != "\$(cat "$host/log/hangs-\$service" 2>/dev/null)" ] || >"$host/log/hung-\$service"
[ ! -e "$host/log/hung-\$service" ] || exec sleep infinity
END
    for name in "${!hangs_at[@]}"; do
        dokku postgres:upgrade "$name-$id" --memory 500 >"$BATS_TEST_TMPDIR/$name.out" 2>&1 </dev/null 3>&- &
        pids+=("$!")
    done
    for pid in "${pids[@]}"; do
        code=0
        wait "$pid" || code=$?
        [ "$code" -eq 6 ] || { cat "$BATS_TEST_TMPDIR"/*.out >&2; return 1; }
    done
    client_is_well
    for name in "${!hangs_at[@]}"; do
        [ -e "$host/log/hung-$name-$id" ]
        grep -q 'does not answer in time' "$BATS_TEST_TMPDIR/$name.out"
        expect_code 0 dokku postgres:upgrade "$name-$id" --memory 500
        [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.$name-$id")" = 524288000 ]
        [ "$(query "$name-$id" 'select seven from kept')" = 7 ]
    done
}

# dies_at VERB NOUN: the engine is gone from that call on, before the call is carried out.
dies_at() {
    rm -f "$host/log/gone"
    client_does <<END
[ "\$1 \$2" != "$1 $2" ] || >$host/log/gone
if [ -e $host/log/gone ]; then
    echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
    exit 1
fi
END
}

# recovers VERB NOUN COMMAND..: it fails where the engine goes away, and does its work when that is back.
recovers() {
    dies_at "$1" "$2"
    shift 2
    expect_code 1 "$@"
    says 'the Docker engine does not answer'
    client_is_well
    expect_code 0 "$@"
}

@test "faults engine: an engine that dies in the middle: the same command finishes" {
    for call in 'container create' 'network connect' 'container start'; do
        # shellcheck disable=SC2086
        recovers $call dokku postgres:create "new-$id"
        [ "$(query "new-$id" 'select 40 + 2')" = 42 ]
        recovers container rm dokku postgres:destroy "new-$id" --force
        [ -z "$(docker ps -aq --filter "name=new-$id")" ]
        [ -z "$(find "$host/lib" -name "*new-$id*")" ]
    done
    memory=500
    for call in 'container stop' 'container rm' 'container create' 'container start'; do
        memory=$((memory + 1))
        # shellcheck disable=SC2086
        recovers $call dokku postgres:upgrade "$service" --memory "$memory"
        [ "$(docker inspect -f '{{.HostConfig.Memory}} {{.State.Status}}' "dokku.postgres.$service")" = "$((memory * 1024 * 1024)) running" ]
        kept
    done
    recovers container create dokku postgres:expose "$service"
    dokku postgres:unexpose "$service"
}

@test "faults engine: an upgrade that was stopped by the operator's own stop stays down" {
    dies_at container create
    expect_code 1 dokku postgres:upgrade "$service" --memory 600
    client_is_well
    expect_code 0 dokku postgres:stop "$service"
    expect_code 0 dokku postgres:upgrade "$service" --memory 601
    says "Postgres service $service is stopped: the settings take effect when it starts"
    expect_code 0 dokku postgres:start "$service"
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.$service")" = "$((601 * 1024 * 1024))" ]
    kept
}

@test "faults engine: a container that somebody removed: told, and brought back by whatever needs it" {
    docker rm -f "dokku.postgres.$service" >/dev/null
    [ "$(dokku postgres:info "$service" --status)" = missing ]
    run dokku postgres:list --format json
    says missing
    dokku postgres:export "$service" >"$BATS_TEST_TMPDIR/dump"
    [ -s "$BATS_TEST_TMPDIR/dump" ]
    kept
    docker rm -f "dokku.postgres.$service" >/dev/null
    expect_code 0 dokku postgres:import "$service" <"$host/old.dump"
    kept
    make_service "lost-$id"
    docker rm -f "dokku.postgres.lost-$id" >/dev/null
    expect_code 0 dokku postgres:destroy "lost-$id" --force
    [ -z "$(find "$host/lib" -name "*lost-$id*")" ]
}

@test "faults engine: dokku cleanup takes a paused service's container; start brings it back" {
    dokku postgres:pause "$service"
    dokku cleanup >/dev/null
    expect_code 0 dokku postgres:start "$service"
    kept
}

# Disks, engines and servers that fail: a clear line, a true exit code, nothing half done, and the way back works

load helper
load wrap

setup_file() {
    host_up
    front_client
    export service=db-$id
    make_service "$service"
    make_app "a-$id"
    make_app "b-$id"
    dokku postgres:link "$service" "b-$id" --no-restart
    query "$service" 'create table kept as select 7 as seven'
    dokku postgres:export "$service" >"$host/old.dump"
    services=$host/lib/services/postgres
    export services
}
teardown_file() { host_down; }
teardown() {
    client_is_well
    umount "$services" 2>/dev/null || true
}
kept() { [ "$(query "$service" 'select seven from kept')" = 7 ]; }

# refused TEXT COMMAND..: it fails with that text, and nothing has changed.
refused() {
    local text=$1
    shift
    unchanged "$@"
    [ "$status" -ne 0 ] || { echo "not refused: $*" >&2; return 1; }
    says "$text"
    says_not terminate
}

# all_refused TEXT: whatever writes records.
all_refused() {
    local words
    for words in "link $service a-$id --no-restart" "set $service memory 512" "upgrade $service --memory 512" "expose $service" \
        "create new-$id"; do
        # shellcheck disable=SC2086
        refused "$1" dokku postgres:${words%% *} ${words#* }
    done
}

@test "faults: a disk that is full under the records: all is as it was, and goes on when there is room" {
    # only the records lie on the small disk: the server has its data mounted already
    mount -t tmpfs -o size=64m,mode=0755 tmpfs "$BATS_TEST_TMPDIR" || skip 'no mounts here'
    cp -a "$services/." "$BATS_TEST_TMPDIR/"
    chown --reference="$services" "$BATS_TEST_TMPDIR"
    mount --bind "$BATS_TEST_TMPDIR" "$services"
    head -c 64M /dev/zero >"$services/filler" 2>/dev/null || true
    all_refused 'No space left on device'
    refused 'not enough room' dokku postgres:clone "$service" "copy-$id"
    [ -z "$(config_value "a-$id" DATABASE_URL || true)" ]
    kept
    rm "$services/filler"
    expect_code 0 dokku postgres:link "$service" "a-$id" --no-restart
    expect_code 0 dokku postgres:unlink "$service" "a-$id" --no-restart
    umount "$services"
    umount "$BATS_TEST_TMPDIR"
}

@test "faults: records on a read-only file system: questions are answered, changes refused" {
    mount --bind "$services" "$services" || skip 'no mounts here'
    mount -o remount,ro,bind "$services"
    all_refused 'Read-only file system'
    refused 'Read-only file system' dokku postgres:unlink "$service" "b-$id" --no-restart
    for words in list "info $service" "links $service" "linked $service b-$id" "app-links b-$id" "exists $service" "wait $service"; do
        # shellcheck disable=SC2086
        expect_code 0 dokku postgres:$words
    done
    expect_code 0 as_dokku "$(program pre-start)" "b-$id"
    umount "$services"
    kept
}

@test "faults: a server that never answers leaves nothing" {
    unchanged dokku postgres:create "mute-$id" --wait-timeout 5 --config-options "-c port=5433"
    [ "$status" -eq 6 ]
    says 'does not answer'
    [ -z "$(docker ps -aq --filter "name=mute-$id")" ]
    [ -z "$(find "$host/lib" -name "*mute-$id*")" ]
}

@test "faults: no wait looks at a clock that may be set back" {
    run grep -rnE 'system_clock|CLOCK_REALTIME|gettimeofday|[^_a-z]time\((nullptr|NULL|0)\)' "$root/lib" "$root/subcommands" "$root/hooks" --include=*.cpp --include=*.h
    [ "$status" -eq 1 ]
    for program in "$tree"/subcommands/{create,import,link,wait}; do
        # a wait with a limit, where there is one, is told its clock
        run bash -c "nm -D --undefined-only '$program' | grep -E ' (pthread_cond_timedwait|gettimeofday|time|ftime)(@|\$)'"
        [ "$status" -eq 1 ]
    done
}

# with_clock PROGRAM WORD..: the time of day that it sees is this host's and what stands in $host/clock.
with_clock() {
    as_dokku env "LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1)" "FAKETIME_TIMESTAMP_FILE=$host/clock" FAKETIME_NO_CACHE=1 \
        FAKETIME_DONT_FAKE_MONOTONIC=1 "$@"
}
set_clock() { echo "$1" >"$host/clock.new" && chmod 644 "$host/clock.new" && mv "$host/clock.new" "$host/clock"; }
waits_for() { [ -n "$(ss -Htn state established "dst $1:5432")" ]; }

@test "faults: a clock that jumps while a wait goes on: it ends when it should" {
    local address jump
    address=$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.$service")
    set_clock +0
    [ "$(with_clock date +%Y)" = "$(date +%Y)" ]
    # a server that hears and says nothing
    docker kill --signal STOP "dokku.postgres.$service" >/dev/null
    for jump in -10h +10h; do
        set_clock +0
        with_clock "$(program wait)" postgres:wait "$service" --timeout 8 >"$BATS_TEST_TMPDIR/said" 2>&1 &
        waiting=$!
        until_true waits_for "$address"
        set_clock "$jump"
        [ "$(with_clock date +%s)" -ne "$(date +%s)" ]
        # no limit of its own is near it, and none of the clock's
        begin=$SECONDS
        code=0
        wait "$waiting" || code=$?
        [ "$code" -eq 6 ]
        [ $((SECONDS - begin)) -lt 100 ]
        grep -q 'does not answer' "$BATS_TEST_TMPDIR/said"
    done
    docker kill --signal CONT "dokku.postgres.$service" >/dev/null
    kept
    # one that was set back for good does its work
    set_clock -10h
    expect_code 0 with_clock "$(program link)" postgres:link "$service" "a-$id" --no-restart
    expect_code 0 with_clock "$(program pre-start)" "a-$id"
    expect_code 0 with_clock "$(program unlink)" postgres:unlink "$service" "a-$id" --no-restart
    expect_code 0 with_clock "$(program create)" postgres:create "clock-$id"
    expect_code 0 with_clock "$(program destroy)" postgres:destroy "clock-$id" --force
}

@test "faults: what a killed create left goes with the next command" {
    as_dokku mkdir -p "$services/.creating-dead-$id/run"
    as_dokku touch "$services/.creating-dead-$id/run/password" "$host/lib/data/postgres/locks/service-dead-$id"
    # one who waited for a server that was destroyed meanwhile
    as_dokku touch "$host/lib/data/postgres/locks/server-gone-$id"
    # a create that is on its way holds its lock: nothing of it is touched
    as_dokku mkdir "$services/.creating-busy-$id"
    as_dokku touch "$host/lib/data/postgres/locks/service-busy-$id"
    exec 8>"$host/lib/data/postgres/locks/service-busy-$id"
    flock 8
    make_service "brief-$id"
    [ ! -e "$services/.creating-dead-$id" ]
    [ ! -e "$host/lib/data/postgres/locks/service-dead-$id" ]
    [ ! -e "$host/lib/data/postgres/locks/server-gone-$id" ]
    [ -e "$services/.creating-busy-$id" ]
    exec 8>&-
    dokku postgres:destroy "brief-$id" --force
    [ ! -e "$services/.creating-busy-$id" ]
    [ ! -e "$host/lib/data/postgres/locks/service-busy-$id" ]
    [ -e "$host/lib/data/postgres/locks/service-$service" ]
}

@test "faults: locks of apps that are gone go with the next plugin update" {
    make_app "short-$id"
    dokku postgres:link "$service" "short-$id" --no-restart
    [ -e "$host/lib/data/postgres/locks/app-short-$id" ]
    dokku postgres:unlink "$service" "short-$id" --no-restart
    dokku --force apps:destroy "short-$id" >/dev/null
    mapfile -d '' words < <(dokku_environment)
    (cd / && env -i "${words[@]}" "$(program update)")
    [ ! -e "$host/lib/data/postgres/locks/app-short-$id" ]
    [ -e "$host/lib/data/postgres/locks/app-b-$id" ]
}

@test "faults: nobody waits for another service's lock" {
    exec 8>"$host/lib/data/postgres/locks/service-$service"
    flock 8
    make_service "other-$id"
    expect_code 0 dokku postgres:link "other-$id" "a-$id" --no-restart
    expect_code 0 as_dokku "$(program pre-start)" "a-$id"
    # a service that serves needs no lock at all
    expect_code 0 as_dokku "$(program pre-start)" "b-$id"
    expect_code 0 dokku postgres:info "$service"
    expect_code 0 dokku postgres:unlink "other-$id" "a-$id" --no-restart
    exec 8>&-
}

@test "faults: who waited for a service that was destroyed meanwhile says that it does not exist" {
    make_service "gone-$id"
    as_dokku touch "$host/lib/data/postgres/locks/server-gone-$id"
    exec 8>"$host/lib/data/postgres/locks/server-gone-$id"
    flock 8
    echo 'select 1;' >"$BATS_TEST_TMPDIR/sql"
    commands=()
    for words in "import gone-$id" "reset gone-$id --force" "restart gone-$id" "stop gone-$id" "pause gone-$id" \
        "upgrade gone-$id --memory 300" "destroy gone-$id --force"; do
        # shellcheck disable=SC2086
        dokku postgres:$words <"$BATS_TEST_TMPDIR/sql" >"$BATS_TEST_TMPDIR/${words%% *}" 2>&1 8>&- &
        commands+=("$!")
    done
    waits() { grep -q "waiting for another command on service 'gone-$id'" "$1"; }
    for name in import reset restart stop pause upgrade destroy; do until_true waits "$BATS_TEST_TMPDIR/$name"; done
    docker rm -f "dokku.postgres.gone-$id" >/dev/null
    rm -r "$(service_dir "gone-$id")"
    exec 8>&-
    for pid in "${commands[@]}"; do
        code=0
        wait "$pid" || code=$?
        [ "$code" -eq 3 ]
    done
    for name in import reset restart stop pause upgrade destroy; do
        run cat "$BATS_TEST_TMPDIR/$name"
        says "Postgres service gone-$id does not exist"
    done
}

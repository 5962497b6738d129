# dokku postgres:logs

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id
}
teardown_file() { host_down; }

# A line in the server's log.
log() { query "$service" "do \$\$ begin raise log '%', '$1'; end \$\$" >/dev/null; }
logged() { docker logs "dokku.postgres.$service" 2>&1 | grep -q "$1"; }

@test "logs: everything, on standard output" {
    log "first-$id"
    until_true logged "first-$id"
    run --separate-stderr dokku postgres:logs "$service"
    [ "$status" -eq 0 ]
    says "first-$id"
    says 'database system is ready to accept connections'
    [ -z "$stderr" ]
}

@test "logs: the last lines" {
    for i in 1 2 3 4 5; do log "line-$i-$id"; done
    until_true logged "line-5-$id"
    run --separate-stderr dokku postgres:logs "$service" 2
    [ "${#lines[@]}" -eq 2 ]
    run --separate-stderr dokku postgres:logs "$service" 0
    [ -z "$output" ]
    run --separate-stderr dokku postgres:logs "$service" all
    says "line-1-$id"
}

@test "logs: no number of lines" {
    for wrong in x 1x 99999999999999 '$(id)' 1.5; do
        expect_code 2 dokku postgres:logs "$service" "$wrong"
    done
}

@test "logs: --tail goes on" {
    for flags in '--tail' '-t 1' '--tail 5'; do
        out=$BATS_TEST_TMPDIR/out
        # shellcheck disable=SC2086
        dokku postgres:logs "$service" $flags >"$out" 2>&1 &
        reader=$!
        text=follow-$RANDOM-$id
        until_true test -s "$out"
        log "$text"
        until_true grep -q "$text" "$out"
        kill -0 "$reader"
        kill "$(pgrep -f "container logs .*dokku.postgres.$service\$" | tail -n 1)"
        wait "$reader" || true
    done
}

@test "logs: no byte of a stranger's commands a terminal; a pipe gets them as they are" {
    query "$service" "do \$\$ begin raise log '%', chr(27) || '[31mred-$id' || chr(27) || ']0;title' || chr(7); end \$\$" >/dev/null
    until_true logged "red-$id"
    dokku postgres:logs "$service" 5 | grep -q $'\e\[31mred'
    SSH_CONNECTION='192.0.2.7 50000 192.0.2.1 22' dokku postgres:logs "$service" 5 >"$BATS_TEST_TMPDIR/ssh"
    script -qec "dokku postgres:logs $service 5" /dev/null </dev/null >"$BATS_TEST_TMPDIR/terminal"
    for seen in ssh terminal; do
        grep -q "red-$id" "$BATS_TEST_TMPDIR/$seen"
        run ! grep -q -e $'\e' -e $'\a' "$BATS_TEST_TMPDIR/$seen"
    done
}

@test "logs: --tail over ssh goes on, and its end ends the client" {
    text=ssh-$RANDOM-$id
    SSH_CONNECTION='192.0.2.7 50000 192.0.2.1 22' with_signals dokku postgres:logs "$service" -t 1 >"$BATS_TEST_TMPDIR/out" 2>&1 &
    reader=$!
    until_true test -s "$BATS_TEST_TMPDIR/out"
    log "$text"
    until_true grep -q "$text" "$BATS_TEST_TMPDIR/out"
    kill -INT "$(pgrep -f "subcommands/logs postgres:logs $service" | tail -n 1)"
    wait "$reader"
    run ! pgrep -f "container logs .*dokku.postgres.$service\$"
}

@test "logs: a paused service still has its log, a stopped one does not" {
    dokku postgres:pause "$service"
    expect_code 0 dokku postgres:logs "$service" 5
    says 'Service logs may not be output as service is not running'
    dokku postgres:stop "$service" >/dev/null 2>&1
    unchanged dokku postgres:logs "$service"
    [ "$status" -eq 1 ]
    says 'Service container does not exist'
}

# The road that most people take: a real sshd whose forced command is Dokku, as sshcommand sets it up.

load helper

setup_file() {
    host_up
    export ssh_port
    ssh_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    mkdir -p "$host/ssh" /run/sshd
    chmod 711 "$host/ssh"
    ssh-keygen -q -t ed25519 -N '' -f "$host/ssh/host"
    ssh-keygen -q -t ed25519 -N '' -f "$host/ssh/user"
    printf 'command="FINGERPRINT=SHA256:test NAME=\\"admin\\" `cat %s/ssh/command` $SSH_ORIGINAL_COMMAND",no-agent-forwarding,no-user-rc,no-X11-forwarding,no-port-forwarding %s\n' \
        "$host" "$(cat "$host/ssh/user.pub")" >"$host/ssh/authorized_keys"
    echo "$host/bin/dokku" >"$host/ssh/command"
    chown dokku "$host/ssh/authorized_keys" "$host/ssh/command"
    chmod 644 "$host/ssh/authorized_keys" "$host/ssh/command"
    cat >"$host/ssh/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
Port $ssh_port
HostKey $host/ssh/host
PidFile $host/ssh/pid
AuthorizedKeysFile $host/ssh/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
AllowUsers dokku
CONFIG
    # an account without a password counts as locked for sshd without PAM
    usermod -p '*' dokku
    /usr/sbin/sshd -f "$host/ssh/sshd_config" -E "$host/ssh/log"
    until_true test -s "$host/ssh/pid"
    make_service "db-$id"
    deploy_app "web-$id"
}
teardown_file() {
    kill "$(cat "$host/ssh/pid")" 2>/dev/null || true
    host_down
}

# One string, as ssh sends it.
over_ssh() {
    ssh -p "$ssh_port" -i "$host/ssh/user" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        -o IdentitiesOnly=yes "${ssh_flags[@]}" dokku@127.0.0.1 -- "$@"
}
ssh_flags=(-T)

@test "ssh: exit codes come through" {
    expect_code 0 over_ssh "postgres:exists db-$id"
    expect_code 1 over_ssh "postgres:exists gone-$id"
    expect_code 3 over_ssh "postgres:info gone-$id"
    expect_code 20 over_ssh "postgres:link db-$id gone-$id"
    expect_code 2 over_ssh "postgres:info db-$id --no-such-flag"
}

@test "ssh: link with an alias, and the app's own container logs in" {
    expect_code 0 over_ssh "postgres:link db-$id web-$id --alias REPORTING_DATABASE"
    [ "$(app_query "web-$id" REPORTING_DATABASE_URL 'select 40 + 2')" = 42 ]
}

@test "ssh: flags that Dokku's own parser reads: --app, --quiet, --force, --no-restart before the command" {
    run over_ssh "--app web-$id postgres:app-links"
    [ "$status" -eq 0 ]
    says "db-$id"
    run over_ssh "postgres:app-links --app web-$id"
    [ "$status" -eq 0 ]
    says "db-$id"
    run over_ssh "--quiet postgres:list"
    [ "$status" -eq 0 ]
    says "db-$id"
    container=$(app_container "web-$id")
    over_ssh "--no-restart postgres:unlink db-$id web-$id"
    [ "$(app_container "web-$id")" = "$container" ]
    over_ssh "postgres:link db-$id web-$id --no-restart"
    [ "$(app_container "web-$id")" = "$container" ]
    over_ssh "postgres:create other-$id" >/dev/null
    expect_code 0 over_ssh "postgres:destroy other-$id --force"
}

@test "ssh: quotes and spaces arrive as they were meant" {
    over_ssh "postgres:unlink db-$id web-$id --no-restart"
    over_ssh "postgres:link db-$id web-$id --no-restart --querystring 'sslmode=require&application_name=a'"
    [[ $(config_value "web-$id" DATABASE_URL) == *'?sslmode=require&application_name=a' ]]
    [ "$(over_ssh "postgres:connect db-$id -c \"select 'two  words'\"" | grep -c 'two  words')" -eq 1 ]
}

@test "ssh: an export is byte for byte what the server sent, and imports from stdin" {
    query "db-$id" 'create table bytes as select n, decode(md5(n::text), $$hex$$) as b from generate_series(1, 5000) n'
    over_ssh "postgres:export db-$id" >"$BATS_TEST_TMPDIR/data.dump"
    [ "$(head -c 5 "$BATS_TEST_TMPDIR/data.dump")" = PGDMP ]
    docker exec -i -u postgres "dokku.postgres.db-$id" pg_restore --list <"$BATS_TEST_TMPDIR/data.dump" >/dev/null
    make_service "copy-$id"
    over_ssh "postgres:import copy-$id" <"$BATS_TEST_TMPDIR/data.dump"
    sum='select count(*), md5(string_agg(md5(b), $$$$ order by n)) from bytes'
    [ "$(query "copy-$id" "$sum")" = "$(query "db-$id" "$sum")" ]
    # a second export over ssh and one on the host differ in nothing but the time in the head
    over_ssh "postgres:export copy-$id --format plain" | grep -v '^\\\(un\)\?restrict' >"$BATS_TEST_TMPDIR/a.sql"
    dokku postgres:export "copy-$id" --format plain | grep -v '^\\\(un\)\?restrict' >"$BATS_TEST_TMPDIR/b.sql"
    cmp "$BATS_TEST_TMPDIR/a.sql" "$BATS_TEST_TMPDIR/b.sql"
}

@test "ssh: an export over ssh -t is the same bytes, and nothing else, even when the service was down" {
    dokku postgres:stop "db-$id"
    ssh_flags=(-tt)
    over_ssh "postgres:export db-$id --compress none" </dev/null >"$BATS_TEST_TMPDIR/tty.dump" 2>"$BATS_TEST_TMPDIR/said"
    ssh_flags=(-T)
    over_ssh "postgres:export db-$id --compress none" >"$BATS_TEST_TMPDIR/data.dump" 2>/dev/null
    # the head tells when each was made
    cmp -i 64 "$BATS_TEST_TMPDIR/tty.dump" "$BATS_TEST_TMPDIR/data.dump"
    docker exec -i -u postgres "dokku.postgres.db-$id" pg_restore --list <"$BATS_TEST_TMPDIR/tty.dump" >/dev/null
    [ ! -s "$BATS_TEST_TMPDIR/said" ]
}

@test "ssh: an export over ssh -t that fails says so with its exit code" {
    ssh_flags=(-tt)
    run over_ssh "postgres:export gone-$id" </dev/null
    [ "$status" -eq 3 ]
    run over_ssh "postgres:export db-$id --format nonsense" </dev/null
    [ "$status" -eq 2 ]
    says "'nonsense' is not a format"
}

@test "ssh: connect without a terminal runs a script and tells its exit code" {
    [ "$(echo 'select 40 + 2' | over_ssh "postgres:connect db-$id" | grep -c 42)" -eq 1 ]
    run over_ssh "postgres:connect db-$id" <<<'select nothing_of_that_name'
    [ "$status" -ne 0 ]
}

@test "ssh: connect with a terminal is psql with a prompt" {
    cat >"$BATS_TEST_TMPDIR/session" <<SCRIPT
set timeout 120
set stty_init "rows 50 columns 150"
expect_before timeout { exit 99 }
spawn ssh -tt -p $ssh_port -i $host/ssh/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR dokku@127.0.0.1 postgres:connect db-$id
expect "=# "
send "select 40 + 2 as answer;\r"
expect " 42"
expect "=# "
send "\\\\q\r"
expect eof
catch wait result
exit [lindex \$result 3]
SCRIPT
    expect -f "$BATS_TEST_TMPDIR/session"
}

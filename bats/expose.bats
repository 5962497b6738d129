# dokku postgres:expose

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id
}
setup() { port=$(free_port); }
teardown() { dokku postgres:unexpose "$service" >/dev/null 2>&1 || true; }
teardown_file() { host_down; }

# The host itself logs in through the port.
log_in() {
    PGPASSWORD=$(cat "$(service_dir "$service")/PASSWORD") PGCONNECT_TIMEOUT=5 \
        psql -XAt -h "$1" -p "$2" -U postgres -d "${service//-/_}" -c 'select 40 + 2'
}
answers() { [ "$(log_in "$@" 2>/dev/null)" = 42 ]; }
started() { docker inspect -f '{{.Id}} {{.State.StartedAt}}' "dokku.postgres.$service"; }

@test "expose: a port of every address, and the service is not restarted" {
    before=$(started)
    expect_code 0 dokku postgres:expose "$service" "$port"
    says "Service $service exposed on port(s) [container->host]: 5432->$port"
    until_true answers 127.0.0.1 "$port"
    [ "$(started)" = "$before" ]
    says 'open on every address of this host'
    says "dokku postgres:expose $service 127.0.0.1:$port"
    # the line that it shows works as it stands
    line=$(sed -n 's/.*Log in from this host: //p' <<<"$output")
    [ "$(PGPASSWORD=$(cat "$(service_dir "$service")/PASSWORD") bash -c "$line -XAtc 'select 40 + 2'")" = 42 ]
    run dokku postgres:info "$service" --exposed-ports
    says "$port"
    [ "$(docker inspect -f '{{json .HostConfig.Links}}' "dokku.postgres.$service.ambassador")" = null ]
}

@test "expose: one address only" {
    run dokku postgres:expose "$service" "127.0.0.1:$port"
    [ "$status" -eq 0 ]
    says_not 'every address'
    until_true answers 127.0.0.1 "$port"
    [ "$(docker inspect -f '{{(index (index .HostConfig.PortBindings "5432/tcp") 0).HostIp}}' "dokku.postgres.$service.ambassador")" = 127.0.0.1 ]
}

@test "expose: a free port when none is named" {
    dokku postgres:expose "$service"
    chosen=$(cat "$(service_dir "$service")/PORT")
    [ "$chosen" -ge 1024 ]
    until_true answers 127.0.0.1 "$chosen"
}

@test "expose: twice is refused and names the port" {
    dokku postgres:expose "$service" "$port"
    unchanged dokku postgres:expose "$service" "$(free_port)"
    [ "$status" -eq 1 ]
    says "Service $service already exposed on port(s) $port"
}

@test "expose: ports that cannot be are refused before anything changes" {
    for wrong in 80 0 1023 65536 -1 x 99999999999 127.0.0.1: :5432 1.2.3:5432 'a;b:5432' '[::1]' '::1:5432' 127.0.0.1:80; do
        unchanged dokku postgres:expose "$service" -- "$wrong"
        [ "$status" -eq 2 ] || { echo "exit $status for $wrong" >&2; return 1; }
    done
}

@test "expose: an address that the host lacks" {
    unchanged dokku postgres:expose "$service" "192.0.2.1:$port"
    [ "$status" -eq 2 ]
    says "this host has no address '192.0.2.1'"
}

# Somebody else has the port, until $holder is ended.
hold_port() {
    python3 -c '
import socket, sys
s = socket.socket(); s.bind(("0.0.0.0", int(sys.argv[1]))); s.listen(); print("taken", flush=True); sys.stdin.read()' "$port" \
        < <(exec tail -f /dev/null) > "$BATS_TEST_TMPDIR/taken" &
    holder=$!
    until_true grep -q taken "$BATS_TEST_TMPDIR/taken"
}

@test "expose: a port in use" {
    hold_port
    unchanged dokku postgres:expose "$service" "$port"
    kill "$holder"
    [ "$status" -eq 1 ]
    says "port $port is in use on this host"
}

@test "expose: a client that checks the certificate may come by 127.0.0.1" {
    dokku postgres:expose "$service" "127.0.0.1:$port"
    until_true answers 127.0.0.1 "$port"
    dokku postgres:certificate "$service" >"$BATS_TEST_TMPDIR/crt"
    run openssl x509 -in "$BATS_TEST_TMPDIR/crt" -noout -ext subjectAltName
    says 'IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1'
    PGSSLMODE=verify-full PGSSLROOTCERT=$BATS_TEST_TMPDIR/crt log_in 127.0.0.1 "$port"
}

@test "expose: a port that another service has, running or not, is refused by its name" {
    make_service "other-$id"
    dokku postgres:expose "other-$id" "127.0.0.1:$port"
    for way in start stop; do
        dokku postgres:$way "other-$id"
        for where in "$port" "127.0.0.1:$port"; do
            unchanged dokku postgres:expose "$service" "$where"
            [ "$status" -eq 1 ]
            says "port $where is taken by Postgres service other-$id"
            says "dokku postgres:unexpose other-$id"
        done
    done
    dokku postgres:destroy "other-$id" --force
}

@test "expose: a forwarder without a record is removed, with the official words" {
    for command in expose unexpose; do
        dokku postgres:expose "$service" "$port"
        rm "$(service_dir "$service")/PORT"
        expect_code 0 dokku postgres:$command "$service"
        says "Service $service has an untracked expose container, removing"
        if [ "$command" = expose ]; then
            until_true answers 127.0.0.1 "$(cat "$(service_dir "$service")/PORT")"
            dokku postgres:unexpose "$service"
        fi
        [ -z "$(docker ps -aq --filter "name=$service.ambassador")" ]
    done
    expect_code 1 dokku postgres:unexpose "$service"
    says "Service $service is not exposed"
}

@test "expose: an expose that lost its forwarder is finished when it is run again" {
    dokku postgres:expose "$service" "$port"
    docker rm -f "dokku.postgres.$service.ambassador" >/dev/null
    dokku postgres:expose "$service" "$port"
    until_true answers 127.0.0.1 "$port"
}

@test "expose: an expose that lost its forwarder and its port says how to give the port up" {
    dokku postgres:expose "$service" "$port"
    docker rm -f "dokku.postgres.$service.ambassador" >/dev/null
    hold_port
    unchanged dokku postgres:expose "$service" "$port"
    kill "$holder"
    [ "$status" -eq 1 ]
    says "port $port is in use on this host"
    says "dokku postgres:unexpose $service"
    dokku postgres:unexpose "$service"
    port=$(free_port)
    dokku postgres:expose "$service" "$port"
    until_true answers 127.0.0.1 "$port"
}

@test "expose: the port outlives a restart of the service, a stop and a start" {
    dokku postgres:expose "$service" "$port"
    dokku postgres:restart "$service"
    until_true answers 127.0.0.1 "$port"
    dokku postgres:stop "$service"
    run ! answers 127.0.0.1 "$port"
    dokku postgres:start "$service"
    until_true answers 127.0.0.1 "$port"
    [ "$(docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' "dokku.postgres.$service.ambassador")" = always ]
}

# What a client meets that has no password, an old protocol or doubts about whom it talks to

load helper

majors=(15 17 18)

setup_file() {
    server_image=postgres
    host_up
    export trusting=dokku-postgres-test/trusting-$id
    deploy_app "web-$id"
    for major in 15 17 18; do
        # the first answer that anybody gets is looked at from outside
        first_answers "tls$major-$id" >"$host/answers$major" &
        watcher=$!
        make_service "tls$major-$id" --image-version "$major"
        wait "$watcher"
        dokku postgres:link "tls$major-$id" "web-$id" --alias "TLS$major" --no-restart
    done
    dokku ps:restart "web-$id" >/dev/null
}
teardown_file() {
    host_down
    docker rmi -f "$trusting:17" >/dev/null 2>&1 || true
}

# first_answers SERVICE: asks for TLS from the moment that the container has an address; prints every answer until twenty are there.
first_answers() {
    python3 - "dokku.postgres.$1" <<'END'
import json, socket, struct, subprocess, sys, time

def address():
    told = subprocess.run(["docker", "container", "inspect", sys.argv[1]], capture_output=True, text=True)
    networks = json.loads(told.stdout or "[{}]")[0].get("NetworkSettings", {}).get("Networks", {}) if told.returncode == 0 else {}
    return networks.get("bridge", {}).get("IPAddress")

end, answers, where = time.time() + 120, 0, None
while answers < 20 and time.time() < end:
    where = where or address()
    if not where:
        time.sleep(0.02)
        continue
    try:
        with socket.create_connection((where, 5432), timeout=5) as client:
            client.sendall(struct.pack("!ii", 8, 80877103))
            print(client.recv(1).decode(), flush=True)
            answers += 1
    except OSError:
        time.sleep(0.005)
END
}

address_of() { docker container inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.$1"; }
dsn_of() { dokku postgres:info "$1" --dsn; }

# login WORD..: psql in the app's container, with nothing but what is said.
login() { docker exec -e PGPASSWORD= -e PGPASSFILE=/none "$(app_container "web-$id")" psql -w -XAt "$@"; }

# asked_for SERVICE: what the server asks a client for that speaks no TLS: the number of the authentication request.
asked_for() {
    python3 - "$(address_of "$1")" "${1//-/_}" <<'END'
import socket, struct, sys
with socket.create_connection((sys.argv[1], 5432), timeout=20) as client:
    words = b"user\0postgres\0database\0" + sys.argv[2].encode() + b"\0\0"
    client.sendall(struct.pack("!ii", 8 + len(words), 196608) + words)
    kind, length, number = struct.unpack("!cii", client.recv(9))
    print(kind.decode(), number, client.recv(length - 8).split(b"\0")[0].decode())
END
}

@test "tls: on from the very first connection" {
    for major in "${majors[@]}"; do
        [ "$(sort "$host/answers$major" | uniq -c | tr -s ' ')" = ' 20 S' ]
        [ "$(query "tls$major-$id" "select current_setting('ssl') || ' ' || current_setting('ssl_min_protocol_version')")" = 'on TLSv1.2' ]
    done
}

@test "tls: a client of 1.1 is refused by the server, one of 1.2 and of 1.3 is not" {
    for major in "${majors[@]}"; do
        where=$(address_of "tls$major-$id"):5432
        run openssl s_client -starttls postgres -connect "$where" -tls1_1 -cipher DEFAULT@SECLEVEL=0 </dev/null
        [ "$status" -ne 0 ]
        says 'alert protocol version'
        for version in 1.2 1.3; do
            run openssl s_client -starttls postgres -connect "$where" "-tls${version/./_}" </dev/null
            says "TLSv$version"
            says 'id-ecPublicKey' || says 'ECDSA'
        done
        run login "$(dsn_of "tls$major-$id")?sslmode=require&ssl_min_protocol_version=TLSv1&ssl_max_protocol_version=TLSv1.1" -c 'select 1'
        [ "$status" -ne 0 ]
    done
}

@test "tls: an elliptic key, ten years, and the names that an app may use" {
    for major in "${majors[@]}"; do
        dokku postgres:certificate "tls$major-$id" >"$BATS_TEST_TMPDIR/crt$major"
        run openssl x509 -in "$BATS_TEST_TMPDIR/crt$major" -noout -text
        says 'Public Key Algorithm: id-ecPublicKey'
        says 'prime256v1'
        says 'Signature Algorithm: ecdsa-with-SHA256'
        says "DNS:dokku-postgres-tls$major-$id, DNS:dokku.postgres.tls$major-$id, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1"
        begin=$(date -d "$(openssl x509 -in "$BATS_TEST_TMPDIR/crt$major" -noout -startdate | cut -d= -f2)" +%s)
        end=$(date -d "$(openssl x509 -in "$BATS_TEST_TMPDIR/crt$major" -noout -enddate | cut -d= -f2)" +%s)
        [ $(((end - begin) / 86400)) -eq 3650 ]
        # what is printed is what the server shows
        openssl s_client -starttls postgres -connect "$(address_of "tls$major-$id"):5432" </dev/null 2>/dev/null |
            openssl x509 -outform DER | cmp - <(openssl x509 -in "$BATS_TEST_TMPDIR/crt$major" -outform DER)
    done
    run ! cmp "$BATS_TEST_TMPDIR/crt15" "$BATS_TEST_TMPDIR/crt17"
}

@test "tls: verify-full from an app's container works with the printed certificate, and with no other" {
    container=$(app_container "web-$id")
    for major in "${majors[@]}"; do
        dokku postgres:certificate "tls$major-$id" | docker exec -i "$container" bash -c 'cat >/tmp/crt'
        variable=TLS${major}_URL
        # shellcheck disable=SC2016
        run docker exec "$container" bash -c 'psql -XAt "${!1}?sslmode=verify-full&sslrootcert=/tmp/crt" -c "select version from pg_stat_ssl where pid = pg_backend_pid()"' _ "$variable"
        [ "$output" = TLSv1.3 ]
        # another service's certificate is not believed, nor is this one for another name
        dokku postgres:certificate "tls$((major == 15 ? 17 : 15))-$id" | docker exec -i "$container" bash -c 'cat >/tmp/other'
        # shellcheck disable=SC2016
        run docker exec "$container" bash -c 'psql -XAt "${!1}?sslmode=verify-full&sslrootcert=/tmp/other" -c "select 1"' _ "$variable"
        [ "$status" -ne 0 ]
        says 'certificate verify failed'
        run docker exec "$container" psql -XAt "$(dsn_of "tls$major-$id" | sed "s/dokku-postgres-tls$major-$id/$(address_of "tls$major-$id")/")?sslmode=verify-full&sslrootcert=/tmp/crt" -c 'select 1'
        [ "$status" -ne 0 ]
        says 'does not match host name'
    done
}

@test "tls: the key is the server's own" {
    for major in "${majors[@]}"; do
        folder=$(service_dir "tls$major-$id")
        run ! setpriv --reuid=nobody --regid=nogroup --clear-groups cat "$folder/run/server.key"
        # shellcheck disable=SC2016
        [ "$(docker exec -u postgres "dokku.postgres.tls$major-$id" bash -c 'stat -c "%a %U" "$PGDATA/server.key"')" = '600 postgres' ]
        run ! docker exec "$(app_container "web-$id")" test -e /run/dokku-postgres
    done
}

@test "tls: no rule lets in anybody from another host but by SCRAM" {
    for major in "${majors[@]}"; do
        query "tls$major-$id" "select type || ' ' || coalesce(address, '-') || ' ' || auth_method from pg_hba_file_rules" >"$BATS_TEST_TMPDIR/rules"
        grep -qx 'host all scram-sha-256' "$BATS_TEST_TMPDIR/rules"
        # trust is for who is in the container already
        run grep -vE '^(local - |host (127\.0\.0\.1|::1) )trust$|^host all scram-sha-256$' "$BATS_TEST_TMPDIR/rules"
        [ -z "$output" ]
        [ "$(query "tls$major-$id" 'show password_encryption')" = scram-sha-256 ]
        [ "$(query "tls$major-$id" "select count(*) from pg_authid where rolpassword is not null and rolpassword not like 'SCRAM-SHA-256\$%'")" = 0 ]
        [ "$(asked_for "tls$major-$id")" = 'R 10 SCRAM-SHA-256' ]
    done
}

@test "tls: nobody comes in without the password, over TLS or not" {
    for major in "${majors[@]}"; do
        for mode in disable require; do
            run login "postgres://postgres@dokku-postgres-tls$major-$id/tls${major}_$id?sslmode=$mode" -c 'select 1'
            [ "$status" -eq 2 ]
            says 'no password supplied'
            run login "postgres://postgres:wrong@dokku-postgres-tls$major-$id/tls${major}_$id?sslmode=$mode" -c 'select 1'
            [ "$status" -eq 2 ]
            says 'password authentication failed'
            [ "$(login "$(dsn_of "tls$major-$id")?sslmode=$mode" -c 'select 40 + 2')" = 42 ]
        done
    done
}

@test "tls: no environment of a user's opens a service to the network" {
    for value in trust md5 password reject 'trust ' TRUST ''; do
        for words in "create new-$id" "upgrade tls17-$id" "clone tls17-$id new-$id"; do
            # shellcheck disable=SC2086
            unchanged dokku postgres:$words --custom-env "A=b;POSTGRES_HOST_AUTH_METHOD=$value"
            [ "$status" -eq 2 ]
            says 'POSTGRES_HOST_AUTH_METHOD'
        done
        unchanged dokku postgres:set "tls17-$id" custom-env "POSTGRES_HOST_AUTH_METHOD=$value"
        [ "$status" -eq 2 ]
    done
    cp "$host/etc/default/dokku" "$BATS_TEST_TMPDIR/default"
    echo 'export POSTGRES_CUSTOM_ENV=POSTGRES_HOST_AUTH_METHOD=trust' >>"$host/etc/default/dokku"
    unchanged dokku postgres:create "new-$id"
    cp "$BATS_TEST_TMPDIR/default" "$host/etc/default/dokku"
    [ "$status" -eq 2 ]
    expect_code 0 dokku postgres:create "said-$id" --custom-env 'POSTGRES_HOST_AUTH_METHOD=scram-sha-256'
}

@test "tls: nor does an image that says trust" {
    docker create --name "trusting-$id" postgres:17 >/dev/null
    docker commit --change 'ENV POSTGRES_HOST_AUTH_METHOD=trust' "trusting-$id" "$trusting:17" >/dev/null
    docker rm -v "trusting-$id" >/dev/null
    make_service "open-$id" --image "$trusting" --image-version 17
    [ "$(asked_for "open-$id")" = 'R 10 SCRAM-SHA-256' ]
    run login "postgres://postgres@dokku-postgres-open-$id/open_$id" -c 'select 1'
    [ "$status" -eq 2 ]
    says 'no password supplied'
}

# impostor SERVICE: from now on packets of this host for the service's server go to somebody else on its bridge, as they do after a
# forged ARP answer. He refuses TLS and asks for the password as it is; what he is told stands in $BATS_TEST_TMPDIR/told.
impostor() {
    local address mac
    address=$(docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' "dokku.postgres.$1")
    ip netns add "thief-$id"
    ip link add "thief$$" type veth peer name inside netns "thief-$id"
    ip link set "thief$$" master docker0 up
    ip -n "thief-$id" address add "$address/16" dev inside
    ip -n "thief-$id" link set inside up
    mac=$(ip -n "thief-$id" -json link show inside | jq -r '.[0].address')
    ip neighbour replace "$address" lladdr "$mac" dev docker0 nud permanent
    cat >"$BATS_TEST_TMPDIR/thief.py" <<'END'
import socket, struct, sys
listener = socket.create_server(("0.0.0.0", 5432))
print("listens", file=open(sys.argv[1], "a", buffering=1))
while True:
    client, _ = listener.accept()
    with client, open(sys.argv[1], "ab", buffering=0) as told:
        client.settimeout(5)
        try:
            first = client.recv(4096)
            told.write(b"called\n")
            if len(first) == 8:
                client.sendall(b"N")
                first = client.recv(4096)
            if first:
                client.sendall(b"R" + struct.pack("!ii", 8, 3))
                told.write(b"password " + client.recv(4096)[5:] + b"\n")
        except OSError:
            pass
END
    ip netns exec "thief-$id" python3 "$BATS_TEST_TMPDIR/thief.py" "$BATS_TEST_TMPDIR/told" 3>&- &
    thief=$!
    until_true grep -q listens "$BATS_TEST_TMPDIR/told"
    thief_at=$address
}
calls() { grep -ac called "$BATS_TEST_TMPDIR/told"; }
no_impostor() {
    kill "$thief"
    ip neighbour del "$thief_at" dev docker0
    ip netns del "thief-$id"
}

@test "tls: who answers in the server's place by forged ARP is told no password, and waited for no longer than a server" {
    impostor "tls17-$id"
    expect_code 6 dokku postgres:wait "tls17-$id" --timeout 2
    # the figures of the server are unknown then
    [ "$(dokku postgres:info "tls17-$id" --format json | jq .size)" = null ]
    before=$(calls)
    with_signals dokku postgres:export "tls17-$id" >/dev/null 2>&1 &
    export=$!
    called_again() { [ "$(calls)" -gt $((before + 1)) ]; }
    until_true called_again
    kill -INT "$(pgrep -f "subcommands/export postgres:export tls17-$id" | tail -n 1)"
    ended_badly "$export"
    no_impostor
    grep -q called "$BATS_TEST_TMPDIR/told"
    run ! grep -a password "$BATS_TEST_TMPDIR/told"
    # the server itself is spoken to as before
    dokku postgres:wait "tls17-$id" --timeout 60
}

@test "tls: an adopted server's certificate is learned from its container, and one that was exchanged as well" {
    folder=$(service_dir "tls15-$id")
    mv "$folder/run/server.crt" "$folder/run/away"
    dokku postgres:export "tls15-$id" >/dev/null
    mv "$folder/run/away" "$folder/run/server.crt"
    cmp "$folder/server.crt" "$folder/run/server.crt"
    rm "$folder/server.crt"
    docker exec -u postgres "dokku.postgres.tls15-$id" sh -c 'cd "$PGDATA" && openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=mine -keyout server.key -out server.crt 2>/dev/null || exit 77; kill -HUP 1' ||
        skip 'no openssl in the image'
    dokku postgres:export "tls15-$id" >/dev/null
    run ! cmp -s "$folder/server.crt" "$folder/run/server.crt"
}

@test "tls: a server whose operator switched TLS off is still reached" {
    dokku postgres:upgrade "tls18-$id" --config-options '-c ssl=off'
    [ "$(dokku postgres:connect "tls18-$id" --command 'show ssl' -A -t)" = off ]
    dokku postgres:export "tls18-$id" >/dev/null
    dokku postgres:upgrade "tls18-$id" --config-options ''
    dokku postgres:export "tls18-$id" >/dev/null
    [ ! -e "$(service_dir "tls18-$id")/server.crt" ]
}

@test "tls: a server keeps no right of root's but those of its entrypoint, and gains none" {
    for major in "${majors[@]}"; do
        container=dokku.postgres.tls$major-$id
        [ "$(docker inspect -f '{{join .HostConfig.CapDrop ","}} {{join .HostConfig.SecurityOpt ","}}' "$container")" = 'ALL no-new-privileges' ]
        docker exec "$container" grep -q '^NoNewPrivs:.*1$' /proc/1/status
        # the server itself, which is not root, has none at all
        [ "$(docker exec "$container" sed -n 's/^CapEff:\t//p' /proc/1/status)" = 0000000000000000 ]
    done
}

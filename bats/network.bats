# The network that all services are on

load helper
load wrap

@test "network: two creates at once on a new host make one" {
    front_client
    # the engine as it is without our network: both look, see none, and only then go on
    install -d -m 777 "$host/net"
    client_does <<END
if [ "\$1 \$2" = 'network ls' ] && [ ! -e $host/net/made ]; then
    echo \$\$ >>$host/net/looks
    until [ "\$(wc -l <$host/net/looks)" -ge 2 ]; do read -rt 0.05 <> <(:) || true; done
    exit 0
fi
if [ "\$1 \$2" = 'network create' ]; then
    echo \$\$ >>$host/net/made
    "\$real" network inspect dokku-postgres >/dev/null 2>&1 || exec "\$real" "\$@"
    exit 0
fi
END
    dokku postgres:create "one-$id" >"$BATS_TEST_TMPDIR/one" 2>&1 &
    local one=$!
    dokku postgres:create "two-$id" >"$BATS_TEST_TMPDIR/two" 2>&1
    wait "$one"
    [ "$(wc -l <"$host/net/made")" -eq 1 ]
    for name in one two; do
        run docker inspect --format '{{json .NetworkSettings.Networks}}' "dokku.postgres.$name-$id"
        says '"dokku-postgres"'
    done
}

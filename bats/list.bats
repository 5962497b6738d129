# dokku postgres:list

load helper
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

@test "list: a host without services" {
    expect_code 0 dokku postgres:list
    says 'There are no Postgres services'
    [ -z "$(dokku postgres:list 2>/dev/null)" ]
    [ "$(dokku postgres:list --format json)" = '[]' ]
}

@test "list: one service a line, sorted" {
    make_folder "b-$id" "a-$id"
    [ "$(dokku postgres:list 2>/dev/null)" = '=====> Postgres services'$'\n'"a-$id"$'\n'"b-$id" ]
    # as scripts have it for core and for the official plugin
    [ "$(dokku postgres:list 2>/dev/null | tail -n +2)" = "a-$id"$'\n'"b-$id" ]
    run dokku --quiet postgres:list
    [ "$output" = "a-$id"$'\n'"b-$id" ]
}

@test "list: status and links as JSON" {
    make_app "web-$id"
    dokku postgres:link "a-$id" "web-$id"
    dokku postgres:list --format json >"$BATS_TEST_TMPDIR/json"
    [ "$(jq -c '.[0].links' "$BATS_TEST_TMPDIR/json")" = "[{\"app\":\"web-$id\",\"variables\":[\"DATABASE_URL\"]}]" ]
    [ "$(jq -c '.[1].links' "$BATS_TEST_TMPDIR/json")" = '[]' ]
    [ "$(jq -r '.[0].name' "$BATS_TEST_TMPDIR/json")" = "a-$id" ]
    [ "$(jq -r '.[1].status' "$BATS_TEST_TMPDIR/json")" = missing ]
    [ "$(jq -r '.[1].version' "$BATS_TEST_TMPDIR/json")" = postgres:17 ]
}

@test "list: bad words" {
    unchanged dokku postgres:list word
    [ "$status" -eq 2 ]
    unchanged dokku postgres:list --no-such-flag
    [ "$status" -eq 2 ]
    unchanged dokku postgres:list --format xml
    [ "$status" -eq 2 ]
}

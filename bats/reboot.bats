# A host that was rebooted: every service comes up once, whoever needs it

load helper
load wrap

@test "reboot: the hooks of twenty apps at once, and the whole of ps:restore, bring their services up, each once" {
    for name in one two three; do make_service "$name-$id"; done
    pids=()
    for number in {1..20}; do
        dokku apps:create "r$number-$id" >/dev/null
        for name in one two three; do dokku postgres:link "$name-$id" "r$number-$id" --no-restart >/dev/null; done
    done
    goes_down() {
        docker stop "dokku.postgres.one-$id" "dokku.postgres.two-$id" >/dev/null
        docker rm -f "dokku.postgres.three-$id" >/dev/null
        # the engine keeps few events: they are listened to
        docker events --since "$(date +%s.%N)" --filter event=start --filter type=container --format '{{.Actor.Attributes.name}}' \
            >"$BATS_TEST_TMPDIR/starts" 3>&- &
        listener=$!
    }
    starts_of() { grep -cx "dokku.postgres.$1-$id" "$BATS_TEST_TMPDIR/starts"; }
    each_came_up_once() {
        for name in one two three; do
            [ "$(query "$name-$id" 'select 40 + 2')" = 42 ]
            [ "$(docker inspect -f '{{.RestartCount}} {{.State.Status}}' "dokku.postgres.$name-$id")" = '0 running' ]
            until_true starts_of "$name" >/dev/null
        done
        kill "$listener"
        for name in one two three; do [ "$(starts_of "$name")" -eq 1 ]; done
    }
    goes_down
    for number in {1..20}; do
        as_dokku "$(program pre-start)" "r$number-$id" >"$BATS_TEST_TMPDIR/$number.out" 2>&1 3>&- &
        pids+=("$!")
    done
    for pid in "${pids[@]}"; do wait "$pid" || { cat "$BATS_TEST_TMPDIR"/*.out >&2; return 1; }; done
    each_came_up_once

    for number in {1..20}; do dokku git:from-image "r$number-$id" "$app_image" >/dev/null; done
    docker stop -t 0 $(docker ps -q --filter "name=^r[0-9]*-$id") >/dev/null
    goes_down
    dokku ps:restore --parallel -1 >"$BATS_TEST_TMPDIR/restored" 2>&1
    each_came_up_once
    for number in {1..20}; do [ "$(app_variable "r$number-$id" DATABASE_URL)" = "$(config_value "r$number-$id" DATABASE_URL)" ]; done
    [ "$(app_query "r20-$id" DATABASE_URL 'select 1')" = 1 ]
}

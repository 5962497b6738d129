# Which programs ours start, in which order, and with what on their command lines

load helper
load wrap

setup_file() {
    host_up
    export service=db-$id
    for number in 1 2 3; do make_service "three$number-$id"; done
    make_service "$service"
    make_app "web-$id"
    make_app "idle-$id"
    deploy_app "three-$id"
    for number in 1 2 3; do dokku postgres:link "three$number-$id" "three-$id" --no-restart; done
    dokku ps:restart "three-$id"
    query "$service" 'create table kept as select 7 as seven'
}
teardown_file() { host_down; }

# record NAME WORD..: runs our program NAME; $programs is what it started, $output what it said.
record() {
    local name=$1 path
    path=$(program "$1")
    trace=$BATS_TEST_TMPDIR/$name.$RANDOM
    mkdir "$trace"
    case $path in */subcommands/*) set -- "postgres:$@" ;; *) shift ;; esac
    straced -ff -o "$trace/trace" -s 65536 -e signal=none -e trace=execve,clone,clone3,fork,vfork "$path" "$@" \
        >"$trace.out" 2>"$trace.err" || { cat "$trace.err" >&2; return 1; }
    programs=$(python3 "$root/tests/bench/calls.py" "$trace" "$path" "$id")
    no_password "$trace"
}

# No password of this host stands in any command line of those that ran.
no_password() {
    local file
    for file in "$host"/lib/services/postgres/*/PASSWORD; do
        ! grep -rqF -- "$(cat "$file")" "$1" || { echo "$file is in a command line:" >&2; grep -rF -- "$(cat "$file")" "$1" >&2; return 1; }
    done
}

# are LINE..: exactly these programs were started, in this order.
are() {
    diff <(printf '%s\n' "$@") <(printf '%s\n' "$programs") >&2
}

started_once() {
    [ "$(grep -cx 'docker container create' <<<"$programs")" -eq 1 ]
    [ "$(grep -cx 'docker container start' <<<"$programs")" -eq 1 ]
    [ "$(grep -c 'docker container run\|docker run' <<<"$programs")" -eq 0 ]
}

@test "processes: the recorder sees a program, a command line and a password in it" {
    mkdir "$BATS_TEST_TMPDIR/seen"
    straced -ff -o "$BATS_TEST_TMPDIR/seen/trace" -s 65536 -e signal=none -e trace=execve,clone,clone3,fork,vfork \
        "$(command -v bash)" -c '/bin/echo one --flag "$1"; /bin/true; :' _ "$(cat "$(service_dir "$service")/PASSWORD")" >/dev/null
    run ! no_password "$BATS_TEST_TMPDIR/seen"
    run python3 "$root/tests/bench/calls.py" "$BATS_TEST_TMPDIR/seen" "$(command -v bash)" "$id"
    [ "${#lines[@]}" -eq 2 ]
    [ "${lines[0]}" = "echo one $(cat "$(service_dir "$service")/PASSWORD")" ]
}

@test "processes: create makes one container, starts it once, and has no helper" {
    record create "new-$id"
    started_once
    # it looks at the container again and again until the server answers: how often is the machine's affair
    programs=$(uniq <<<"$programs")
    are 'docker image inspect' 'docker container inspect' 'openssl req ec' 'docker network ls' \
        'docker container create' 'docker network connect' 'docker container start' 'docker container inspect'
}

@test "processes: link reads the app's config, writes it, and looks at what it wrote" {
    record link "$service" "web-$id" --no-restart
    are 'common verify-app-name' 'common scheduler-detect' 'config_sub export json' 'import config:import json' \
        'config_sub export json' 'docker container ls'
    record unlink "$service" "web-$id" --no-restart
    are 'common verify-app-name' 'config_sub export json' 'config_sub unset DATABASE_URL' 'config_sub export json'
}

@test "processes: link of an app that runs asks the engine only for what must join" {
    record link "$service" "three-$id" --no-restart
    are 'common verify-app-name' 'common scheduler-detect' 'config_sub export json' 'import config:import json' \
        'config_sub export json' 'docker container ls' 'docker container inspect'
    dokku postgres:unlink "$service" "three-$id" --no-restart
    deploy_app "late-$id"
    record link "$service" "late-$id" --no-restart
    are 'common verify-app-name' 'common scheduler-detect' 'config_sub export json' 'import config:import json' \
        'config_sub export json' 'docker container ls' 'docker container inspect' 'docker network connect'
    dokku postgres:unlink "$service" "late-$id" --no-restart
}

@test "processes: where a plugin listens, link looks before it tells it" {
    listen
    record link "$service" "web-$id" --no-restart
    stop_listening
    [ "$(grep -c '^config_sub export' <<<"$programs")" -eq 3 ]
    [ "$(grep -c '^plugn trigger service-action$' <<<"$programs")" -eq 3 ]
    dokku postgres:unlink "$service" "web-$id" --no-restart
}

@test "processes: what only reads files starts nothing" {
    for words in list "links $service" "exists $service" "help create"; do
        # shellcheck disable=SC2086
        record $words
        [ -z "$programs" ] || { printf '%s starts\n%s\n' "$words" "$programs" >&2; return 1; }
    done
}

@test "processes: one question is one process" {
    record info "$service" --status
    are 'docker container inspect'
    record info "$service"
    are 'docker container inspect' "wait $(dokku postgres:info "$service" --internal-ip)"
    record list --format json
    are 'docker container ls'
    record linked "three1-$id" "three-$id"
    are 'common verify-app-name'
    record app-links "three-$id"
    are 'common verify-app-name'
}

@test "processes: export and import" {
    record export "$service"
    are 'docker container inspect' 'docker container exec'
    record import "$service" <"$trace.out"
    are 'docker container inspect' 'docker container exec'
    [ "$(query "$service" 'select seven from kept')" = 7 ]
}

@test "processes: a hook of an app without links is one process" {
    for words in "pre-start idle-$id" "scheduler-deploy docker-local idle-$id latest" "scheduler-deploy k3s idle-$id latest" "scheduler-run docker-local idle-$id 0 -- true" \
        "post-container-create app none idle-$id deploy web" "post-extract idle-$id /tmp rev" "pre-delete idle-$id latest" \
        "post-app-clone-setup idle-$id web-$id" "post-app-rename-setup idle-$id web-$id" "service-list"; do
        # shellcheck disable=SC2086
        record $words
        [ -z "$programs" ] || { printf '%s starts\n%s\n' "$words" "$programs" >&2; return 1; }
        [ "$(find "$trace" -name 'trace.*' | wc -l)" -eq 1 ]
    done
}

@test "processes: a hook of an app with three links that are as they must be" {
    for words in "pre-start three-$id" "scheduler-deploy docker-local three-$id latest" "scheduler-run docker-local three-$id 0 -- true" "post-extract three-$id /tmp rev"; do
        # shellcheck disable=SC2086
        record $words
        are 'docker container inspect' wait wait wait 'config_sub export json'
        # that one and one of each wait: the containers are asked for twice each, and nothing is written
        [ "$(grep -lF '"container", "inspect"' "$trace"/trace.* | wc -l)" -eq 4 ]
        [ ! -s "$trace.out" ]
        [ ! -s "$trace.err" ]
    done
    record post-container-create app "$(app_container "three-$id")" "three-$id" deploy web
    are 'docker network ls' 'docker network connect'
}

@test "processes: no other command has the password in a command line" {
    record wait "$service"
    are 'docker container inspect'
    record connect "$service" -c 'select 1'
    record upgrade "$service" --memory 512
    record clone "$service" "copy-$id"
    record reset "copy-$id" --force
    record promote "three3-$id" "three-$id" --no-restart
    record destroy "copy-$id" --force
}

@test "processes: nor where the server's own socket asks for it" {
    docker exec -u postgres "dokku.postgres.$service" sh -c 'sed -i "s/^local.*/local all all scram-sha-256/" "$PGDATA/pg_hba.conf" && kill -HUP 1'
    socket_asks() { ! docker exec -u postgres "dokku.postgres.$service" psql --no-password -Xc 'select 1'; }
    until_true socket_asks >/dev/null 2>&1
    record export "$service"
    record import "$service" <"$trace.out"
    record connect "$service" -c 'select seven from kept'
    grep -q 7 "$trace.out"
}

# Commands that are killed by SIGKILL: the same command run again finishes, and nothing is left or lost
#
# A point is never a moment. `before|after|amid VERB NOUN N` is the Nth such call of the engine: our program is killed instead of it,
# when it has ended, or while it goes on without us. `SYSCALL N` is the Nth of its own: a rename of a file, the start of a helper.

load helper
load wrap

setup_file() {
    host_up
    front_client
    client_does <<END
if [ -e $host/log/armed ] && read -r command when verb noun nth <$host/log/armed && [ "\$1 \$2" = "\$verb \$noun" ] &&
    [ "\$(</proc/\$PPID/comm)" = "\$command" ]; then
    # two may come at once
    { flock 9 && echo >>$host/log/calls && number=\$(wc -l <$host/log/calls); } 9>>$host/log/counter
    if [ "\$number" -eq "\$nth" ]; then
        rm $host/log/armed
        case \$when in
            before) kill -KILL \$PPID && exit 1 ;;
            after) "\$real" "\$@"; kill -KILL \$PPID && exit 1 ;;
            amid)
                trap '' TERM
                kill -KILL \$PPID
                "\$real" "\$@" >/dev/null 2>&1
                >$host/log/landed
                exit
                ;;
        esac
    fi
fi
END
    export service=db-$id
    make_service "$service"
    make_app "a-$id"
    make_app "b-$id"
    fill old
    dump=$host/old.dump
    dokku postgres:export "$service" >"$dump"
    url=$(dokku postgres:info "$service" --dsn)
    export dump url
}
teardown_file() { host_down; }

# fill WORD: two tables that say it a thousand times. holds SERVICE: the word, when they are whole.
fill() {
    query "$service" "drop table if exists one, two; create table one as select '$1' as word from generate_series(1, 500);
        create table two as select '$1' as word from generate_series(1, 500)" >/dev/null
}
holds() { query "$1" "select string_agg(distinct word, '+') || count(*) from (select word from one union all select word from two) both_tables"; }

# calls SYSCALL[,SYSCALL] COMMAND WORD..: runs it to its end; each such call is a point, one a line.
calls() {
    local which=$1 command=$2
    shift 2
    straced -o "$BATS_TEST_TMPDIR/calls" -e signal=none -e "trace=$which" "$(program "$command")" "postgres:$command" "$@" >/dev/null 2>&1 ||
        { echo "$command failed before anything was killed" >&2; return 1; }
    awk -F'(' '/^[a-z0-9_]+\(/ { print $1, ++seen[$1] }' "$BATS_TEST_TMPDIR/calls"
}
# evenly COUNT: so many of the lines, the first and the last among them.
evenly() {
    awk -v count="$1" '{ line[NR] = $0 } END { for (i = 0; i < count; i++) print line[1 + int(i * (NR - 1) / (count - 1) + 0.5)] }'
}

# kill_at "POINT" COMMAND WORD..: it was killed there; says nothing. Its words are in $BATS_TEST_TMPDIR/killed.
kill_at() {
    local point=$1 command=$2 code=0
    shift 2
    rm -f "$host/log/calls" "$host/log/landed"
    set -- "postgres:$command" "$@"
    case $point in
        before\ * | after\ * | amid\ *)
            echo "$command $point" >"$host/log/armed"
            dokku "$@" >"$BATS_TEST_TMPDIR/killed" 2>&1 || code=$?
            ;;
        *)
            straced -o /dev/null -e signal=none -e "inject=${point% *}:signal=SIGKILL:when=${point#* }" \
                "$(program "$command")" "$@" >"$BATS_TEST_TMPDIR/killed" 2>&1 || code=$?
            ;;
    esac
    [ "$code" -eq 137 ] || { echo "$command: exit $code, not killed at: $point" >&2; cat "$BATS_TEST_TMPDIR/killed" >&2; return 1; }
}
# What an engine went on with alone has come to its end.
landed() { case $1 in amid*) until_true test -e "$host/log/landed" ;; esac; }

# finished_or CODE TEXT: the second run did the rest, or says that there was none.
finished_or() {
    case $status in
        0) ;;
        "$1") says "$2" ;;
        *) printf 'exit %s\n%s\n' "$status" "$output" >&2 && return 1 ;;
    esac
}

# shown NAME..: list and info go on whatever happened.
shown() {
    local name
    dokku postgres:list >/dev/null || return 1
    for name in "$@"; do dokku postgres:info "$name" >/dev/null || return 1; done
}

# sound NAME..: exactly these services are there, whole, and nothing else of this host.
sound() {
    local name file
    shown "$@" || return 1
    diff <(printf '%s\n' "$@" | sort) <(find "$host/lib/services/postgres" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort) >&2 || return 1
    diff <(printf 'dokku.postgres.%s running\n' "$@" | sort) \
        <(docker ps -a --filter "name=$id" --format '{{.Names}} {{.State}}' | sort) >&2 || return 1
    for name in "$@"; do
        diff <(printf '%s\n' "${name//-/_}" postgres template0 template1 | sort) \
            <(query "$name" 'select datname from pg_database' | sort) >&2 || return 1
        grep -q '^state: "\{0,1\}ready' "$(service_dir "$name")/service.yml" || return 1
    done
    file=$(find "$host/lib" -path '*/services/postgres/*/data' -prune -o \( -name '.*' -o -name '*.new' -o -name '*.next' -o -name '*.tmp' \) -print)
    [ -z "$file" ] || { echo "left: $file" >&2; return 1; }
    for file in "$host"/lib/data/postgres/locks/*; do
        flock --nonblock "$file" true || { echo "held: $file" >&2; return 1; }
    done
}

# agree APP: LINKS, links.yml and the app's config say the same of it.
agree() {
    local folder value
    folder=$(service_dir "$service")
    value=$(config_value "$1" DATABASE_URL || true)
    if grep -qxF "$1" "$folder/LINKS"; then
        grep -qF "$1" "$folder/links.yml" && [ "$value" = "$url" ] && dokku postgres:linked "$service" "$1" >/dev/null
    else
        ! grep -qF "$1" "$folder/links.yml" && [ -z "$value" ] && ! dokku postgres:linked "$service" "$1" >/dev/null
    fi || { echo "do not agree: LINKS, links.yml, config '$value'" >&2; cat "$folder/LINKS" "$folder/links.yml" >&2; return 1; }
}

at() { printf '# %s at: %s\n' "$1" "$2" >>"$BATS_TEST_TMPDIR/points"; point=$2; }
teardown() { [ -n "$BATS_TEST_COMPLETED" ] || tail -n 1 "$BATS_TEST_TMPDIR/points" >&2; }
ten() { [ "${#points[@]}" -eq 10 ]; }

@test "kills: create, ten points; destroy, ten points" {
    files=rename,mkdir,rmdir,unlink,unlinkat
    mapfile -t points < <(calls "$files" create "new-$id" | evenly 6)
    points+=('before container create 1' 'amid container create 1' 'after network connect 1' 'after container start 1')
    ten
    creates=("${points[@]}")
    mapfile -t points < <(calls "$files" destroy "new-$id" --force | evenly 6)
    points+=('before container rm 1' 'amid container rm 1' 'before container run 1' 'amid container run 1')
    ten
    for number in {0..9}; do
        at create "${creates[number]}"
        kill_at "$point" create "new-$id"
        shown "$service"
        expect_code 0 dokku postgres:create "new-$id"
        landed "$point"
        sound "$service" "new-$id"
        at destroy "${points[number]}"
        kill_at "$point" destroy "new-$id" --force
        shown "$service"
        run dokku postgres:destroy "new-$id" --force
        # killed after its last file there is nothing left to be finished
        finished_or 3 "Postgres service new-$id does not exist"
        landed "$point"
        sound "$service"
    done
}

@test "kills: create and link in one step, at each of the last four files that it writes" {
    # how often it starts a helper depends on how soon the server answers
    mapfile -t points < <(calls rename create "both-$id" --link "a-$id" | tail -n 4)
    [ "${#points[@]}" -eq 4 ]
    for point in "${points[@]}"; do
        dokku postgres:unlink "both-$id" "a-$id" --no-restart
        dokku postgres:destroy "both-$id" --force
        at create "$point"
        kill_at "$point" create "both-$id" --link "a-$id"
        shown "$service"
        run dokku postgres:create "both-$id" --link "a-$id"
        # killed after its last record there is nothing left to be finished
        finished_or 1 "Postgres service both-$id already exists"
        [ "$(config_value "a-$id" DATABASE_URL)" = "$(dokku postgres:info "both-$id" --dsn)" ]
        [ "$(cat "$(service_dir "both-$id")/LINKS")" = "a-$id" ]
        sound "$service" "both-$id"
    done
    dokku postgres:unlink "both-$id" "a-$id" --no-restart
    dokku postgres:destroy "both-$id" --force
}

@test "kills: link, ten points; unlink, ten points" {
    # clone: the start of one of Dokku's helpers; pidfd_open: just after it
    mapfile -t points < <(calls rename,clone,pidfd_open link "$service" "a-$id" --no-restart | evenly 10)
    ten
    links=("${points[@]}")
    mapfile -t points < <(calls rename,clone,pidfd_open unlink "$service" "a-$id" --no-restart | evenly 10)
    ten
    dokku postgres:link "$service" "b-$id" --no-restart
    for number in {0..9}; do
        at link "${links[number]}"
        kill_at "$point" link "$service" "a-$id" --no-restart
        shown "$service"
        run dokku postgres:link "$service" "a-$id" --no-restart
        finished_or 1 'Already linked as DATABASE_URL'
        agree "a-$id"
        [ "$(config_value "a-$id" DATABASE_URL)" = "$url" ]
        at unlink "${points[number]}"
        kill_at "$point" unlink "$service" "a-$id" --no-restart
        shown "$service"
        run dokku postgres:unlink "$service" "a-$id" --no-restart
        finished_or 1 "Not linked to app a-$id"
        agree "a-$id"
        [ -z "$(config_value "a-$id" DATABASE_URL)" ]
        agree "b-$id"
        sound "$service"
    done
    dokku postgres:unlink "$service" "b-$id" --no-restart
}

@test "kills: pre-delete, at each file that it writes" {
    hook=$(program pre-delete)
    for number in 1 2; do
        dokku postgres:link "$service" "a-$id" --no-restart
        at pre-delete "rename $number"
        run straced -o /dev/null -e signal=none -e "inject=rename:signal=SIGKILL:when=$number" "$hook" "a-$id" latest
        [ "$status" -eq 137 ]
        expect_code 0 as_dokku "$hook" "a-$id" latest
        ! grep -F "a-$id" "$(service_dir "$service")/LINKS" "$(service_dir "$service")/links.yml"
        dokku config:unset --no-restart "a-$id" DATABASE_URL >/dev/null
    done
}

@test "kills: set of a network: the old one is left by the second run" {
    docker network create "one-$id" >/dev/null
    docker network create "other-$id" >/dev/null
    for point in 'before network connect 1' 'after network connect 1' 'before network disconnect 1' 'rename 1'; do
        dokku postgres:set "$service" post-create-network "one-$id"
        at set "$point"
        kill_at "$point" set "$service" post-create-network "other-$id"
        expect_code 0 dokku postgres:set "$service" post-create-network "other-$id"
        networks=$(docker inspect -f '{{json .NetworkSettings.Networks}}' "dokku.postgres.$service")
        [[ $networks == *"\"other-$id\""* && $networks != *"\"one-$id\""* ]]
        sound "$service"
    done
    dokku postgres:set "$service" post-create-network
    docker network rm "one-$id" "other-$id" >/dev/null
}

@test "kills: import, ten points" {
    fill new
    # each send is a question to the server: the last third makes the new database take its place
    mapfile -t points < <(import_sends | tail -n 18 | evenly 5)
    points+=('before container inspect 1' 'after container inspect 1' 'before container exec 1' 'amid container exec 1' 'after container exec 1')
    ten
    for point in "${points[@]}"; do
        at import "$point"
        fill new
        kill_at "$point" import "$service" <"$dump"
        shown "$service"
        case $(holds "$service") in old1000 | new1000) ;; *) holds "$service" >&2; return 1 ;; esac
        dokku postgres:import "$service" <"$dump"
        [ "$(holds "$service")" = old1000 ]
        landed "$point"
        sound "$service"
    done
}
import_sends() { calls sendto import "$service" <"$dump"; }

@test "kills: upgrade, ten points" {
    fill old
    mapfile -t points < <(calls rename upgrade "$service" --memory 640 --config-options '-c work_mem=5MB' | evenly 3)
    points+=('before container stop 1' 'after container stop 1' 'after container rm 1' 'amid container create 1' 'after container create 1'
        'after network connect 1' 'after container start 1')
    ten
    memory=700
    for point in "${points[@]}"; do
        at upgrade "$point"
        memory=$((memory + 1))
        words=(--memory "$memory" --config-options "-c work_mem=${memory}kB" --custom-env "SIZE=$memory")
        kill_at "$point" upgrade "$service" "${words[@]}"
        shown "$service"
        expect_code 0 dokku postgres:upgrade "$service" "${words[@]}"
        landed "$point"
        sound "$service"
        [ "$(holds "$service")" = old1000 ]
        [ "$(query "$service" 'show work_mem')" = "${memory}kB" ]
        docker exec "dokku.postgres.$service" printenv SIZE | grep -qx "$memory"
        [ "$(docker inspect -f '{{.HostConfig.Memory}}' "dokku.postgres.$service")" = "$((memory * 1024 * 1024))" ]
    done
}

# A service that has served its test, the quick way.
away() {
    docker rm -fv "dokku.postgres.$1" >/dev/null
    rm -rf "$(service_dir "$1")"
}

@test "kills: clone, ten points" {
    fill old
    mapfile -t points < <(calls rename clone "$service" "copy-$id" | evenly 5)
    points+=('after container create 1' 'after container start 1' 'before container exec 1' 'amid container exec 1' 'after container exec 2')
    ten
    away "copy-$id"
    for point in "${points[@]}"; do
        at clone "$point"
        kill_at "$point" clone "$service" "copy-$id"
        shown "$service"
        expect_code 0 dokku postgres:clone "$service" "copy-$id"
        landed "$point"
        sound "$service" "copy-$id"
        [ "$(holds "copy-$id")" = old1000 ]
        [ "$(holds "$service")" = old1000 ]
        away "copy-$id"
    done
}

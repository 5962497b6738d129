# Commands at the same moment: none loses what another did, and none is half done

load helper
load wrap

setup_file() {
    host_up
    export service=db-$id
    make_service "$service"
    make_app "a-$id"
    make_app "b-$id"
    url=$(dokku postgres:info "$service" --dsn)
    export url
}
teardown_file() { host_down; }

# start NAME COMMAND..: in the background; a deadline, there or in a function that it calls, only keeps a hang from holding the file.
start() {
    local name=$1
    shift
    (
        code=0
        [ "$(type -t "$1")" = function ] || set -- timeout 300 "$@"
        "$@" >"$BATS_TEST_TMPDIR/$name.out" 2>&1 </dev/null || code=$?
        echo "$code" >"$BATS_TEST_TMPDIR/$name.code"
    ) 3>&- &
    jobs+=("$!")
}
all_ended() { wait "${jobs[@]}" && jobs=(); }
# ended NAME: its exit code; said NAME: its words.
ended() { cat "$BATS_TEST_TMPDIR/$1.code"; }
said() { cat "$BATS_TEST_TMPDIR/$1.out"; }
setup() { jobs=(); }

# all_ok NAME..: each ended with 0.
all_ok() {
    local name
    for name in "$@"; do
        [ "$(ended "$name")" = 0 ] || { printf '%s ended with %s:\n' "$name" "$(ended "$name")" >&2; said "$name" >&2; return 1; }
    done
}

# recorded SERVICE [APP..]: exactly these apps stand in LINKS and in links.yml.
recorded() {
    local folder
    folder=$(service_dir "$1")
    shift
    [ "$(printf '%s\n' "$@")" = "$(cat "$folder/LINKS")" ] || { echo "LINKS:" >&2; cat "$folder/LINKS" >&2; return 1; }
    [ "$(printf '%s\n' "$@")" = "$(sed -n 's/^.*app: *"\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$folder/links.yml")" ] ||
        { echo "links.yml:" >&2; cat "$folder/links.yml" >&2; return 1; }
}

# whole NAME: the service is there and answers, with one container. nothing_of NAME: neither container nor file of it.
whole() {
    dokku postgres:exists "$1" >/dev/null && [ "$(query "$1" 'select 40 + 2')" = 42 ] && [ "$(containers_of "$1")" -eq 1 ] &&
        [ ! -e "$(service_dir "$1")/operation.json" ]
}
containers_of() { docker ps -aq --filter "name=^dokku.postgres.$1$" | wc -l; }
nothing_of() {
    [ "$(containers_of "$1")" -eq 0 ] && [ -z "$(find "$host/lib" -name "*$1*")" ] ||
        { find "$host/lib" -name "*$1*" >&2; docker ps -a --filter "name=$1" >&2; return 1; }
}

@test "races: two links to one service at the same moment, twenty times" {
    for round in {1..20}; do
        start "a$round" dokku postgres:link "$service" "a-$id" --no-restart
        start "b$round" dokku postgres:link "$service" "b-$id" --no-restart
        all_ended
        all_ok "a$round" "b$round"
        recorded "$service" "a-$id" "b-$id"
        [ "$(config_value "a-$id" DATABASE_URL)" = "$url" ]
        [ "$(config_value "b-$id" DATABASE_URL)" = "$url" ]
        start "a-$round" dokku postgres:unlink "$service" "a-$id" --no-restart
        start "b-$round" dokku postgres:unlink "$service" "b-$id" --no-restart
        all_ended
        all_ok "a-$round" "b-$round"
        recorded "$service"
        [ -z "$(config_value "a-$id" DATABASE_URL)" ]
        [ -z "$(config_value "b-$id" DATABASE_URL)" ]
    done
}

@test "races: link and unlink of different apps at the same moment" {
    here=a-$id there=b-$id
    dokku postgres:link "$service" "$here" --no-restart
    for round in {1..6}; do
        start "un$round" dokku postgres:unlink "$service" "$here" --no-restart
        start "to$round" dokku postgres:link "$service" "$there" --no-restart
        all_ended
        all_ok "un$round" "to$round"
        recorded "$service" "$there"
        [ -z "$(config_value "$here" DATABASE_URL)" ]
        [ "$(config_value "$there" DATABASE_URL)" = "$url" ]
        read -r here there <<<"$there $here"
    done
    dokku postgres:unlink "$service" "$here" --no-restart
}

@test "races: two links of one app to one service: one wins, the other says so" {
    for round in 1 2 3; do
        start one$round dokku postgres:link "$service" "a-$id" --no-restart
        start two$round dokku postgres:link "$service" "a-$id" --no-restart
        all_ended
        [ "$(printf '%s\n' "$(ended one$round)" "$(ended two$round)" | sort | tr -d '\n')" = 01 ]
        cat "$BATS_TEST_TMPDIR/one$round.out" "$BATS_TEST_TMPDIR/two$round.out" | grep -q 'Already linked as DATABASE_URL'
        recorded "$service" "a-$id"
        dokku postgres:unlink "$service" "a-$id" --no-restart
    done
}

@test "races: two creates of one name: one wins, the other says so" {
    start one dokku postgres:create "twice-$id"
    start two dokku postgres:create "twice-$id"
    all_ended
    [ "$(printf '%s\n' "$(ended one)" "$(ended two)" | sort | tr -d '\n')" = 01 ]
    cat "$BATS_TEST_TMPDIR"/{one,two}.out | grep -q "Postgres service twice-$id already exists"
    whole "twice-$id"
}

@test "races: two creates of names that differ by a dash alone" {
    start one dokku postgres:create "dash-x-$id"
    start two dokku postgres:create "dash_x-$id"
    all_ended
    # Both may have seen the other; never both are made.
    made=0
    for name in dash-x dash_x; do
        if dokku postgres:exists "$name-$id"; then whole "$name-$id" && made=$((made + 1)); else nothing_of "$name-$id"; fi
    done
    [ "$made" -eq 1 ]
    cat "$BATS_TEST_TMPDIR"/{one,two}.out | grep -q "would share its host name or its database name with service"
}

@test "races: create and destroy at the same moment" {
    for round in 1 2; do
        start create$round dokku postgres:create "brief-$id"
        start destroy$round dokku postgres:destroy "brief-$id" --force
        all_ended
        case $(ended create$round) in 0 | 1) ;; *) said create$round >&2; return 1 ;; esac
        case $(ended destroy$round) in
            0) ;;
            3) said destroy$round | grep -q "Postgres service brief-$id does not exist" ;;
            *) said destroy$round >&2; return 1 ;;
        esac
        if dokku postgres:exists "brief-$id" >/dev/null; then whole "brief-$id"; else nothing_of "brief-$id"; fi
    done
    dokku postgres:exists "brief-$id" >/dev/null || make_service "brief-$id"
    # the same on one that is there: create comes too early, or finds the name free
    start destroy dokku postgres:destroy "brief-$id" --force
    start create dokku postgres:create "brief-$id"
    all_ended
    all_ok destroy
    if [ "$(ended create)" = 0 ]; then
        whole "brief-$id"
    else
        [ "$(ended create)" = 1 ]
        said create | grep -q "Postgres service brief-$id already exists"
        nothing_of "brief-$id"
    fi
}

# ten_hooks: all of an app's pre-start at once, as ps:restore fires them at boot.
ten_hooks() {
    local number
    for number in {1..10}; do start "hook$number" as_dokku timeout 300 "$(program pre-start)" "a-$id"; done
    all_ended
    for number in {1..10}; do all_ok "hook$number"; done
}

@test "races: ten hooks at once start a service once and repair its variable" {
    dokku postgres:link "$service" "a-$id" --no-restart
    dokku postgres:pause "$service"
    dokku config:set --no-restart "a-$id" DATABASE_URL=postgres://elsewhere/x >/dev/null
    container=$(docker inspect -f '{{.Id}}' "dokku.postgres.$service")
    ten_hooks
    whole "$service"
    [ "$(docker inspect -f '{{.Id}} {{.RestartCount}}' "dokku.postgres.$service")" = "$container 0" ]
    [ "$(config_value "a-$id" DATABASE_URL)" = "$url" ]
    [ "$(cat "$BATS_TEST_TMPDIR"/hook*.out | grep -c 'put right')" -eq 1 ]
    dokku postgres:unlink "$service" "a-$id" --no-restart
}

@test "races: ten hooks at once make a container that is gone once" {
    dokku postgres:link "$service" "a-$id" --no-restart
    query "$service" 'create table if not exists kept as select 7 as seven'
    docker stop "dokku.postgres.$service" >/dev/null
    docker rm "dokku.postgres.$service" >/dev/null
    ten_hooks
    whole "$service"
    [ "$(query "$service" 'select seven from kept')" = 7 ]
    [ "$(cat "$(service_dir "$service")/ID")" = "$(docker inspect -f '{{.Id}}' "dokku.postgres.$service")" ]
    dokku postgres:unlink "$service" "a-$id" --no-restart
}

# Two dumps with tables of the same names: what is mixed would show.
dump_of() {
    query "$service" "drop table if exists sides, more; create table sides as select '$1' as side from generate_series(1, 20000);
        create table more as select '$1' as side from generate_series(1, 20000)" >/dev/null
    dokku postgres:export "$service" >"$BATS_TEST_TMPDIR/$1.dump"
}
import_of() { timeout 300 dokku postgres:import "$service" <"$BATS_TEST_TMPDIR/$1.dump"; }

@test "races: two imports at once: the database is one of both, wholly" {
    dump_of left
    dump_of right
    start left import_of left
    start right import_of right
    all_ended
    all_ok left right
    sides=$(query "$service" 'select distinct side from (select * from sides union all select * from more) both_tables')
    [ "$sides" = left ] || [ "$sides" = right ]
    [ "$(query "$service" 'select (select count(*) from sides) + (select count(*) from more)')" = 40000 ]
    [ "$(query "$service" "select string_agg(datname, ' ' order by datname) from pg_database")" = "${service//-/_} postgres template0 template1" ]
}

@test "races: promote and link of one app at the same moment" {
    make_service "two-$id"
    make_service "three-$id"
    for round in 1 2 3; do
        dokku postgres:link "$service" "a-$id" --no-restart
        dokku postgres:link "two-$id" "a-$id" --no-restart
        start promote$round dokku postgres:promote "two-$id" "a-$id" --no-restart
        start link$round dokku postgres:link "three-$id" "a-$id" --no-restart
        all_ended
        all_ok promote$round link$round
        [ "$(config_value "a-$id" DATABASE_URL)" = "$(dokku postgres:info "two-$id" --dsn)" ]
        for name in "$service" "two-$id" "three-$id"; do
            recorded "$name" "a-$id"
            # every variable of the record holds the service's own URL, and there is one at least
            variables=$(sed -n 's/^.*- name: *"\{0,1\}\([A-Z0-9_]*\)"\{0,1\}$/\1/p' "$(service_dir "$name")/links.yml")
            [ -n "$variables" ]
            for variable in $variables; do
                [ "$(config_value "a-$id" "$variable")" = "$(dokku postgres:info "$name" --dsn)" ]
            done
        done
        [ "$(cat "$(service_dir "$service")/links.yml" "$(service_dir "two-$id")/links.yml" "$(service_dir "three-$id")/links.yml" |
            sed -n 's/^.*- name: *//p' | sort | uniq -d)" = "" ]
        for name in "$service" "two-$id" "three-$id"; do dokku postgres:unlink "$name" "a-$id" --no-restart; done
    done
}

@test "races: 64 processes of link, unlink, set, promote and hooks on one service and one app" {
    docker network create "one-$id" >/dev/null
    docker network create "other-$id" >/dev/null
    dokku config:set --no-restart "a-$id" UNRELATED=kept OTHER=kept-too >/dev/null
    dokku postgres:link "$service" "b-$id" --no-restart
    for round in {1..8}; do
        start "link$round" dokku postgres:link "$service" "a-$id" --no-restart
        start "alias$round" dokku postgres:link "$service" "a-$id" --alias STORE --no-restart
        start "unlink$round" dokku postgres:unlink "$service" "a-$id" --no-restart
        start "promote$round" dokku postgres:promote "$service" "a-$id" --no-restart
        start "set$round" dokku postgres:set "$service" post-create-network "one-$id"
        start "reset$round" dokku postgres:set "$service" post-create-network "other-$id"
        start "start$round" as_dokku timeout 300 "$(program pre-start)" "a-$id"
        start "extract$round" as_dokku timeout 300 "$(program post-extract)" "a-$id" /nowhere 0
    done
    [ "${#jobs[@]}" -eq 64 ]
    all_ended
    for round in {1..8}; do
        all_ok "set$round" "reset$round" "start$round" "extract$round"
        all_ok_or_told "link$round" 'Already linked as'
        all_ok_or_told "alias$round" 'Already linked as'
        all_ok_or_told "unlink$round" "Not linked to app a-$id"
        all_ok_or_told "promote$round" "Not linked to app a-$id" 'already promoted as DATABASE_URL'
    done
    [ "$(config_value "a-$id" UNRELATED) $(config_value "a-$id" OTHER)" = 'kept kept-too' ]
    whole "$service"
    variables=
    if dokku postgres:linked "$service" "a-$id"; then
        recorded "$service" "a-$id" "b-$id"
        variables=$(sed -n '/app: *"\{0,1\}a-/,/app: *"\{0,1\}b-/s/^.*- name: *"\{0,1\}\([A-Z0-9_]*\)"\{0,1\}$/\1/p' "$(service_dir "$service")/links.yml")
        [ -n "$variables" ]
    else
        recorded "$service" "b-$id"
    fi
    # what the record names is in the config, and nothing else of ours
    [ "$(sort <<<"$variables")" = "$(dokku config:export --format envfile "a-$id" | sed -n 's/^\([A-Z_]*\)=.*dokku-postgres-.*/\1/p' | sort)" ]
    [ "$(config_value "b-$id" DATABASE_URL)" = "$url" ]
    dokku postgres:restart "$service"
    networks=$(docker inspect -f '{{json .NetworkSettings.Networks}}' "dokku.postgres.$service")
    wanted=$(dokku postgres:info "$service" --post-create-network)
    [[ $networks == *"\"$wanted\""* ]]
    [[ $wanted == "one-$id" && $networks != *"\"other-$id\""* ]] || [[ $wanted == "other-$id" && $networks != *"\"one-$id\""* ]]
    for file in "$host"/lib/data/postgres/locks/*; do flock --nonblock "$file" true; done
    dokku postgres:set "$service" post-create-network
    dokku postgres:restart "$service"
    docker network rm "one-$id" "other-$id" >/dev/null
}
# all_ok_or_told NAME TEXT..: it ended well, or with one of these.
all_ok_or_told() {
    local name=$1 text
    shift
    [ "$(ended "$name")" != 0 ] || return 0
    for text in "$@"; do
        if said "$name" | grep -qF "$text"; then return 0; fi
    done
    printf '%s ended with %s:\n' "$name" "$(ended "$name")" >&2
    said "$name" >&2
    return 1
}

@test "races: what writes a record waits for whoever holds its lock, and writes nothing before" {
    local before words pid pids=()
    # how the case before leaves the two apps depends on who won
    dokku postgres:linked "$service" "b-$id" || dokku postgres:link "$service" "b-$id" --no-restart
    ! dokku postgres:linked "$service" "a-$id" || dokku postgres:unlink "$service" "a-$id" --no-restart
    exec 8>"$host/lib/data/postgres/locks/service-$service"
    flock 8
    before=$(snapshot)
    for words in "link $service a-$id --no-restart" "unlink $service b-$id --no-restart" "set $service memory 300" "expose $service"; do
        # shellcheck disable=SC2086
        timeout 120 dokku postgres:$words </dev/null >"$BATS_TEST_TMPDIR/${words%% *}" 2>&1 8>&- &
        pids+=("$!")
    done
    waits() { grep -q "waiting for another command on service '$service'" "$BATS_TEST_TMPDIR/$1"; }
    for name in link unlink set expose; do until_true waits "$name"; done
    [ "$(snapshot)" = "$before" ]
    exec 8>&-
    for pid in "${pids[@]}"; do wait "$pid"; done
    dokku postgres:linked "$service" "a-$id"
    run ! dokku postgres:linked "$service" "b-$id"
    dokku postgres:unexpose "$service"
    dokku postgres:unlink "$service" "a-$id" --no-restart
}

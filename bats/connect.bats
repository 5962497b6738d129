# dokku postgres:connect

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id
}
teardown_file() { host_down; }

@test "connect: one statement, or several" {
    run --separate-stderr dokku postgres:connect "$service" -c 'select 40 + 2 as answer' </dev/null
    [ "$status" -eq 0 ]
    says 42
    run --separate-stderr dokku postgres:connect "$service" --command "select 'a''b;c \$HOME' as text" --command 'select current_database()' </dev/null
    [ "$status" -eq 0 ]
    says "a'b;c \$HOME"
    says "${service//-/_}"
}

@test "connect: a script on standard input" {
    run dokku postgres:connect "$service" <<<'create table t (i int); insert into t values (7); select i + 1 from t;'
    [ "$status" -eq 0 ]
    says 8
    dokku postgres:connect "$service" <<<'copy t to stdout;' | grep -qx 7
}

@test "connect: what fails ends with 1, whatever psql calls it: 2 and 3 mean something else here" {
    expect_code 1 dokku postgres:connect "$service" <<<'select nothing_like_it; select 1;'
    says 'does not exist'
    expect_code 1 dokku postgres:connect "$service" -c 'select nothing_like_it' </dev/null
    expect_code 1 dokku postgres:connect "$service" <<<'select pg_terminate_backend(pg_backend_pid());'
    expect_code 0 dokku postgres:connect "$service" </dev/null
    expect_code 3 dokku postgres:connect "gone-$id" </dev/null
}

@test "connect: an error in a script names its line" {
    run dokku postgres:connect "$service" <<<$'select 1;\n\nselect nothing_like_it;\n'
    [ "$status" -eq 1 ]
    says 'psql:<stdin>:3: ERROR:'
}

@test "connect: rows as CSV, without headings, without padding" {
    [ "$(dokku postgres:connect "$service" --csv -c 'select 1 as one, $$a,b$$ as two' </dev/null)" = $'one,two\n1,"a,b"' ]
    [ "$(dokku postgres:connect "$service" -At -c 'select 1, 2' </dev/null)" = '1|2' ]
    [ "$(dokku postgres:connect "$service" --no-align --tuples-only <<<'select 3, 4')" = '3|4' ]
}

@test "connect: a prompt on a terminal" {
    run expect -c "set timeout 120
        spawn dokku postgres:connect $service
        expect -re {=# }
        send \"\\\\pset pager off\\r\"
        expect -re {off.*=# }
        send \"select 6 * 7 as answer;\\r\"
        expect -re { 42}
        send \"\\\\q\\r\"
        expect eof
        exit [lindex [wait] 3]"
    [ "$status" -eq 0 ]
    says 42
}

@test "connect: a statement on a terminal is answered without a pager" {
    run expect -c "set timeout 120
        spawn dokku postgres:connect $service -c {select 'row ' || n as answer from generate_series(1, 200) n}
        expect eof
        exit [lindex [wait] 3]"
    [ "$status" -eq 0 ]
    says 'row 1'
    says 'row 200'
}

@test "connect: no process of ours stays between a person and psql" {
    dokku postgres:connect "$service" -c 'select pg_sleep(600)' </dev/null >/dev/null 2>&1 &
    running() { [ "$(query "$service" "select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()")" = 1 ]; }
    until_true running
    ! pgrep -f "subcommands/connect postgres:connect $service"
    query "$service" "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()" >/dev/null
    wait || true
}

@test "connect: a container that was removed is made again, which is said and is no answer" {
    docker rm -f "dokku.postgres.$service" >/dev/null
    run --separate-stderr dokku postgres:connect "$service" -c 'select 42 as answer' </dev/null
    [ "$status" -eq 0 ]
    [[ $stderr == *"Making the container of $service again"*"-----> $service was stopped: started it"* ]]
    says 42
    says_not Making
}

@test "connect: a service that is down is brought up" {
    dokku postgres:pause "$service"
    expect_code 0 dokku postgres:connect "$service" -c 'select 1' </dev/null
}

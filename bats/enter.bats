# dokku postgres:enter

load helper

setup_file() {
    host_up
    make_service "db-$id"
    export service=db-$id
}
teardown_file() { host_down; }

@test "enter: a program, its words as they are, its exit code" {
    run --separate-stderr dokku postgres:enter "$service" printf '%s|' 'a b' '$HOME' '*' --flag -x "it's" </dev/null
    [ "$status" -eq 0 ]
    [ "$output" = 'a b|$HOME|*|--flag|-x|it'"'"'s|' ]
    expect_code 7 dokku postgres:enter "$service" bash -c 'exit 7' </dev/null
    run dokku postgres:enter "$service" "no-such-program-$id" </dev/null
    [ "$status" -eq 126 ] || [ "$status" -eq 127 ] # engines differ
}

@test "enter: standard input reaches the program" {
    run --separate-stderr dokku postgres:enter "$service" cat <<<'through and through'
    [ "$output" = 'through and through' ]
}

@test "enter: a shell without words" {
    run --separate-stderr dokku postgres:enter "$service" <<<'echo "$((6 * 7)) $PGDATA"'
    [ "$status" -eq 0 ]
    [ "$output" = '42 /var/lib/postgresql/data' ]
}

@test "enter: a prompt on a terminal" {
    run expect -c "set timeout 120
        spawn dokku postgres:enter $service
        expect -re {[#\$] }
        send \"tty && exit 5\\r\"
        expect eof
        exit [lindex [wait] 3]"
    [ "$status" -eq 5 ]
    says /dev/pts
}

@test "enter: a service that does not run is not started" {
    dokku postgres:pause "$service"
    unchanged dokku postgres:enter "$service" true </dev/null
    [ "$status" -eq 1 ]
    says 'Service container is not running'
    dokku postgres:stop "$service" >/dev/null 2>&1
    unchanged dokku postgres:enter "$service" true </dev/null
    [ "$status" -eq 1 ]
    says 'Service container does not exist'
    dokku postgres:start "$service"
}

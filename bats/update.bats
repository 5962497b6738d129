# The trigger update: what install does, again.

load helper
load wrap
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

@test "update: looks at the services as install does" {
    make_folder "db-$id"
    expect_code 0 run_hook update
    says 'found 1 service, 1 of the official plugin'
    says "dokku postgres:start db-$id"
    rm -r "$host/lib/data/postgres/locks"
    expect_code 0 run_hook update
    [ "$(stat -c '%U %a' "$host/lib/data/postgres/locks")" = 'dokku 700' ]
}

@test "update: is no command" {
    run dokku postgres:../update
    [ "$status" -ne 0 ]
}

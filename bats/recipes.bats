# The commands that README shows do what it says, in the order in which they stand there.

load helper
load wrap

setup_file() {
    host_up
    port=$(free_port)
    export port
    deploy_app "web-$id"
}
teardown_file() { host_down; }

# recipe HEADING: the dokku lines in the code blocks of that section, with names and a port of this file's own.
recipe() {
    sed -n "/^## $1\$/,/^## /p" "$root/README.md" | awk '/^```shell/ { inside = 1; next } /^```/ { inside = 0 } inside' | grep '^dokku ' |
        sed -E "s/\\b(lollipop|web)\\b/\\1-$id/g; s/127\\.0\\.0\\.1:5432/127.0.0.1:$port/"
}

# type_recipe HEADING: as a person would, stopping at the first that fails.
type_recipe() {
    cd "$BATS_TEST_TMPDIR"
    recipe "$1" >recipe
    [ "$(wc -l <recipe)" -ge 4 ]
    run bash -ex recipe </dev/null
    [ "$status" -eq 0 ] || {
        printf '%s\n' "$output" >&2
        return 1
    }
}

@test "recipes: quick start" {
    type_recipe 'Quick start'
    says 'PostgreSQL 17'
    [ "$(app_query "web-$id" DATABASE_URL 'create table kept as select 1; select count(*) from kept' | tail -n 1)" = 1 ]
}

@test "recipes: daily jobs, up to the next major" {
    type_recipe 'Daily jobs'
    [ -s "lollipop-$id.dump" ]
    [ "$(app_query "web-$id" REPORTING_DATABASE_URL 'select count(*) from kept')" = 1 ]
    [ "$(app_query "web-$id" DATABASE_URL 'select count(*) from kept')" = 1 ]
    [ "$(app_query "web-$id" DATABASE_URL "select current_setting('server_version_num')::int / 10000")" = 18 ]
    expect_code 1 dokku postgres:exists "lollipop-$id"
}

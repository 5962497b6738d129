# The commands that README and the page of troubleshooting show do what these say, in the order in which they stand there.

load helper
load wrap

setup_file() {
    host_up
    port=$(free_port)
    export port
    deploy_app "web-$id"
}
teardown_file() { host_down; }

# recipe PAGE HEADING: the dokku lines in the code blocks of that section, with names and a port of this file's own.
recipe() {
    sed -n "/^## $2\$/,/^## /p" "$root/$1" | awk '/^```shell/ { inside = 1; next } /^```/ { inside = 0 } inside' | grep '^dokku ' |
        sed -E "s/\\b(lollipop|web)\\b/\\1-$id/g; s/\\blollipop_/lollipop_${id//-/_}_/; s/127\\.0\\.0\\.1:5432/127.0.0.1:$port/"
}

# type_recipe PAGE HEADING: as a person would, stopping at the first that fails.
type_recipe() {
    cd "$BATS_TEST_TMPDIR"
    recipe "$@" >recipe
    [ "$(wc -l <recipe)" -ge 2 ]
    run bash -ex recipe </dev/null
    [ "$status" -eq 0 ] || {
        printf '%s\n' "$output" >&2
        return 1
    }
}

@test "recipes: quick start" {
    type_recipe README.md 'Quick start'
    says 'PostgreSQL 17'
    [ "$(app_query "web-$id" DATABASE_URL 'create table kept as select 1; select count(*) from kept' | tail -n 1)" = 1 ]
}

@test "recipes: a service that is down, and an app without its database" {
    dokku postgres:stop "lollipop-$id"
    type_recipe docs/troubleshooting.md 'The service does not start'
    dokku config:set --no-restart "web-$id" DATABASE_URL=postgres://elsewhere/x >/dev/null
    type_recipe docs/troubleshooting.md 'The app cannot reach the database'
    [ "$(app_query "web-$id" DATABASE_URL 'select count(*) from kept')" = 1 ]
}

@test "recipes: a password that was changed in the database" {
    dokku postgres:connect "lollipop-$id" -c "alter role postgres password 'changed-$id'"
    expect_code 5 dokku postgres:wait "lollipop-$id"
    says "$(service_dir "lollipop-$id")/PASSWORD"
    local old
    old=$(dokku postgres:info "lollipop-$id" --dsn | sed 's#.*://postgres:\(.*\)@.*#\1#')
    dokku postgres:enter "lollipop-$id" psql -U postgres -c "alter role postgres password '$old'"
    expect_code 0 dokku postgres:wait "lollipop-$id"
    dokku postgres:connect "lollipop-$id" -c "alter role postgres password 'changed-$id'"
    printf 'changed-%s\n' "$id" >"$(service_dir "lollipop-$id")/PASSWORD"
    type_recipe docs/troubleshooting.md 'The password was changed in the database'
    [ "$(app_query "web-$id" DATABASE_URL 'select count(*) from kept')" = 1 ]
}

@test "recipes: a table that was dropped comes back, and nothing else changes" {
    cd "$BATS_TEST_TMPDIR"
    dokku postgres:connect "lollipop-$id" -c 'create table users (id serial primary key); insert into users select generate_series(1, 5)'
    dokku postgres:export "lollipop-$id" >"lollipop-$id.dump"
    dokku postgres:connect "lollipop-$id" -c 'create table later as select 1; drop table users'
    type_recipe docs/troubleshooting.md 'A table was dropped'
    [ "$(app_query "web-$id" DATABASE_URL 'select (select count(*) from users) + (select count(*) from later)')" = 6 ]
    expect_code 1 dokku postgres:exists "lollipop-$id-old"
}

@test "recipes: daily jobs, up to the next major" {
    type_recipe README.md 'Daily jobs'
    [ -s "lollipop-$id.dump" ]
    [ "$(app_query "web-$id" REPORTING_DATABASE_URL 'select count(*) from kept')" = 1 ]
    [ "$(app_query "web-$id" DATABASE_URL 'select count(*) from kept')" = 1 ]
    [ "$(app_query "web-$id" DATABASE_URL "select current_setting('server_version_num')::int / 10000")" = 18 ]
    expect_code 1 dokku postgres:exists "lollipop-$id"
}

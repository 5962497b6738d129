# The trigger pre-delete: an app that goes leaves no record.

load helper
load wrap
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

@test "pre-delete: a destroyed app is in no record" {
    make_folder "one-$id" "two-$id"
    for name in "foo.bar-$id" "foo-bar-$id"; do
        make_app "$name"
        dokku postgres:link "one-$id" "$name"
        dokku postgres:link "two-$id" "$name"
    done
    run dokku --force apps:destroy "foo.bar-$id"
    [ "$status" -eq 0 ]
    says "Unlinking from one-$id"
    for service in one two; do
        [ "$(cat "$(service_dir "$service-$id")/LINKS")" = "foo-bar-$id" ]
        ! grep -qF "foo.bar-$id" "$(service_dir "$service-$id")/links.yml" || return 1
    done
    run as_dokku "$(program pre-delete)" "foo-bar-$id" latest
    [ "$status" -eq 0 ]
}

@test "pre-delete: a broken service does not hold the app back" {
    make_folder "bad-$id" "good-$id"
    make_app "app-$id"
    dokku postgres:link "bad-$id" "app-$id"
    dokku postgres:link "good-$id" "app-$id"
    printf '{[' >"$(service_dir "bad-$id")/links.yml"
    expect_code 0 dokku --force apps:destroy "app-$id"
    says "bad-$id"
    [ ! -s "$(service_dir "good-$id")/LINKS" ]
    [ ! -s "$(service_dir "bad-$id")/LINKS" ]
}

@test "pre-delete: an app without links" {
    make_app "lone-$id"
    unchanged as_dokku "$(program pre-delete)" "lone-$id" latest
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

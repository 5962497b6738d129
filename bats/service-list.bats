# The trigger service-list: other plugins ask for the services.

load helper
load wrap
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

@test "service-list: none" {
    expect_code 0 as_dokku "$(program service-list)"
    [ -z "$output" ]
}

@test "service-list: by type, or all" {
    make_folder "b-$id" "a-$id"
    expect_code 0 as_dokku plugn trigger service-list
    [ "$output" = "postgres:a-$id"$'\n'"postgres:b-$id" ]
    expect_code 0 as_dokku "$(program service-list)" postgres
    [ "$output" = "postgres:a-$id"$'\n'"postgres:b-$id" ]
    expect_code 0 as_dokku "$(program service-list)" redis
    [ -z "$output" ]
}

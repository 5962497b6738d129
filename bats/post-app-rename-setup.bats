# The trigger post-app-rename-setup: links go with the app to its new name.

load helper
load wrap
load folder

setup_file() { linked_host_up; }
teardown_file() { host_down; }

@test "post-app-rename-setup: the new name logs in, the old one is forgotten" {
    expect_code 0 dokku apps:rename "$app" "new-$id"
    [ "$(dokku postgres:links "$service")" = "new-$id" ]
    run ! grep -q "$app" "$(service_dir "$service")/links.yml"
    [ "$(app_query "new-$id" DATABASE_URL 'select 1')" = 1 ]
}

@test "post-app-rename-setup: a name that looks like another" {
    make_folder "like-$id"
    for name in "foo.bar-$id" "foo-bar-$id"; do
        make_app "$name"
        dokku postgres:link "like-$id" "$name"
    done
    expect_code 0 as_dokku "$(program post-app-rename-setup)" "foo.bar-$id" "foo-bar2-$id"
    [ "$(dokku postgres:links "like-$id")" = "foo-bar-$id"$'\n'"foo-bar2-$id"$'\n'"foo.bar-$id" ]
}

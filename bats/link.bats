# dokku postgres:link

load helper
load wrap
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    deploy_app "$app"
    make_folder "dry-$id"
}
teardown_file() { host_down; }

@test "link: bad apps" {
    unchanged dokku postgres:link "dry-$id"
    [ "$status" -eq 2 ]
    says 'Please specify an app to run the command on'
    unchanged dokku postgres:link "dry-$id" "gone-$id"
    [ "$status" -eq 20 ]
    says "App gone-$id does not exist"
    for name in '../x' 'a;b' $'two\nlines' 'A' '-x-'; do
        unchanged dokku postgres:link "dry-$id" "$name"
        case $status in 2 | 20) ;; *) printf 'exit %s for %q: %s\n' "$status" "$name" "$output" && return 1 ;; esac
    done
}

@test "link: words that no URL can hold" {
    for flag in '--alias=a-b' '--alias=1A' '--querystring=a b' '--scheme=HTTP' '--scheme=a/b'; do
        unchanged dokku postgres:link "dry-$id" "$app" "$flag"
        [ "$status" -eq 2 ]
    done
}

@test "link: the app's own container logs in by the alias" {
    before=$(app_container "$app")
    expect_code 0 dokku postgres:link "$service" "$app" --alias REPORTING_DATABASE
    says_not "$(cat "$(service_dir "$service")/PASSWORD")"
    [ "$(config_value "$app" REPORTING_DATABASE_URL)" = "$(url_of "$service")" ]
    [ "$(app_container "$app")" != "$before" ]
    [ "$(app_query "$app" REPORTING_DATABASE_URL 'select 6 * 7')" = 42 ]
    [ "$(cat "$(service_dir "$service")/LINKS")" = "$app" ]
    [ "$(stat -c '%a %U' "$(service_dir "$service")/links.yml")" = '600 dokku' ]
}

@test "link: linked already, and put right when it is not true" {
    unchanged dokku postgres:link "$service" "$app"
    [ "$status" -eq 1 ]
    says 'Already linked as REPORTING_DATABASE_URL'
    set_config "$app" REPORTING_DATABASE_URL=x
    expect_code 0 dokku postgres:link "$service" "$app" --alias REPORTING_DATABASE
    says "REPORTING_DATABASE_URL of app $app was not the URL"
    [ "$(app_query "$app" REPORTING_DATABASE_URL 'select 1')" = 1 ]
}

@test "link: the triggers that other plugins hear" {
    make_app "heard-$id"
    listen
    dokku postgres:link "dry-$id" "heard-$id"
    dokku postgres:unlink "dry-$id" "heard-$id"
    stop_listening
    diff "$host/heard" - <<END
pre-link postgres dry-$id heard-$id
post-link postgres dry-$id heard-$id
post-link-complete postgres dry-$id heard-$id
pre-unlink postgres dry-$id heard-$id
post-unlink postgres dry-$id heard-$id
post-unlink-complete postgres dry-$id heard-$id
END
}

@test "link: several databases of one app" {
    make_app "many-$id"
    make_folder "one-$id" "two-$id" "three-$id"
    dokku postgres:link "one-$id" "many-$id"
    dokku postgres:link "two-$id" "many-$id"
    dokku --app "many-$id" postgres:link "three-$id" --querystring '?pool=5' --scheme postgis
    [ "$(config_value "many-$id" DATABASE_URL)" = "$(url_of "one-$id")" ]
    [ "$(config_value "many-$id" DOKKU_POSTGRES_AQUA_URL)" = "$(url_of "two-$id")" ]
    [ "$(config_value "many-$id" DOKKU_POSTGRES_BLACK_URL)" = "postgis$(url_of "three-$id" | sed 's/^postgres//')?pool=5" ]
}

@test "link: an alias that is taken" {
    make_app "taken-$id"
    set_config "taken-$id" REPORTING_URL=x
    unchanged dokku postgres:link "dry-$id" "taken-$id" --alias reporting
    [ "$status" -eq 4 ]
    says 'Specified alias REPORTING already in use'
    says 'REPORTING_URL'
}

@test "link: the app's scheme" {
    make_app "scheme-$id"
    set_config "scheme-$id" POSTGRES_DATABASE_SCHEME=postgres2
    dokku postgres:link "dry-$id" "scheme-$id"
    [[ $(config_value "scheme-$id" DATABASE_URL) == postgres2://postgres:* ]]
}

@test "link: without a restart the running container reaches the database" {
    make_service "live-$id"
    before=$(app_container "$app")
    expect_code 0 dokku postgres:link "live-$id" "$app" --no-restart
    says 'Skipping restart of linked app'
    [ "$(app_container "$app")" = "$before" ]
    [ "$(docker exec "$before" psql -XAt "$(config_value "$app" DATABASE_URL)" -c 'select 1')" = 1 ]
}

@test "link: apps whose names look alike" {
    make_folder "like-$id"
    for name in "foo.bar-$id" "foo-bar-$id"; do
        make_app "$name"
        dokku postgres:link "like-$id" "$name"
    done
    dokku postgres:unlink "like-$id" "foo.bar-$id"
    [ "$(dokku postgres:links "like-$id")" = "foo-bar-$id" ]
    [ "$(config_value "foo-bar-$id" DATABASE_URL)" = "$(url_of "like-$id")" ]
}

@test "link: two at the same moment lose no record, twenty times over" {
    make_folder "both-$id"
    make_app "left-$id"
    make_app "right-$id"
    for _ in {1..20}; do
        for command in link unlink; do
            as_dokku "$(program "$command")" "both-$id" "left-$id" 2>/dev/null &
            as_dokku "$(program "$command")" "both-$id" "right-$id" 2>/dev/null &
            wait
            if [ "$command" = link ]; then
                [ "$(cat "$(service_dir "both-$id")/LINKS")" = "left-$id"$'\n'"right-$id" ]
                [ "$(grep -c 'DATABASE_URL' "$(service_dir "both-$id")/links.yml")" -eq 2 ]
            else
                [ ! -s "$(service_dir "both-$id")/LINKS" ]
            fi
        done
    done
    [ -z "$(config_value "left-$id" DATABASE_URL)" ]
}

@test "link: what is written is on the disk before it takes its place, and its folder after that" {
    make_folder "sync-$id"
    make_app "sync-$id"
    straced -y -o "$BATS_TEST_TMPDIR/calls" -e signal=none -e trace=fsync,rename "$(program link)" "sync-$id" "sync-$id" >/dev/null
    # a line for each file that took its place: how many of its two came at their time
    run awk -F'[<>"]' '
        /^fsync.* = 0$/ { flushed[$2] = NR; if ($2 in pending) { seen[$2] += pending[$2]; delete pending[$2] } }
        /^rename.* = 0$/ { folder = $4; sub("/[^/]*$", "", folder); renames++; if ($2 in flushed) before++; pending[folder]++ }
        END { for (folder in seen) after += seen[folder]; print renames, before, after }' "$BATS_TEST_TMPDIR/calls"
    read -r renames before after <<<"$output"
    # links.yml and LINKS
    [ "$renames" -ge 2 ]
    [ "$before $after" = "$renames $renames" ]
}

@test "link: an app of another scheduler is refused" {
    make_app "k3s-$id"
    dokku scheduler:set "k3s-$id" selected k3s || skip 'this host has no scheduler:set'
    unchanged dokku postgres:link "dry-$id" "k3s-$id"
    [ "$status" -eq 4 ]
    says "'k3s'"
}

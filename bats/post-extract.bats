# The trigger post-extract: what is built sees the true variables, of a herokuish app too.

load helper
load wrap
load folder

setup_file() {
    host_up
    export service=db-$id app=web-$id
    make_service "$service"
    dokku apps:create "$app" >/dev/null
    dokku builder:set "$app" selected herokuish >/dev/null
    dokku git:from-image "$app" "$app_image" >/dev/null
    dokku postgres:link "$service" "$app"
}
teardown_file() { host_down; }

@test "post-extract: an app without links is left alone" {
    make_app "lone-$id"
    unchanged as_dokku "$(program post-extract)" "lone-$id" /tmp rev
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "post-extract: a rebuilt herokuish app has the true URL baked in" {
    set_config "$app" DATABASE_URL=postgres://elsewhere/x
    expect_code 0 dokku ps:rebuild "$app"
    says "DATABASE_URL of app $app was not the URL"
    [ "$(docker exec "$(app_container "$app")" /exec bash -c 'psql -XAt "$DATABASE_URL" -c "select 1"')" = 1 ]
}

@test "post-extract: the build container of a herokuish app is on the network" {
    cid=$(docker create --label "com.dokku.app-name=$app" --name "build-$id" "$app_image" true)
    as_dokku "$(program post-container-create)" app "$cid" "$app" build
    [[ $(docker inspect -f '{{json .NetworkSettings.Networks}}' "$cid") == *'"dokku-postgres"'* ]]
    docker rm "$cid" >/dev/null
}

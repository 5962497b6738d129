# Whose services and apps: a user whom a plugin shows a part of the host meets nothing of the rest, by any command

load helper
load folder

setup_file() {
    host_up
    acl user-auth-service 3
    acl user-auth-app 2
    export own=own-$id theirs=their-$id gone=gone--$id web=own-web-$id their_web=their-web-$id gone_web=gone--web-$id
    make_folder "$own" "own-second-$id" "$theirs"
    make_app "$web"
    make_app "$their_web"
    export second=own-second-$id
    # theirs is linked to what is ours, and ours to what is theirs
    for service in "$own" "$theirs"; do
        printf '%s\n' "$web" "$their_web" >"$(service_dir "$service")/LINKS"
    done
    set_config "$web" "DATABASE_URL=$(url_of "$theirs")" "OWN_URL=$(url_of "$own")"
    set_config "$their_web" "DATABASE_URL=$(url_of "$theirs")" "OWN_URL=$(url_of "$own")"
    mkdir -p "$host/lib/data/storage/$web" "$host/lib/data/storage/$their_web"
}
teardown_file() { host_down; }

# acl TRIGGER WORDS: a plugin that lets anna see what is called own-.. and everybody else everything; the names stand after so many words.
acl() {
    local folder=$host/lib/plugins/available/acl
    mkdir -p "$folder"
    printf '[plugin]\ndescription = "who sees what"\nversion = "1"\n[plugin.config]\n' >"$folder/plugin.toml"
    cat >"$folder/$1" <<END
#!/bin/sh
name=\$2
shift $2
for one; do
    case \$name:\$one in anna:own-*) echo "\$one" ;; anna:*) ;; *) echo "\$one" ;; esac
done
END
    chmod 755 "$folder/$1"
    chown -R dokku:dokku "$folder"
    ln -sfn "$folder" "$host/lib/plugins/enabled/acl"
}

# What Dokku's forced command makes of a key of that name.
key() {
    setpriv --reuid=dokku --regid=dokku --init-groups env "PATH=$PATH" HOME=/home/dokku USER=dokku SSH_USER=dokku "NAME=$1" \
        "$host/bin/dokku" "${@:2}" </dev/null
}
anna() { key anna "$@"; }

# Words for what is neither a service nor an app, by command: what stands behind the names. A command with such words that is not here fails.
declare -gA further=(
    [connect]="--command=select" [enter]="true" [expose]="127.0.0.1:20000" [help]="" [logs]="5" [mount]="/srv:/srv"
    [set]="memory 100" [unmount]="/srv" [destroy]="--force" [reset]="--force" [upgrade]="--memory 100" [clone]="own-copy-$RANDOM"
)

# The commands that are installed, with the kinds of their words: `name kind kind..`.
commands() {
    local program
    for program in "$tree"/subcommands/*; do "$program" --render=completion; done | while IFS='|' read -r name kinds _; do
        echo "$name $kinds"
    done
}

# as_unseen CODE FOREIGN GONE WORD..: what is hidden and what is not there are the same, to the letter, and nothing happens.
as_unseen() {
    local code=$1 foreign=$2 gone=$3 said
    shift 3
    unchanged anna "${@//GONE/$gone}"
    [ "$status" -eq "$code" ] || { printf 'exit %s, expected %s: %s\n%s\n' "$status" "$code" "$*" "$output" >&2; return 1; }
    said=$output
    unchanged anna "${@//GONE/$foreign}"
    [ "$status" -eq "$code" ] || { printf 'exit %s, expected %s: %s\n%s\n' "$status" "$code" "$*" "$output" >&2; return 1; }
    [ "${output//$foreign/$gone}" = "$said" ] || { printf '%s\nis not\n%s\nby: %s\n' "$output" "$said" "$*" >&2; return 1; }
    [[ ${output//$foreign/} != *their-* ]]
}

# nothing_of_theirs: the last run's output.
nothing_of_theirs() { says_not "their-"; }

@test "access: the plugin of this file hides and shows" {
    run anna postgres:list
    says "$own"
    nothing_of_theirs
    run dokku postgres:list
    says "$own"
    says "$theirs"
}

@test "access: a service of somebody else does not exist for any command" {
    seen=0
    while read -r name kinds; do
        case $name:$kinds in
            *:) continue ;;
            create:*) continue ;; # a name of its own: below
        esac
        [[ $kinds == *service* ]] || continue
        [[ $kinds != *text* || -v further[$name] ]] || { echo "say in this file what stands behind the service of $name" >&2; return 1; }
        words=(GONE)
        [[ $kinds != *app* ]] || words+=("$web")
        case $name in exists | linked) code=1 ;; *) code=3 ;; esac
        # shellcheck disable=SC2206
        as_unseen "$code" "$theirs" "$gone" "postgres:$name" "${words[@]}" ${further[$name]-}
        seen=$((seen + 1))
    done < <(commands)
    echo "# $seen commands against a service of somebody else" >&3
    [ "$seen" -ge 26 ]
}

@test "access: every flag of a command finds the same" {
    flags=$("$tree/subcommands/info" --render=completion)
    for flag in ${flags##*|}; do
        [[ $flag != *=* ]] || flag=${flag%%=*}=json
        as_unseen 3 "$theirs" "$gone" postgres:info GONE "$flag"
    done
    as_unseen 3 "$theirs" "$gone" postgres:links GONE --format json
    as_unseen 3 "$theirs" "$gone" --app "$web" postgres:unlink GONE
    as_unseen 3 "$theirs" "$gone" --trace postgres:wait GONE
}

@test "access: an app of somebody else does not exist for any command" {
    seen=0
    while read -r name kinds; do
        [[ $kinds == *app* ]] || continue
        words=()
        [[ $kinds != *service* ]] || words=("$own")
        case $name in linked) code=1 ;; *) code=20 ;; esac
        as_unseen "$code" "$their_web" "$gone_web" "postgres:$name" "${words[@]}" GONE
        as_unseen "$code" "$their_web" "$gone_web" --app GONE "postgres:$name" "${words[@]}"
        seen=$((seen + 1))
    done < <(commands)
    echo "# $seen commands against an app of somebody else" >&3
    [ "$seen" -ge 5 ]
    as_unseen 20 "$their_web" "$gone_web" postgres:create "own-new-$id" --link GONE
}

@test "access: what is shown of one's own names nothing of others" {
    for words in "list" "list --format json" "links $own" "links $own --format json" "app-links $web" "app-links $web --format json" \
        "info $own" "info $own --links" "info $own --format json" "linked $own $web" "help" "destroy $own --force" "version"; do
        # shellcheck disable=SC2086
        run anna postgres:${words}
        nothing_of_theirs
    done
    run anna postgres:links "$own"
    [ "$output" = "$web" ]
    run anna postgres:info "$own" --links
    [ "$output" = "$web" ]
    [ "$(anna postgres:list --format json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))')" -eq 2 ]
    # and everybody else sees all of it
    [ "$(dokku postgres:links "$own")" = "$web"$'\n'"$their_web" ]
}

@test "access: a service with links of somebody else's apps alone is not destroyed, and says why" {
    echo "$their_web" >"$(service_dir "$second")/LINKS"
    unchanged anna postgres:destroy "$second" --force
    [ "$status" -eq 4 ]
    says 'Cannot delete linked service'
    says 'somebody else'
    nothing_of_theirs
    : >"$(service_dir "$second")/LINKS"
}

@test "access: a name that is taken is the same for a hidden service and for its twins" {
    unchanged anna postgres:create "$theirs"
    [ "$status" -eq 4 ]
    [ "$output" = " !     the name '$theirs' is taken on this host"$'\n'" !     Choose another one." ]
    twin=${theirs^^}
    twin=${twin//-/_}
    unchanged anna postgres:create "$twin"
    [ "$status" -eq 4 ]
    [ "$output" = " !     the name '$twin' is taken on this host"$'\n'" !     Choose another one." ]
    unchanged anna postgres:clone "$own" "$theirs"
    [ "$status" -ne 0 ]
    says "the name '$theirs' is taken on this host"
    # not even one that was never finished
    printf 'state: "creating"\nown-files: "true"\n' >"$(service_dir "$theirs")/service.yml"
    unchanged anna postgres:create "$theirs"
    [ "$status" -eq 4 ]
    rm "$(service_dir "$theirs")/service.yml"
    # one's own twin is named
    unchanged anna postgres:create "${own//-/_}"
    [ "$status" -eq 4 ]
    says "$own"
}

@test "access: promote keeps the name of a hidden service to itself" {
    run anna postgres:promote "$own" "$web" --no-restart
    [ "$status" -eq 0 ]
    says 'DOKKU_POSTGRES_AQUA_URL:  ********'
    says "dokku-postgres-$own"
    nothing_of_theirs
    [ "$(config_value "$web" DATABASE_URL)" = "$(url_of "$own")" ]
    [ "$(config_value "$web" DOKKU_POSTGRES_AQUA_URL)" = "$(url_of "$theirs")" ]
}

@test "access: no folder of the host but one's own storage can be mounted" {
    mkdir -p "$host/lib/data/storage/$web/inner"
    ln -sfn / "$host/lib/data/storage/own-link-$id"
    # may be of an app that does not exist yet, or of several
    mkdir -p "$host/lib/data/storage/nobodys-$id" "$host/lib/data/storage/$their_web-uploads"
    for source in / /etc "$(service_dir "$theirs")" "$(service_dir "$theirs")/data" "$host/lib/data/storage" "$host/lib/data/storage/$their_web" \
        "$host/lib/data/storage/own-link-$id" "$host/lib/data/storage/$web/inner" "$host/lib/data/storage/none-$id" "/none-$id" \
        "$host/lib/data/storage/nobodys-$id" "$host/lib/data/storage/$their_web-uploads"; do
        unchanged anna postgres:mount "$own" "$source:/srv"
        [ "$status" -eq 4 ]
        says 'can be mounted here'
        says_not 'no folder'
    done
    run anna postgres:mount "$own" "$host/lib/data/storage/$web:/srv"
    [ "$status" -eq 0 ]
    # root at the host is not asked
    run dokku postgres:mount "$own" /etc:/srv/etc:ro
    [ "$status" -eq 0 ]
}

@test "access: no image of an app becomes a service" {
    for image in dokku/their-app docker.io/dokku/their-app "$(docker image inspect -f '{{.Id}}' postgres:17)" "$(docker image inspect -f '{{.Id}}' postgres:17 | cut -c8-19)"; do
        for words in "create new-$id --image $image --image-version latest" "upgrade $own --image $image" "clone $own new-$id --image $image"; do
            # shellcheck disable=SC2086
            unchanged anna postgres:$words
            [ "$status" -ne 0 ]
            says 'cannot be used here' || says 'is not the name' || return 1
        done
    done
}

@test "access: hooks are no way around it" {
    for hook in pre-delete pre-start pre-restore post-extract install update uninstall dependencies service-list scheduler-deploy scheduler-run; do
        for plugin in postgres ./postgres ../enabled/postgres; do
            unchanged anna "$plugin:../$hook" "$theirs"
            [ "$status" -eq 2 ] || { echo "$plugin:../$hook: exit $status, $output" >&2; return 1; }
            nothing_of_theirs_but_typed
        done
    done
    unchanged anna "postgres:../subcommands/info" "$theirs"
    [ "$status" -ne 0 ]
}
nothing_of_theirs_but_typed() { [[ ${output//$theirs/} != *their-* ]]; }

@test "access: completion offers what Dokku lists where a plugin filters, and reads no folder" {
    offered() {
        DOKKU_LIB_ROOT=$host/lib bash --norc -c '
            dokku() { [[ $* != *postgres:list ]] || printf "%s\n" shown; }
            source "$1"
            COMP_LINE="dokku postgres:info " COMP_POINT=20
            _dokku_postgres dokku
            printf "%s\n" "${COMPREPLY[@]}"
        ' _ "$tree/share/completion.bash" </dev/null
    }
    [ "$(offered)" = shown ]
    rm "$host/lib/plugins/enabled/acl"
    [[ $(offered) == *"$theirs"* ]]
    ln -sfn "$host/lib/plugins/available/acl" "$host/lib/plugins/enabled/acl"
}

@test "access: the apps of others run on when one's own service asks for a restart of its apps" {
    make_service "own-real-$id"
    deploy_app "their-app-$id"
    dokku postgres:link "own-real-$id" "their-app-$id" --no-restart
    container=$(app_container "their-app-$id")
    run anna postgres:upgrade "own-real-$id" --memory 300 --restart-apps true
    [ "$status" -eq 0 ]
    nothing_of_theirs
    [ "$(app_container "their-app-$id")" = "$container" ]
    # as before, whoever sees it all restarts them all
    dokku postgres:upgrade "own-real-$id" --memory 310 --restart-apps true
    [ "$(app_container "their-app-$id")" != "$container" ]
}

@test "access: a filter to whom the host itself is nobody" {
    local real=real-$id app=shared-web-$id
    make_service "$real"
    deploy_app "$app"
    dokku postgres:link "$real" "$app" --no-restart
    # anna sees both, bob the app alone, and nobody else anything
    for trigger in user-auth-app user-auth-service; do
        cat >"$host/lib/plugins/available/acl/$trigger" <<END
#!/bin/sh
case "\$2 $trigger" in 'anna '* | 'bob user-auth-app') shift 2 && printf '%s\\n' "\$@" ;; esac
END
    done
    expect_code 3 key bob postgres:info "$real"
    expect_code 3 key carol postgres:link "$real" "$app"
    expect_code 0 key bob ps:restart "$app"
    expect_code 0 key anna postgres:unlink "$real" "$app" --no-restart
    expect_code 0 key anna postgres:link "$real" "$app" --alias OTHER
    expect_code 0 app_query "$app" OTHER_URL 'select 1'
}

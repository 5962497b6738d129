#!/usr/bin/env bats
# Holds the stand-in host to what a real Dokku was seen to do; runs without the plugin, on small fake ones.
bats_require_minimum_version 1.5.0

here=$BATS_TEST_DIRNAME

# A local image with a shell whose containers stay: the tests' app image, else one made of a static busybox.
app_image() {
    local image=dokku-postgres-test/app:latest folder
    if ! docker image inspect "$image" &>/dev/null; then
        image=dokku-postgres-test/tiny:latest
        if ! docker image inspect "$image" &>/dev/null; then
            folder=$(mktemp -d)
            (
                cd "$folder"
                apt-get download busybox-static
                dpkg-deb -x busybox-static_*.deb unpacked
                mkdir -p root/{bin,etc,app,tmp}
                find unpacked -name busybox -type f -exec cp {} root/bin/busybox \;
                for name in sh sleep cat env true ls grep; do ln -s busybox "root/bin/$name"; done
                tar -C root -c . | docker import --change 'CMD ["sleep", "infinity"]' - "$image"
            ) &>/dev/null
            rm -rf "$folder"
        fi
    fi
    echo "$image"
}

setup_file() {
    image=$(app_image)
    host=$(mktemp -d "${TMPDIR:-/tmp}/stand-in-selftest.XXXXXX")
    id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
    "$here/make" "$host"
    PATH=$host/bin:$PATH
    export image host id PATH
}
teardown_file() { "$here/remove" "$host"; }

setup() {
    cd "$BATS_TEST_TMPDIR"
    : >"$host/log/triggers"
    : >"$host/log/triggers.env"
}

# plugin NAME FILE <<script: gives a fake plugin one more executable.
plugin() {
    local folder=$host/lib/plugins/available/$1
    mkdir -p "$folder/$(dirname "$2")"
    [ -f "$folder/plugin.toml" ] || printf '[plugin]\ndescription = "fake"\nversion = "1"\n[plugin.config]\n' >"$folder/plugin.toml"
    cat >"$folder/$2"
    chmod +x "$folder/$2"
    ln -sfn "$folder" "$host/lib/plugins/enabled/$1"
    chown -R dokku:dokku "$folder"
}
teardown() {
    local path
    for path in "$host"/lib/plugins/available/fake* "$host"/lib/plugins/available/zfake*; do
        [ ! -e "$path" ] || rm -rf "$path" "$host/lib/plugins/enabled/${path##*/}"
    done
    rm -rf "$host/home/.dokkurc"
}

deploy() { dokku apps:create "$1" >/dev/null && dokku git:from-image "$1" "$image" >/dev/null; }
as_dokku() { sudo -u dokku env "DOKKU_LIB_ROOT=$host/lib" "DOKKU_ROOT=$host/home" "PLUGIN_PATH=$host/lib/plugins" \
    "PLUGIN_AVAILABLE_PATH=$host/lib/plugins/available" "PLUGIN_ENABLED_PATH=$host/lib/plugins/enabled" \
    "PLUGIN_CORE_AVAILABLE_PATH=$host/lib/core-plugins/available" DOCKER_BIN=docker "PATH=$PATH" "$@"; }
config_sub() { as_dokku "$host/lib/plugins/available/config/config_sub" "$@"; }
import_json() { as_dokku "$host/lib/plugins/available/config/subcommands/import" config:import "$@"; }
# The names of the triggers fired so far, one a line and a repeated one once.
fired() { sed 's/ .*//' "$host/log/triggers" | uniq; }
# in_order NAME..: the triggers came in that order.
in_order() {
    local name line=0 next
    for name in "$@"; do
        next=$(awk -v from="$line" -v name="$name" 'NR > from && $1 == name { print NR; exit }' "$host/log/triggers")
        [ -n "$next" ] || {
            printf 'no %s after line %s of:\n' "$name" "$line"
            cat "$host/log/triggers"
            return 1
        } >&2
        line=$next
    done
}
container() { docker ps -q --no-trunc --filter "name=^/?$1\$"; }

echo_plugin() {
    plugin fake subcommands/show <<'SCRIPT'
#!/bin/bash
printf 'arg=<%s>\n' "$@"
printf '%s=<%s>\n' app "${DOKKU_APP_NAME-unset}" flags "${DOKKU_GLOBAL_FLAGS-unset}" quiet "${DOKKU_QUIET_OUTPUT-unset}" \
    force "${DOKKU_APPS_FORCE_DELETE-unset}" user "$(id -un)" ssh "$SSH_USER" name "$SSH_NAME" command "$DOKKU_COMMAND" groups "$(id -Gn)"
SCRIPT
}

# --- dispatch

@test "a subcommand gets the typed word first, runs as dokku, and its code is dokku's" {
    echo_plugin
    plugin fake subcommands/fails <<<$'#!/bin/sh\nexit 42'
    run dokku fake:show x --flag </dev/null
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = 'arg=<fake:show>' ] && [ "${lines[1]}" = 'arg=<x>' ] && [ "${lines[2]}" = 'arg=<--flag>' ]
    [[ $output == *'user=<dokku>'* && $output == *'ssh=<root>'* && $output == *'name=<default>'* ]]
    [[ $output == *'command=<fake:show>'* && $output == *groups=\<*dokku*docker* ]]
    run -42 dokku fake:fails
}

@test "leading flags vanish from the words and stay in DOKKU_GLOBAL_FLAGS; an app's name does not" {
    echo_plugin
    run dokku --app foo --no-restart fake:show svc </dev/null
    [ "${lines[1]}" = 'arg=<svc>' ]
    [[ $output == *'app=<foo>'* && $output == *'flags=<--app --no-restart>'* ]]
    run dokku fake:show svc --app foo --password=secret </dev/null
    [[ $output == *'arg=<--app>'* && $output == *'app=<foo>'* && $output == *'flags=<--app --password=secret>'* ]]
}

@test "--quiet and --force count anywhere; quiet for want of a terminal is not passed on" {
    echo_plugin
    run dokku fake:show </dev/null
    [[ $output == *'quiet=<unset>'* && $output == *'force=<unset>'* ]]
    run dokku fake:show --quiet --force </dev/null
    [[ $output == *'quiet=<1>'* && $output == *'force=<1>'* && $output == *'arg=<--quiet>'* ]]
    DOKKU_QUIET_OUTPUT="" run dokku fake:show </dev/null
    [[ $output == *'quiet=<1>'* ]]
}

@test "a core plugin gets the app of --app as its first word, a community plugin does not" {
    echo_plugin
    dokku apps:create "core-$id"
    run dokku --app "core-$id" config:set --no-restart KEY=value
    [ "$status" -eq 0 ]
    [ "$(dokku config:get "core-$id" KEY)" = value ]
    run dokku --app foo fake:show </dev/null
    [ "${lines[1]}" = 'app=<foo>' ]
}

@test "what no subcommand answers goes to every commands file until one fails" {
    plugin fake1 commands <<<$'#!/bin/sh\necho "one $*"\nexit 10'
    plugin fake2 commands <<<$'#!/bin/sh\necho "two $*"'
    plugin fake3 commands <<<$'#!/bin/sh\necho "three $*"\nexit 7'
    plugin fake4 commands <<<$'#!/bin/sh\necho four'
    run dokku what:ever word
    [ "$status" -eq 7 ]
    [ "$output" = $'one what:ever word\ntwo what:ever word\nthree what:ever word' ]
}

@test "nobody's command is two lines and 1; a folder named commands breaks them all with 126" {
    run -1 dokku no:such
    [ "${lines[0]}" = ' !     `no:such` is not a dokku command.' ] && [ "${#lines[@]}" -eq 2 ]
    mkdir -p "$host/lib/plugins/available/fake/commands"
    ln -sfn "$host/lib/plugins/available/fake" "$host/lib/plugins/enabled/fake"
    run -126 dokku no:such
}

@test "no colon runs subcommands/default, and a slash reaches a hook" {
    plugin fake subcommands/default <<<$'#!/bin/sh\necho "default $*"'
    plugin fake pre-delete <<<$'#!/bin/sh\necho "hook $*"'
    run dokku fake x
    [ "$output" = 'default fake x' ]
    run dokku fake:../pre-delete app
    [ "$output" = 'hook fake:../pre-delete app' ]
}

@test "help lists core and community rows, and a plugin tells --all by its parent's words" {
    plugin fake commands <<'SCRIPT'
#!/bin/bash
[ "$1" = help ] || exit 10
if tr '\0' '\n' </proc/$PPID/cmdline | grep -qx -- --all; then echo '    fake:one <x>, does one thing'; else echo '    fake, does things'; fi
SCRIPT
    run dokku help
    [[ $output =~ fake\ +does\ things && $output =~ apps\ +Manage\ apps && $output != *'apps:create'* ]]
    run dokku help --all
    [[ $output =~ fake:one\ \<x\>\ +does\ one\ thing && $output == *'apps:create <app>'* ]]
    plugin fake commands <<<$'#!/bin/sh\nexit 3'
    run -3 dokku help
}

@test "without a terminal the help has no headings unless one is forced" {
    DOKKU_FORCE_TTY=true run dokku help
    [[ $output == *'Usage: dokku'* ]]
    run dokku help </dev/null
    [[ $output != *'Usage: dokku'* ]]
}

@test "plugin commands are root's" {
    run sudo -u dokku "$host/bin/dokku" plugin:install
    [ "$status" -eq 1 ] && [[ $output == *'This command must be run as root'* ]]
    run dokku plugin:list
    [ "$status" -eq 0 ] && [[ $output == *config* ]]
}

@test "trace:on and events:on last until they are turned off" {
    echo_plugin
    dokku trace:on
    run --separate-stderr dokku apps:list
    [ "$status" -eq 0 ] && [[ $stderr == *+* ]]
    dokku trace:off 2>/dev/null
    dokku events:on
    dokku apps:create "events-$id"
    grep -q "INVOKED: post-create( events-$id )" "$host/log/dokku/events.log"
    dokku events:off
}

@test "sudo leaves the typed line in SUDO_COMMAND, and a dokkurc is sourced" {
    plugin fake subcommands/sudo <<<$'#!/bin/sh\necho "$SUDO_COMMAND $FROM_RC"'
    mkdir -p "$host/home/.dokkurc"
    echo 'export FROM_RC=yes' >"$host/home/.dokkurc/FROM_RC"
    run dokku fake:sudo --password=secret
    [[ $output == *'fake:sudo --password=secret yes' ]]
}

# --- ssh

over_ssh() { sudo -u dokku env "PATH=$PATH" NAME=laptop SSH_ORIGINAL_COMMAND="$1" bash -c 'exec "$0" $SSH_ORIGINAL_COMMAND' "$host/bin/dokku"; }

@test "over ssh xargs splits: quotes group, nothing expands, the code comes back, stdin goes through" {
    echo_plugin
    plugin fake subcommands/fails <<<$'#!/bin/sh\ncat\nexit 42'
    run over_ssh "fake:show 'a b' \$HOME \"*\" c;d"
    [[ $output == *$'arg=<a b>\narg=<$HOME>\narg=<*>\narg=<c;d>'* ]]
    [[ $output == *'ssh=<dokku>'* && $output == *'name=<laptop>'* ]]
    run -42 over_ssh 'fake:fails' <<<'some input'
    [ "$output" = 'some input' ]
}

@test "over ssh -n vanishes, -e comes empty, and an unbalanced quote drops the rest" {
    echo_plugin
    run over_ssh 'fake:show -n x'
    [ "${lines[1]}" = 'arg=<x>' ]
    run over_ssh 'fake:show -e x'
    [ "${lines[1]}" = 'arg=<>' ] && [ "${lines[2]}" = 'arg=<x>' ]
    run --separate-stderr over_ssh "fake:show svc it's gone"
    [ "$status" -eq 0 ] && [[ $output == *'arg=<svc>'* && $output != *gone* ]]
}

@test "user-auth is asked only when somebody beyond 20_events has it, and may refuse" {
    dokku apps:list >/dev/null
    run ! grep -q '^user-auth ' "$host/log/triggers"
    plugin fake user-auth <<<$'#!/bin/sh\n[ "$3" != apps:list ]'
    run -1 dokku apps:list
    [[ $output == *' !     Access denied'* ]]
    grep -qx 'user-auth root default apps:list' "$host/log/triggers"
    dokku apps:exists "core-$id"
}

# --- plugn

@test "a trigger runs files in name order, skips folders and what may not run, and stops at a failure" {
    plugin fake1 do-it <<<$'#!/bin/sh\nprintf "one %s;" "$*"; cat'
    plugin fake2 do-it <<<$'#!/bin/sh\necho never'
    chmod -x "$host/lib/plugins/available/fake2/do-it"
    mkdir -p "$host/lib/plugins/available/fake3/do-it"
    ln -sfn "$host/lib/plugins/available/fake3" "$host/lib/plugins/enabled/fake3"
    plugin fake4 do-it <<<$'#!/bin/sh\nprintf four; cat; exit 5'
    plugin fake5 do-it <<<$'#!/bin/sh\necho never'
    PLUGIN_PATH=$host/lib/plugins run --separate-stderr plugn trigger do-it 'a b' '' <<<"stdin"
    [ "$status" -eq 5 ]
    [ "$output" = $'one a b ;stdin\nfour' ]
    [ "$stderr" = "Trigger 'do-it' is not executable, skipping plugin (fake2)" ]
    grep -qx "do-it a\\\\ b ''" "$host/log/triggers"
}

@test "plugn wants PLUGIN_PATH, answers 2 to a word it lacks, 0 to a trigger that nobody has" {
    run -2 env -u PLUGIN_PATH "$host/bin/plugn" trigger x
    [ "$output" = '!! PLUGIN_PATH is not set in environment' ]
    PLUGIN_PATH=$host/lib/plugins run -2 plugn nonsense
    PLUGIN_PATH=$host/lib/plugins run -0 plugn trigger nobody-has-it
    [ -z "$output" ]
}

@test "a .plugn file in the working folder beats PLUGIN_PATH, its line end included" {
    plugin fake do-it <<<$'#!/bin/sh\necho done'
    printf '%s/nowhere' "$PWD" >.plugn
    PLUGIN_PATH=$host/lib/plugins run plugn trigger do-it
    [ "$status" -eq 0 ] && [ -z "$output" ]
    printf '%s/lib/plugins' "$host" >.plugn
    run plugn trigger do-it
    [ "$output" = done ]
    printf '%s/lib/plugins\n' "$host" >.plugn
    run plugn trigger do-it
    [ -z "$output" ]
}

@test "a plugin without its table of settings is told so at each of its hooks" {
    plugin fake do-it <<<$'#!/bin/sh\necho done'
    printf '[plugin]\nversion = "1"\n' >"$host/lib/plugins/available/fake/plugin.toml"
    PLUGIN_PATH=$host/lib/plugins run --separate-stderr plugn trigger do-it
    [ "$status" -eq 0 ] && [ "$output" = done ] && [[ $stderr == panic:* ]]
}

@test "with PLUGIN_PATH alone a core hook dies of what is missing" {
    run env -i "PATH=$PATH" "PLUGIN_PATH=$host/lib/plugins" plugn trigger config-get x y
    [ "$status" -eq 1 ] && [[ $output == *'DOKKU_LIB_ROOT not set!'* ]]
}

# --- apps and common

@test "apps come and go, with the triggers in order; a name is checked and taken once" {
    dokku apps:create "life-$id"
    run -1 dokku apps:create "life-$id"
    [[ $output == *'Name is already taken'* ]]
    run -1 dokku apps:create 'Bad_Name'
    run -20 dokku apps:exists "gone-$id"
    [[ $output == *" !     App gone-$id does not exist"* ]]
    run -1 dokku apps:destroy "life-$id" <<<wrong
    [[ $output == *"To proceed, type \"life-$id\""* ]]
    : >"$host/log/triggers"
    dokku --force apps:destroy "life-$id"
    in_order deployed-app-image-tag pre-delete scheduler-detect scheduler-stop scheduler-post-delete post-delete scheduler-retire
    run -20 dokku apps:exists "life-$id"
}

@test "the first hook that fails stops a destruction half done" {
    dokku apps:create "stuck-$id"
    plugin fake pre-delete <<<$'#!/bin/sh\nexit 4'
    run dokku apps:destroy "stuck-$id" --force
    [ "$status" -ne 0 ]
    [ -d "$host/home/stuck-$id" ] && [ -d "$host/lib/config/stuck-$id" ]
    run ! grep -q '^post-delete' "$host/log/triggers"
}

@test "clone and rename carry the config along before the plugins' own hooks run" {
    dokku apps:create "old-$id"
    dokku config:set --no-restart "old-$id" KEY=value
    plugin fake post-app-clone-setup <<<$'#!/bin/sh\nplugn trigger config-get "$2" KEY'
    run dokku apps:clone "old-$id" "copy-$id"
    [ "$status" -eq 0 ] && [[ $output == *value* ]]
    in_order post-create post-app-clone-setup git-has-code post-app-clone
    : >"$host/log/triggers"
    dokku apps:rename "old-$id" "new-$id"
    in_order post-create post-app-rename-setup pre-delete post-delete scheduler-retire git-has-code post-app-rename
    [ "$(dokku config:get "new-$id" KEY)" = value ]
    run -20 dokku apps:exists "old-$id"
    grep -q 'post-app-rename .*DOKKU_APPS_FORCE_DELETE=1' "$host/log/triggers.env"
}

@test "common answers by code: 20 missing, 1 no name at all, silent when quiet" {
    local common=$host/lib/core-plugins/available/common/common
    dokku apps:create "known-$id"
    run -0 as_dokku "$common" --quiet verify-app-name "known-$id"
    run -20 as_dokku "$common" --quiet verify-app-name "gone-$id"
    [ -z "$output" ]
    run -1 as_dokku "$common" --quiet verify-app-name 'a;b'
    run -0 as_dokku "$common" --quiet scheduler-detect "known-$id"
    [ "$output" = docker-local ]
    run -1 as_dokku "$common" --quiet is-deployed "known-$id"
    plugin fake user-auth-app <<<$'#!/bin/sh\nexit 0'
    run -20 as_dokku "$common" --quiet verify-app-name "known-$id"
}

@test "properties are files of mode 600 without a line end; an unknown verb is silence" {
    local prop=$host/lib/core-plugins/available/common/prop
    as_dokku "$prop" set fake "svc" key 'a value'
    [ "$(stat -c '%a %U' "$host/lib/config/fake/svc/key")" = '600 dokku' ]
    [ "$(wc -c <"$host/lib/config/fake/svc/key")" -eq 7 ]
    run as_dokku "$prop" get-with-default fake svc other fallback
    [ "$output" = fallback ]
    run -1 as_dokku "$prop" exists fake svc other
    run -0 as_dokku "$prop" no-such-verb fake svc
    [ -z "$output" ]
    as_dokku "$prop" destroy fake _all_
    [ ! -e "$host/lib/config/fake" ]
}

@test "an app called postgres owns config/postgres and takes the properties of a plugin of that name with it" {
    dokku apps:create postgres
    dokku config:set --no-restart postgres A=1
    as_dokku "$host/lib/core-plugins/available/common/prop" set postgres svc key value
    [ -f "$host/lib/config/postgres/ENV" ] && [ -f "$host/lib/config/postgres/svc/key" ]
    dokku --force apps:destroy postgres
    [ ! -e "$host/lib/config/postgres" ]
}

# --- config

@test "values come back as they were, but a whole number loses its zeros" {
    local value=$'it\'s "a" $x `y` \\z ! #\nnext'
    dokku apps:create "conf-$id"
    config_sub set --no-restart "conf-$id" "ODD=$value" NUMBER=007 BIG=123456789012345678901234567890 "EMPTY=" >/dev/null
    [ "$(config_sub get "conf-$id" ODD)" = "$value" ]
    [ "$(config_sub get "conf-$id" NUMBER)" = 7 ]
    [ "$(config_sub get "conf-$id" BIG)" = 123456789012345678901234567890 ]
    run -0 config_sub get "conf-$id" EMPTY
    run -1 config_sub get "conf-$id" NONE
    [ "$(config_sub export --format json "conf-$id" | jq -r .ODD)" = "$value" ]
    [ "$(bash -c "$(config_sub export "conf-$id")"$'\nprintf %s "$ODD"')" = "$value" ]
    [ "$(stat -c '%a %U' "$host/lib/config/conf-$id/ENV")" = '600 dokku' ]
}

@test "set prints the values unless quiet, fires post-config-update with keys, and never fails for a write" {
    dokku apps:create "loud-$id"
    run config_sub set --no-restart "loud-$id" SECRET=word
    [[ $output == *'Setting config vars'* && $output == *'SECRET:  word'* ]]
    grep -qx "post-config-update loud-$id set SECRET" "$host/log/triggers"
    run as_dokku env DOKKU_QUIET_OUTPUT=1 "$host/lib/plugins/available/config/config_sub" set --no-restart "loud-$id" SECRET=other
    [ "$status" -eq 0 ] && [ -z "$output" ]
    run -0 config_sub set --no-restart "nowhere-$id" A=b
    [ ! -e "$host/lib/config/nowhere-$id" ]
    run -1 config_sub set --no-restart "loud-$id" 'BAD-KEY=x'
    run -0 config_sub unset --no-restart "loud-$id" NONE
    [[ $output == *'Skipping NONE, it is not set in the environment'* ]]
}

@test "config:import reads JSON from stdin, says each pair twice, and verifies the app" {
    dokku apps:create "json-$id"
    run import_json --no-restart --format json "json-$id" - <<<'{"URL":"postgres://a:b@c/d?x=1&y=2","TEXT":"two\nlines"}'
    [ "$status" -eq 0 ]
    [[ $output == *'Setting config var URL=postgres://'* && $output == *'URL:   postgres://'* ]]
    [ "$(config_sub get "json-$id" TEXT)" = $'two\nlines' ]
    [[ $(config_sub export --format json "json-$id") == *'x=1\u0026y=2'* ]]
    run -1 import_json --no-restart --format json "json-$id" - <<<'{"A":1}'
    run -1 import_json --no-restart --format json "json-$id" - <<<'{}'
    run -20 import_json --no-restart --format json "gone-$id" - <<<'{"A":"b"}'
}

@test "the config triggers: get without a line end, export verified, set with its flag first" {
    local plugn=(as_dokku plugn trigger)
    dokku apps:create "trig-$id"
    run -0 "${plugn[@]}" config-set --no-restart "trig-$id" A=b
    [ "$("${plugn[@]}" config-get "trig-$id" A; printf x)" = bx ]
    run -0 "${plugn[@]}" config-get "gone-$id" A
    [ -z "$output" ]
    [ "$("${plugn[@]}" config-export "trig-$id" false true json)" = '{"A":"b"}' ]
    run -20 "${plugn[@]}" config-export "gone-$id" false true json
    run -0 "${plugn[@]}" config-export '' true false json
    run -2 "${plugn[@]}" config-set
    run -0 "${plugn[@]}" config-unset "trig-$id" A
    [ "$("${plugn[@]}" config-export "trig-$id" false false json)" = '{}' ]
}

# --- deploys

@test "git:from-image fires what a real one fires, in its order" {
    dokku apps:create "flow-$id"
    : >"$host/log/triggers"
    dokku git:from-image "flow-$id" "$image"
    in_order post-config-update post-extract pre-receive-app builder-build pre-build docker-args-build post-build \
        pre-release-builder post-release-builder scheduler-deploy docker-args-deploy docker-args-process-deploy \
        docker-args-deploy post-container-create core-post-deploy post-deploy deploy-source-set
    grep -qx "docker-args-deploy flow-$id latest web" "$host/log/triggers"
    grep -qx "docker-args-deploy flow-$id latest web 1" "$host/log/triggers"
    grep -qx "post-deploy flow-$id '' '' latest" "$host/log/triggers"
    [[ $(docker inspect -f '{{json .Config.Labels}}' "flow-$id.web.1") == *'"com.dokku.app-name":"flow-'* ]]
    [[ $(docker inspect -f '{{json .Config.Labels}}' "flow-$id.web.1") == *'"dokku":""'* ]]
}

@test "ps:restart deploys a new container and fires no pre-start; a stopped app starts with it" {
    deploy "again-$id"
    local before
    before=$(container "again-$id.web.1")
    : >"$host/log/triggers"
    dokku ps:restart "again-$id"
    [ "$(container "again-$id.web.1")" != "$before" ]
    run ! docker inspect "$before"
    in_order deploy scheduler-deploy docker-args-deploy post-container-create core-post-deploy post-deploy
    run ! grep -Eq '^(pre-start|post-extract|builder-release) ' "$host/log/triggers"
    dokku ps:stop "again-$id"
    [ -z "$(container "again-$id.web.1")" ]
    [ "$(as_dokku plugn trigger ps-get-property "again-$id" restore)" = false ]
    : >"$host/log/triggers"
    dokku ps:start "again-$id"
    in_order pre-start scheduler-app-status release-and-deploy scheduler-deploy proxy-build-config
    [ -n "$(container "again-$id.web.1")" ]
}

@test "config set in scheduler-deploy by a plugin of an earlier name is seen by the new container" {
    deploy "seen-$id"
    plugin fake scheduler-deploy <<'SCRIPT'
#!/bin/bash
printf '{"LATE":"%s"}' "$2" | "$PLUGIN_AVAILABLE_PATH/config/subcommands/import" config:import --no-restart --format json "$2" - >/dev/null
SCRIPT
    plugin zfake scheduler-deploy <<<$'#!/bin/sh\nDOKKU_QUIET_OUTPUT=1 "$PLUGIN_AVAILABLE_PATH/config/config_sub" set --no-restart "$2" TOO_LATE=1'
    dokku ps:restart "seen-$id"
    [ "$(docker exec "seen-$id.web.1" sh -c 'echo $LATE')" = "seen-$id" ]
    [ -z "$(docker exec "seen-$id.web.1" sh -c 'echo $TOO_LATE')" ]
}

@test "post-container-create comes before the start, and a failing one leaves its container behind" {
    deploy "left-$id"
    local before
    before=$(container "left-$id.web.1")
    plugin fake post-container-create <<<$'#!/bin/sh\ndocker inspect -f "state={{.State.Status}} $*" "$2"; exit 9'
    run -1 dokku ps:restart "left-$id"
    [[ $output == *"state=created app "*" left-$id deploy web"* ]]
    [ "$(docker ps -aq --filter "label=com.dokku.app-name=left-$id" | wc -l)" -eq 2 ]
    [ "$(container "left-$id.web.1")" = "$before" ]
}

@test "a failing redeploy after config:set is a warning, and the exit stays 0" {
    deploy "warn-$id"
    plugin fake scheduler-deploy <<<$'#!/bin/sh\nexit 9'
    run -0 dokku config:set "warn-$id" A=b
    [[ $output == *"Restarting app warn-$id"* && $output == *'Failure while restarting app'* ]]
    grep -qx "release-and-deploy warn-$id '' config-redeploy" "$host/log/triggers"
}

@test "release-and-deploy of an app without an image is nothing and 0" {
    dokku apps:create "bare-$id"
    run -0 as_dokku plugn trigger release-and-deploy "bare-$id"
    run ! grep -q '^scheduler-deploy' "$host/log/triggers"
    run -0 dokku ps:restart "bare-$id"
    [[ $output == *"App bare-$id has not been deployed"* ]]
}

@test "an app's folder is where post-extract runs, and a .plugn in it cuts the plugins off" {
    local source=$host/source
    mkdir -m 755 "$source"
    printf '%s/nowhere' "$PWD" >"$source/.plugn"
    touch "$source/marker"
    dokku apps:create "plugn-$id"
    plugin fake post-extract <<<$'#!/bin/sh\necho "cwd: $(ls "$PWD")"'
    dokku git:from-image --build-dir "$source" "plugn-$id" "$image" >out 2>&1
    grep -q "^post-extract plugn-$id " "$host/log/triggers"
    run ! grep -q '^cwd: ' out
    rm "$source/.plugn"
    run dokku git:from-image --build-dir "$source" "plugn-$id" "$image"
    rm -r "$source"
    [[ $output == *'cwd: '*marker* ]]
}

@test "ps:scale deploys the changed process alone; run makes a container of its own and passes its code on" {
    deploy "many-$id"
    : >"$host/log/triggers"
    dokku ps:scale "many-$id" web=1 worker=2
    [ -n "$(container "many-$id.worker.2")" ]
    grep -qx "deploy many-$id latest worker" "$host/log/triggers"
    run ! grep -qx "deploy many-$id latest web" "$host/log/triggers"
    dokku ps:scale "many-$id" worker=0
    [ -z "$(container "many-$id.worker.1")" ]
    dokku config:set --no-restart "many-$id" FROM_CONFIG=yes >/dev/null
    : >"$host/log/triggers"
    run -3 dokku run "many-$id" sh -c 'echo "$FROM_CONFIG"; exit 3'
    [ "$output" = yes ]
    in_order scheduler-run docker-args-run docker-args-process-run post-container-create scheduler-post-run
    grep -Eqx "post-container-create app [0-9a-f]{64} many-$id run" "$host/log/triggers"
}

@test "docker options: no dedupe, removal of every equal one, quotes but no expansion, no links in a Dockerfile's build" {
    deploy "opts-$id"
    local options=(as_dokku "$host/lib/plugins/available/docker-options/subcommands")
    dokku docker-options:add "opts-$id" build,deploy,run "--label fake.link=a"
    "${options[@]}/add" docker-options:add "opts-$id" deploy "--label fake.link=a"
    dokku docker-options:add "opts-$id" deploy "--env 'TWO=a \$HOME b'"
    [ "$(dokku docker-options:list "opts-$id" --phase deploy | grep -c fake.link)" -eq 2 ]
    dokku ps:restart "opts-$id"
    [ "$(docker exec "opts-$id.web.1" sh -c 'echo "$TWO"')" = 'a $HOME b' ]
    dokku docker-options:remove "opts-$id" deploy "--label fake.link=a"
    run dokku docker-options:list "opts-$id" --phase deploy
    [[ $output != *fake.link* ]]
    run -1 dokku docker-options:add "opts-$id" never "--x"
    dokku docker-options:add "opts-$id" build "--link x:y"
    [ "$(as_dokku plugn trigger docker-args-build "opts-$id" dockerfile </dev/null)" = ' --label fake.link=a' ]
}

@test "what a plugin prints for docker-args reaches the container; a failing one stops the deploy" {
    deploy "args-$id"
    plugin fake docker-args-deploy <<<$'#!/bin/sh\ncat; printf " --env=FROM_ARGS=yes "'
    dokku ps:restart "args-$id"
    [ "$(docker exec "args-$id.web.1" sh -c 'echo $FROM_ARGS')" = yes ]
    plugin fake docker-args-deploy <<<$'#!/bin/sh\nexit 6'
    run -1 dokku ps:restart "args-$id"
}

@test "of several networks to attach after creation only the first is joined" {
    deploy "net-$id"
    docker network create "one-$id" >/dev/null
    docker network create "two-$id" >/dev/null
    dokku network:set "net-$id" attach-post-create "one-$id,two-$id"
    [ "$(as_dokku plugn trigger network-get-property "net-$id" attach-post-create)" = "one-$id,two-$id" ]
    dokku ps:restart "net-$id"
    run docker inspect -f '{{range $n, $v := .NetworkSettings.Networks}}{{$n}} {{end}}' "net-$id.web.1"
    dokku --force apps:destroy "net-$id"
    docker network rm "one-$id" "two-$id" >/dev/null
    [[ $output == *"one-$id"* && $output == *bridge* && $output != *"two-$id"* ]]
}

@test "a herokuish app sees what its config was at the release, whatever a restart exports" {
    dokku apps:create "baked-$id"
    dokku builder:set "baked-$id" selected herokuish
    dokku config:set --no-restart "baked-$id" VALUE=old
    : >"$host/log/triggers"
    dokku git:from-image "baked-$id" "$image"
    grep -Eqx "post-container-create app [0-9a-f]{64} baked-$id build" "$host/log/triggers"
    dokku config:set --no-restart "baked-$id" VALUE=new
    dokku ps:restart "baked-$id"
    [ "$(docker exec "baked-$id.web.1" /exec sh -c 'echo $VALUE')" = old ]
    as_dokku plugn trigger release-and-deploy "baked-$id"
    [ "$(docker exec "baked-$id.web.1" /exec sh -c 'echo $VALUE')" = new ]
    [ "$(dokku run "baked-$id" sh -c 'echo $VALUE')" = new ]
}

@test "a k3s app gets no container and no container hooks, and its config is read in scheduler-deploy" {
    deploy "kube-$id"
    dokku scheduler:set "kube-$id" selected k3s
    : >"$host/log/triggers"
    dokku ps:restart "kube-$id"
    grep -q "^scheduler-deploy k3s kube-$id" "$host/log/triggers"
    run ! grep -Eq '^(docker-args-|post-container-create)' "$host/log/triggers"
    in_order scheduler-deploy core-post-deploy post-deploy
    grep -q GIT_REV "$host/log/k3s.kube-$id.env"
}

@test "ps:restore asks once for all, then starts each app, many at a time" {
    local name
    for name in one two; do deploy "boot$name-$id"; done
    docker stop -t 1 "bootone-$id.web.1" "boottwo-$id.web.1" >/dev/null
    : >"$host/log/triggers"
    dokku ps:restore --parallel -1
    [ "$(grep -cx pre-restore "$host/log/triggers")" -eq 1 ]
    in_order pre-restore proxy-clear-config scheduler-pre-restore pre-start release-and-deploy
    [ -n "$(container "bootone-$id.web.1")" ] && [ -n "$(container "boottwo-$id.web.1")" ]
}

@test "cleanup takes exited containers that carry the label and are this host's, and no other's" {
    deploy "clean-$id"
    mkdir -p "$host/lib/services/fake"
    docker create --name "mine-$id" --label dokku=service -v "$host/lib/services/fake:/data" "$image" true >/dev/null
    docker create --name "other-$id" --label dokku=service "$image" true >/dev/null
    docker start "mine-$id" "other-$id" >/dev/null
    docker wait "mine-$id" "other-$id" >/dev/null
    dokku cleanup
    run docker ps -a --format '{{.Names}}' --filter "name=-$id"
    docker rm -f "other-$id" >/dev/null
    [[ $output != *"mine-$id"* && $output == *"other-$id"* && $output == *"clean-$id.web.1"* ]]
}

# --- cron

@test "cron entries of plugins become dokku's crontab: a bad line fails it, a blank one empties it" {
    deploy "cron-$id"
    plugin fake cron-entries <<<$'#!/bin/sh\necho "0 3 * * *;dokku fake:run a"; echo "@daily;dokku fake:run b;/var/log/b.log"'
    as_dokku plugn trigger scheduler-cron-write docker-local
    run cat "$host/cron/dokku"
    [[ $output == *'0 3 * * * dokku fake:run a'* && $output == *'@daily dokku fake:run b &>> /var/log/b.log'* && $output == *SHELL=/bin/bash* ]]
    [ "$(dokku cron:list --global --format json | jq -r '.[0].schedule')" = '0 3 * * *' ]
    plugin fake cron-entries <<<$'#!/bin/sh\necho "no schedule"'
    run -1 dokku ps:restart "cron-$id"
    [[ $output == *'Invalid injected cron task: no schedule'* ]]
    plugin fake cron-entries <<<$'#!/bin/sh\necho "0 3 * * *;one"; echo; echo "0 4 * * *;two"'
    as_dokku plugn trigger scheduler-cron-write docker-local
    [ ! -e "$host/cron/dokku" ]
    plugin fake cron-entries <<<$'#!/bin/sh\necho "0 3 * * *;one"; exit 1'
    plugin zfake cron-entries <<<$'#!/bin/sh\necho "0 4 * * *;two"'
    as_dokku plugn trigger scheduler-cron-write ''
    run cat "$host/cron/dokku"
    [[ $output == *one* && $output != *two* ]]
}

# --- plugins in and out

archive() { # a release archive of a small plugin
    mkdir -p dokku-fake-1.0/subcommands
    printf '[plugin]\ndescription = "fake"\nversion = "1.0"\n[plugin.config]\n' >dokku-fake-1.0/plugin.toml
    printf '#!/bin/sh\necho installed by $(id -un) >>"%s/log/fake"\n' "$host" >dokku-fake-1.0/install
    printf '#!/bin/sh\necho "uninstall $*" >>"%s/log/fake"\n' "$host" >dokku-fake-1.0/uninstall
    printf '#!/bin/sh\necho hello\n' >dokku-fake-1.0/subcommands/hello
    chmod +x dokku-fake-1.0/{install,uninstall,subcommands/hello}
    tar czf dokku-fake-1.0.tar.gz dokku-fake-1.0
}

@test "plugin:install unpacks an archive, fires every install hook as root, and cannot update by itself" {
    archive
    plugin zfake install <<<"#!/bin/sh
echo another >>$host/log/fake"
    rm -f "$host/log/fake"
    run dokku plugin:install "file://$PWD/dokku-fake-1.0.tar.gz" --name fake
    [ "$status" -eq 0 ]
    [ "$(cat "$host/log/fake")" = $'installed by root\nanother' ]
    [ "$(dokku fake:hello)" = hello ]
    [ "$(stat -c %U "$host/lib/plugins/available/fake/install")" = dokku ]
    run -1 dokku plugin:install "file://$PWD/dokku-fake-1.0.tar.gz" --name fake
    [[ $output == *'Plugin already enabled'* ]]
    [ -d "$host/lib/plugins/available/fake/dokku-fake-1.0" ]
    : >"$host/log/fake"
    dokku plugin:uninstall fake
    [ "$(cat "$host/log/fake")" = 'uninstall fake' ]
    [ ! -e "$host/lib/plugins/available/fake" ] && [ ! -L "$host/lib/plugins/enabled/fake" ]
    rm "$host/log/fake"
}

@test "an install hook that fails keeps the later ones from running; enable and disable run none" {
    plugin fake install <<<$'#!/bin/sh\nexit 8'
    plugin zfake install <<<"#!/bin/sh
touch $host/log/never"
    run -8 dokku plugin:install
    [ ! -e "$host/log/never" ]
    : >"$host/log/triggers"
    dokku plugin:disable fake
    [ ! -e "$host/lib/plugins/enabled/fake" ]
    dokku plugin:enable fake
    run ! grep -Eq '^(install|uninstall)' "$host/log/triggers"
}

@test "a plugin of git is cloned, pulled by plugin:update, and not installed again" {
    git init -q -b main repo
    printf '[plugin]\ndescription = "fake"\nversion = "1.0"\n[plugin.config]\n' >repo/plugin.toml
    git -C repo add . && git -C repo -c user.name=n -c user.email=e commit -q -m first
    dokku plugin:install "file://$PWD/repo" --name fake --skip-install-trigger
    run ! grep -q '^install' "$host/log/triggers"
    touch repo/more
    git -C repo add . && git -C repo -c user.name=n -c user.email=e commit -q -m second
    dokku plugin:update fake
    [ -f "$host/lib/plugins/available/fake/more" ]
    grep -qx update "$host/log/triggers"
    run ! grep -q '^install' "$host/log/triggers"
}

# --- the host itself

@test "two hosts on one engine keep apart, and removing one takes its containers and files" {
    local second=$BATS_TEST_TMPDIR/second cid
    "$here/make" "$second"
    "$second/bin/dokku" apps:create "far-$id"
    run -20 dokku apps:exists "far-$id"
    "$second/bin/dokku" git:from-image "far-$id" "$image" >/dev/null
    cid=$(container "far-$id.web.1")
    [ -n "$cid" ]
    "$here/remove" "$second"
    run ! docker inspect "$cid"
    run ! docker image inspect "dokku/far-$id:latest"
    [ ! -e "$second" ]
}

@test "make copies a plugin tree in, enables it and fires install; it refuses a folder with something in it" {
    archive
    local second=$BATS_TEST_TMPDIR/second
    run "$here/make" "$second" --plugin "$PWD/dokku-fake-1.0" --name fake
    [ "$status" -eq 0 ]
    [ "$("$second/bin/dokku" fake:hello)" = hello ]
    grep -qx install "$second/log/triggers"
    run -1 "$here/make" "$second"
    "$here/remove" "$second"
    rm -f "$host/log/fake"
}

@test "profile 0.30: ENV in the app's folder, files of docker options, no import, its own cron trigger" {
    local second=$BATS_TEST_TMPDIR/second dokku=$BATS_TEST_TMPDIR/second/bin/dokku app=early-$id
    "$here/make" "$second" --profile 0.30
    "$dokku" apps:create "$app"
    "$dokku" git:from-image "$app" "$image" >/dev/null
    "$dokku" config:set "$app" A=b >/dev/null
    [ "$(grep -c '^A="b"$' "$second/home/$app/ENV")" -eq 1 ]
    [ "$(docker exec "$app.web.1" sh -c 'echo $A')" = b ]
    "$dokku" docker-options:add "$app" build,deploy,run "--label fake=1"
    "$dokku" docker-options:add "$app" deploy "--label fake=1"
    [ "$(cat "$second/home/$app/DOCKER_OPTIONS_DEPLOY")" = '--label fake=1' ]
    "$dokku" ps:restart "$app"
    [ "$(docker inspect -f '{{index .Config.Labels "fake"}}' "$app.web.1")" = 1 ]
    grep -qx cron-write "$second/log/triggers"
    run ! grep -q '^scheduler-cron-write' "$second/log/triggers"
    "$dokku" ps:stop "$app"
    [ "$("$dokku" config:get "$app" DOKKU_APP_RESTORE)" = 0 ]
    "$dokku" apps:clone --skip-deploy "$app" "$app-copy"
    [ "$("$dokku" config:get "$app-copy" A)" = b ]
    [ ! -e "$second/home/$app-copy/DOCKER_OPTIONS_DEPLOY" ]
    run -1 "$dokku" config:import --no-restart --format json "$app" - <<<'{}'
    [[ $output == *'is not a dokku command'* ]]
    [ ! -e "$second/lib/plugins/enabled/config/config-set" ]
    "$dokku" --force apps:destroy "$app"
    "$here/remove" "$second"
}

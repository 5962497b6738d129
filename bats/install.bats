# The trigger install: folders, network, and what is said of services that are there.

load helper
load wrap
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

@test "install: folders are dokku's, and twice changes nothing" {
    [ "$(stat -c '%U %a' "$host/lib/services/postgres")" = 'dokku 755' ]
    [ "$(stat -c '%U %a' "$host/lib/data/postgres/locks")" = 'dokku 700' ]
    docker network inspect dokku-postgres >/dev/null
    unchanged run_hook install
    [ "$status" -eq 0 ]
    says 'found 0 services'
}

# in_usual_place COMMAND: Bash runs it where this host is in /var/lib/dokku and the local manual is empty.
in_usual_place() {
    unshare --mount bash -ec '
        mount --bind "$1/lib" /mnt
        mount -t tmpfs tmpfs /var/lib
        mkdir /var/lib/dokku
        mount --bind /mnt /var/lib/dokku
        mount -t tmpfs tmpfs /usr/local/share/man
        eval "$2"' _ "$host" "$1"
}

@test "install: man finds the page, and no longer after uninstall" {
    run in_usual_place '
        plugin=/var/lib/dokku/plugins/available/postgres page=/usr/local/share/man/man1/dokku-postgres.1
        cd /
        env -i "PATH=$PATH" "DOKKU_ROOT=$1/home" $plugin/install
        cmp $page $plugin/share/man/man1/dokku-postgres.1
        ! command -v man || [ "$(man -w dokku-postgres)" = "$(readlink -f $page)" ]
        env -i "PATH=$PATH" "DOKKU_ROOT=$1/home" $plugin/uninstall postgres
        [ ! -L $page ]
        echo removed'
    [ "$status" -eq 0 ] && [ "${lines[-1]}" = removed ] || {
        printf '%s\n' "$output" >&2
        return 1
    }
    # this host itself is not in the usual place, so it links nothing
    run find /usr/local/share/man -lname "$host/*"
    [ -z "$output" ]
}

@test "install: what is broken is said with a way out, and exits with 0" {
    make_folder "gone-$id" "image-$id" "major-$id" "certs-$id" "app-$id" "damaged-$id"
    rm "$(service_dir "image-$id")/IMAGE"
    printf '15\n' >"$(service_dir "major-$id")/data/PG_VERSION"
    mkdir "$(service_dir "certs-$id")/certs"
    printf 'lost-%s\n' "$id" >"$(service_dir "app-$id")/LINKS"
    printf '{[' >"$(service_dir "damaged-$id")/service.yml"
    expect_code 0 run_hook install
    says 'found 6 services, 5 of the official plugin'
    says "dokku postgres:start gone-$id"
    says "image-$id has no IMAGE file"
    says "major-$id has data of PostgreSQL 15 but the image postgres:17"
    says "rm -r $(service_dir "certs-$id")/certs"
    says "dokku postgres:unlink app-$id lost-$id"
    says "damaged-$id"
    rm -r "$(service_dir "damaged-$id")"
}

@test "install: an engine that is down is warned of, and exits with 0" {
    mapfile -d '' words < <(dokku_environment)
    run env -i "${words[@]}" DOCKER_BIN=/bin/false "$(program install)"
    [ "$status" -eq 0 ]
    says 'when Docker answers'
}

@test "install: a container that the image file of its service does not name" {
    make_folder "told-$id"
    rm "$(service_dir "told-$id")/IMAGE" "$(service_dir "told-$id")/IMAGE_VERSION"
    docker create --name "dokku.postgres.told-$id" --label dokku=service --label dokku.service=postgres postgres:17 >/dev/null
    expect_code 0 run_hook install
    [ "$(cat "$(service_dir "told-$id")/IMAGE")" = postgres ]
    [ "$(cat "$(service_dir "told-$id")/IMAGE_VERSION")" = 17 ]
    [ "$(stat -c %U "$(service_dir "told-$id")/IMAGE")" = dokku ]
    [ ! -e "$(service_dir "told-$id")/service.yml" ]
}

@test "install: programs that do not run here are an error" {
    cp -a "$host/lib/plugins/available/postgres" "$host/copy"
    printf '#!/bin/sh\necho "version GLIBC_9 not found" >&2\nexit 1\n' >"$host/copy/subcommands/wait"
    mapfile -d '' words < <(dokku_environment)
    run env -i "${words[@]}" "$host/copy/install"
    [ "$status" -eq 1 ]
    says 'do not run on this host'
    rm -r "$host/copy"
}

# As the official plugin's install writes it.
official_rules() {
    local services=$host/lib/services/postgres words
    for words in 'rm -f /etc/cron.d/dokku-postgres-*' 'chown root\:root /etc/cron.d/dokku-postgres-*' \
        'chmod 644 /etc/cron.d/dokku-postgres-*' "mv $services/.TMP_CRON_FILE /etc/cron.d/dokku-postgres-*" \
        "chown 8983 $services/*" "chgrp 8983 $services/*"; do
        printf '%%dokku ALL=(ALL) NOPASSWD:/bin/%s\n' "$words"
    done
}

# install_over RULES: the hook on a host of its own /etc/sudoers.d and /etc/cron.d; says what is there afterwards.
install_over() {
    local words
    mapfile -d '' words < <(dokku_environment)
    unshare --mount bash -euc '
        rules=$1 program=$2
        shift 2
        mount -t tmpfs none /etc/sudoers.d
        mount -t tmpfs none /etc/cron.d
        printf "%s\n" "$rules" >/etc/sudoers.d/dokku-postgres
        echo "30 4 * * 1 dokku /usr/bin/dokku postgres:backup db bucket" >/etc/cron.d/dokku-postgres-db
        cd /
        env -i "$@" "$program"
        ls -d /etc/sudoers.d/* /etc/cron.d/* || :
    ' _ "$1" "$(program install)" "${words[@]}"
}

@test "install: the official plugin's sudo rules go, its backup lines in cron stay" {
    command -v sudo >/dev/null && [ -d /etc/sudoers.d ] || skip 'no sudo here'
    echo line >"$host/lib/services/postgres/.TMP_CRON_FILE"
    expect_code 0 install_over "$(official_rules)"
    says "Postgres: removed /etc/sudoers.d/dokku-postgres, the official plugin's sudo rules, which this plugin does not need"
    [ "$(tail -n 1 <<<"$output")" = /etc/cron.d/dokku-postgres-db ]
    run ! grep -x /etc/sudoers.d/dokku-postgres <<<"$output"
    [ ! -e "$host/lib/services/postgres/.TMP_CRON_FILE" ]
}

@test "install: sudo rules that somebody added are named and stay" {
    command -v sudo >/dev/null && [ -d /etc/sudoers.d ] || skip 'no sudo here'
    expect_code 0 install_over "$(official_rules)"$'\n%dokku ALL=(ALL) NOPASSWD:/bin/true'
    says '/etc/sudoers.d/dokku-postgres holds sudo rules that are not the official plugin'
    grep -x /etc/sudoers.d/dokku-postgres <<<"$output"
}

@test "install: install.sh stops at another plugin under our name before it does anything" {
    local elsewhere=$host/elsewhere
    mkdir -p "$elsewhere/stubs" "$elsewhere/plugins/available/postgres/.git"
    printf '#!/bin/sh\necho "$0" >>%q\nexit 1\n' "$elsewhere/called" | tee "$elsewhere/stubs/cmake" >"$elsewhere/stubs/apt-get"
    chmod +x "$elsewhere"/stubs/*
    run env "PATH=$elsewhere/stubs:$PATH" "DOKKU_LIB_ROOT=$elsewhere" "$root/install.sh"
    [ "$status" -eq 1 ]
    says 'another plugin is installed under the name postgres'
    says 'dokku plugin:uninstall postgres'
    [ ! -e "$elsewhere/called" ]
    [ "$(ls -A "$elsewhere/plugins/available")" = postgres ]
}

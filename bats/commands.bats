# The plugin's front door, asked the way Dokku asks it.

load helper

setup_file() { :; }
teardown_file() { :; }

# as_dokku_help [--all]: the front door as a child of a process with these words, which is where it looks for --all.
as_dokku_help() { bash -c '"$0" help; exit $?' "${front:-$tree/commands}" "$@"; }

@test "commands: whatever is not ours is left to others, silently" {
    local word
    for word in apps:list postgres:nonsense postgres:backupx postgres:create postgresql postgresql:creat mysql:creat postgres: mysql:help --help '' $'help\n'; do
        run "$tree/commands" "$word" more words
        [ "$status" -eq 10 ]
        [ -z "$output" ]
    done
    run "$tree/commands"
    [ "$status" -eq 10 ]
    [ -z "$output" ]
}

@test "commands: the official plugin's backup commands say what to do until they come" {
    local word
    for word in backup backup-auth backup-deauth backup-schedule backup-schedule-cat backup-unschedule backup-set-encryption \
        backup-unset-encryption backup-set-public-key-encryption backup-unset-public-key-encryption; do
        run "$tree/commands" "postgres:$word" lollipop '0 3 * * *' bucket --use-iam
        [ "$status" -eq 1 ]
        says "postgres:$word is not in this version"
        says '/etc/cron.d/dokku-postgres-lollipop'
        says '0 3 * * * root umask 077; /usr/bin/dokku --quiet postgres:export lollipop > /var/backups/lollipop.dump.new && mv'
    done
    for word in '' '-x' '../x' $'a\nb' 'a;b'; do
        run "$tree/commands" postgres:backup "$word"
        [ "$status" -eq 1 ]
        says 'postgres:export SERVICE >'
    done
}

@test "commands: a mistyped command of ours is answered with what was meant, exit 2" {
    run "$tree/commands" postgres:creat db --image-version 17
    [ "$status" -eq 2 ]
    says "'postgres:creat' is not a command of this plugin"
    says "Did you mean 'postgres:create'?"
    for word in postgres:lnik postgres:exprot postgres:inof; do
        run "$tree/commands" "$word"
        [ "$status" -eq 2 ]
        says 'Did you mean'
    done
}

@test "commands: help is one line for the plugin" {
    run as_dokku_help
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output =~ ^'    postgres, '[^,]+$ ]]
}

@test "commands: help --all is a line for each command" {
    run as_dokku_help --all
    [ "$status" -eq 0 ]
    [ "$output" = "$(cat "$tree/share/rows")" ]
}

@test "commands: a word that only holds --all is not --all" {
    run as_dokku_help --allow
    [ "${#lines[@]}" -eq 1 ]
}

@test "commands: what follows help never fails the list of all plugins" {
    run "$tree/commands" help --all --nonsense more words
    [ "$status" -eq 0 ]
    [[ $output == '    postgres, '* ]]
}

@test "commands: a lost list of rows fails nobody" {
    cp "$tree/commands" "$BATS_TEST_TMPDIR/front"
    front=$BATS_TEST_TMPDIR/front run as_dokku_help --all
    [ "$status" -eq 0 ]
    [[ $output =~ ^'    postgres, '[^,]+$ ]]
}

@test "commands: postgres:help is answered too" {
    local word
    for word in postgres postgres:default postgres:help; do
        run "$tree/commands" "$word"
        [ "$status" -eq 0 ]
        says 'Usage: dokku postgres[:COMMAND]'
        says 'postgres:help'
    done
    run "$tree/commands" postgres:help help
    [ "$status" -eq 0 ]
    says 'Usage: dokku postgres:help'
    run "$tree/commands" postgres:help nonsense
    [ "$status" -eq 2 ]
}

@test "commands: it starts without the libraries of a database client" {
    run ldd "$tree/commands"
    says_not libpq
    says_not libstdc++
}

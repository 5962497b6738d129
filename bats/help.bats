# dokku postgres:help

load helper

setup_file() { :; }
teardown_file() { :; }

help() { "$tree/subcommands/help" postgres:help "$@"; }

@test "help: every command in a line" {
    run help
    [ "$status" -eq 0 ]
    local program name
    for program in "$tree"/subcommands/*; do
        name=${program##*/}
        [ "$name" = default ] || grep -Eq "^    postgres:$name( .*)?  [^ ]" <<<"$output" || {
            printf 'no line for %s\n' "$name" >&2
            return 1
        }
    done
    says_not 'postgres:default'
}

@test "help: one command in full, named with or without the plugin's name" {
    local name
    for name in help postgres:help; do
        run help "$name"
        [ "$status" -eq 0 ]
        [ "$output" = "$("$tree/subcommands/help" --help)" ]
    done
}

@test "help: every command tells its usage and exits 0" {
    local program
    for program in "$tree"/subcommands/*; do
        run help "${program##*/}"
        [ "$status" -eq 0 ]
        says "Usage: dokku postgres:${program##*/}"
        run "$program" "postgres:${program##*/}" --help
        [ "$status" -eq 0 ]
    done
}

@test "help: what is not a command is refused" {
    local name
    for name in nonsense ../commands ../subcommands/help help/ /bin/true 'a;b' '$(id)' $'help\n' Help .; do
        run help "$name"
        [ "$status" -eq 2 ]
        says 'is not a command of this plugin'
    done
}

@test "help: a mistyped command is answered with what was meant" {
    run help exprot
    [ "$status" -eq 2 ]
    says "Did you mean 'postgres:export'?"
}

@test "help: wrong usage" {
    run help create list
    [ "$status" -eq 2 ]
    says "'list' is a word too many"
    run help --no-such-flag
    [ "$status" -eq 2 ]
    says "unknown flag '--no-such-flag'"
}

@test "help: a reader that stops early is reported, and kills nobody" {
    run bash -c '"$0" postgres:help >&-' "$tree/subcommands/help"
    [ "$status" -eq 1 ]
    says 'standard output could not be written'
    run bash -c '"$0" postgres:help >/dev/full' "$tree/subcommands/help"
    [ "$status" -eq 1 ]
}

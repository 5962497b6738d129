# dokku postgres

load helper

setup_file() { :; }
teardown_file() { :; }

@test "default: the plugin's bare name is its help" {
    run "$tree/subcommands/default" postgres
    [ "$status" -eq 0 ]
    [ "$output" = "$("$tree/subcommands/help" postgres:help)" ]
    run "$tree/subcommands/default" postgres:default
    [ "$status" -eq 0 ]
}

@test "default: wrong usage" {
    run "$tree/subcommands/default" postgres extra
    [ "$status" -eq 2 ]
    says "'extra' is a word too many"
    run "$tree/subcommands/default" postgres --no-such-flag
    [ "$status" -eq 2 ]
    says "unknown flag '--no-such-flag'"
}

# Every text about the commands is what the commands themselves say today.

load helper

setup_file() { :; }
teardown_file() { :; }

collect() { "$root/lib/cli/collect.sh" "$@"; }

# The lines `name|kinds|flags` of all commands that are not hidden.
commands() {
    local program
    for program in "$tree"/subcommands/*; do "$program" --render=completion; done
}

# each_flag FUNCTION: calls it with a command's name and one of its flags at a time.
each_flag() {
    local name flags flag
    while IFS='|' read -r name _ flags; do
        for flag in $flags; do "$1" "$name" "${flag%%=*}" || return 1; done
    done < <(commands)
}

# README and the pages that it links to.
pages() { printf '%s\n' "$root/README.md" "$root"/docs/*.md; }

# code PAGE: the lines of its code blocks.
code() { awk '/^ *```/ { inside = !inside; next } inside' "$1"; }

# anchors PAGE: what a link may name in it after #.
anchors() {
    awk '/^ *```/ { inside = !inside } !inside && /^#+ /' "$1" | sed 's/^#* //' | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

@test "docs: README's table and the page of commands are fresh" {
    cp "$root/README.md" "$root/docs/commands.md" "$BATS_TEST_TMPDIR"
    collect readme-row "$BATS_TEST_TMPDIR/README.md" "$tree"/subcommands/*
    collect section "$BATS_TEST_TMPDIR/commands.md" "$tree"/subcommands/*
    diff -u "$root/README.md" "$BATS_TEST_TMPDIR/README.md"
    diff -u "$root/docs/commands.md" "$BATS_TEST_TMPDIR/commands.md"
}

@test "docs: README is short: but for a line for each command at most 160 lines" {
    [ "$(grep -vc '^| \[`postgres:' "$root/README.md")" -le 160 ]
}

@test "docs: every link in README and docs leads somewhere" {
    local page target file anchor wrong=
    while read -r page; do
        while read -r target; do
            [[ $target != https://* ]] || continue
            file=${target%%#*} anchor=
            [[ $target != *#* ]] || anchor=${target#*#}
            file=${file:+$(dirname "$page")/$file}
            [ -e "${file:=$page}" ] && { [ -z "$anchor" ] || anchors "$file" | grep -Fxq -- "$anchor"; } || wrong+="$page: $target"$'\n'
        done < <(grep -o ']([^)]*)' "$page" | sed 's/^](\(.*\))$/\1/')
    done < <(pages)
    printf '%s' "$wrong" >&2
    [ -z "$wrong" ]
}

@test "docs: an address in README and docs is one that works" {
    # what is not there before a release is named REPOSITORY_URL and ARCHIVE_URL; these were looked at
    run grep -ohE 'https?://[^] )>`,]+' $(pages)
    [ "$(sort -u <<<"$output")" = $'https://dokku.com\nhttps://github.com/dokku/dokku-postgres.git' ]
}

@test "docs: README and docs name only commands and flags that there are" {
    local page name line flag wrong=
    while read -r page; do
        while read -r name; do
            [[ $name == backup* ]] || [ -x "$tree/subcommands/$name" ] || wrong+="$page: postgres:$name"$'\n'
        done < <(sed '/ping/d' "$page" | grep -oE '\bpostgres:[a-z][a-z-]*' | cut -d: -f2 | sort -u)
        while read -r name line; do
            for flag in $(grep -oE '(^| )--[a-z][a-z-]*' <<<"${line%%#*}"); do
                [[ $("$tree/subcommands/$name" --help) == *"$flag"[\ $'\n']* ]] || wrong+="$page: postgres:$name $flag"$'\n'
            done
        done < <(code "$page" | grep -v '^    ' | sed -n 's/.*dokku \(--quiet \)\{0,1\}postgres:\([a-z-]*\)/\2/p' | grep -v '^ping')
    done < <(pages)
    printf '%s' "$wrong" >&2
    [ -z "$wrong" ]
}

@test "docs: the line for cron is the one that postgres:backup answers with" {
    run "$tree/commands" postgres:backup lollipop
    local line
    line=$(sed -n 's/^ !     \(0 3 \* .*\)/\1/p' <<<"$output")
    [ -n "$line" ]
    grep -Fxq "$line" "$root/README.md"
    grep -Fxq "$line" "$root/docs/differences.md"
}

@test "docs: rows, man page and completion are fresh" {
    collect help-row "$BATS_TEST_TMPDIR/rows" "$tree"/subcommands/*
    cmp "$BATS_TEST_TMPDIR/rows" "$tree/share/rows"
    collect man "$BATS_TEST_TMPDIR/man" "$tree"/subcommands/*
    cmp "$BATS_TEST_TMPDIR/man" "$tree/share/man/man1/dokku-postgres.1"
    collect completion "$BATS_TEST_TMPDIR/completion" "$tree"/subcommands/*
    cmp "$BATS_TEST_TMPDIR/completion" "$tree/share/completion.bash"
}

@test "docs: a row is four spaces, syntax, one comma, summary" {
    run grep -Evn '^    postgres:[a-z-]+[^,]*, [^,]+$' "$tree/share/rows"
    [ "$status" -eq 1 ]
    [ "$(wc -l <"$tree/share/rows")" -eq "$(commands | wc -l)" ]
    LC_ALL=C sort -c -k1,1 <(grep -o '^    postgres:[a-z-]*' "$tree/share/rows")
}

@test "docs: README, page of commands, man page, rows and completion have every command" {
    local name text
    while IFS='|' read -r name _; do
        grep -Fq "| [\`postgres:$name\`](" "$root/README.md"
        grep -Fxq "### postgres:$name" "$root/docs/commands.md"
        grep -Fxq ".SS postgres:${name//-/\\-}" "$tree/share/man/man1/dokku-postgres.1"
        grep -Eq "^    postgres:$name[ ,]" "$tree/share/rows"
        grep -Fq "    '$name|" "$tree/share/completion.bash"
    done < <(commands)
}

@test "docs: page of commands, man page and completion have every flag" {
    has_flag() {
        # from the command's heading to the next one
        sed -n "/^### postgres:$1\$/,/^### \|^<!-- usage ends/p" "$root/docs/commands.md" | grep -Fq -- "$2" || return 1
        sed -n "/^\.SS postgres:${1//-/\\\\-}\$/,/^\.S[SH] /p" "$tree/share/man/man1/dokku-postgres.1" | tail -n +2 | grep -Fq -- "${2//-/\\-}" || return 1
        grep -F "    '$1|" "$tree/share/completion.bash" | grep -Fq -- "$2" || return 1
        [[ $("$tree/subcommands/$1" --help) == *"$2"* ]]
    }
    each_flag has_flag
}

@test "docs: no flag that Dokku's road over ssh swallows is the only spelling" {
    # --version by itself is replaced by echo's own, so nothing may hang on a value after it
    run grep -E -- '[| ]--(version|help)=' <<<"$(commands)"
    [ "$status" -eq 1 ]
    not_swallowed() {
        case $2 in
            -n | -e | -E) grep -Eq "^ +$2, --" <<<"$("$tree/subcommands/$1" --help)" ;;
        esac
    }
    each_flag not_swallowed
}

@test "docs: the man page has no fault that groff knows of" {
    run groff -man -Tutf8 -ww -z "$tree/share/man/man1/dokku-postgres.1"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "docs: a page without its markers is refused and left alone" {
    local text format
    for text in 'no markers' $'<!-- usage begins -->\nno end' $'<!-- usage ends -->\n<!-- usage begins -->'; do
        for format in readme-row section; do
            printf '%s\n' "$text" >"$BATS_TEST_TMPDIR/README.md"
            run collect "$format" "$BATS_TEST_TMPDIR/README.md" "$tree/subcommands/help"
            [ "$status" -ne 0 ]
            says 'markers'
            [ "$(cat "$BATS_TEST_TMPDIR/README.md")" = "$text" ]
        done
    done
    run collect readme-row "$BATS_TEST_TMPDIR/absent.md" "$tree/subcommands/help"
    [ "$status" -ne 0 ]
    [ "$(ls "$BATS_TEST_TMPDIR")" = README.md ]
}

@test "docs: a program that cannot be asked fails the collection" {
    run collect man "$BATS_TEST_TMPDIR/man" "$tree/subcommands/help" /bin/false
    [ "$status" -ne 0 ]
    says "'/bin/false' does not render man"
    [ ! -e "$BATS_TEST_TMPDIR/man" ]
}

# complete LINE: what Bash offers there; a dokku that lists two apps stands in for the real one.
complete_line() {
    DOKKU_LIB_ROOT=$BATS_TEST_TMPDIR bash --norc -c '
        dokku() { [[ $* != *apps:list ]] || printf "%s\n" shop blog; }
        before() { COMPREPLY=(apps:create); }
        complete -F before dokku
        source "$1"
        COMP_LINE=$2 COMP_POINT=${#2}
        _dokku_postgres dokku
        printf "%s\n" "${COMPREPLY[@]}"
    ' _ "$tree/share/completion.bash" "$1" </dev/null
}

@test "docs: completion offers commands, flags, services and apps" {
    mkdir -p "$BATS_TEST_TMPDIR/services/postgres/lollipop" "$BATS_TEST_TMPDIR/services/postgres/lemon-tart"
    run complete_line 'dokku postgres:hel'
    [ "$output" = help ]
    run complete_line 'dokku postgres:info lo'
    [ "$output" = lollipop ]
    run complete_line 'dokku postgres:link lollipop '
    [ "$output" = $'shop\nblog' ]
    run complete_line 'dokku postgres:link lollipop --al'
    [ "$output" = --alias ]
    run complete_line 'dokku postgres:link --alias X lem'
    [ "$output" = lemon-tart ]
    run complete_line 'dokku postgres:create new --link=b'
    [ "$output" = blog ]
    run complete_line 'dokku apps:'
    [ "$output" = apps:create ]
}

@test "docs: completion offers files behind a redirection" {
    mkdir -p "$BATS_TEST_TMPDIR/services/postgres/lollipop"
    cd "$BATS_TEST_TMPDIR"
    touch lollipop.dump other.dump
    for line in 'dokku postgres:import lollipop < lo' 'dokku postgres:import lollipop <lo' 'dokku postgres:import < lo' \
        'dokku postgres:export lollipop > lo' 'dokku postgres:export lollipop 2>>lo' 'dokku postgres:export lollipop --compress gzip >| lo'; do
        run complete_line "$line"
        [ "$output" = lollipop.dump ] || { echo "$line: $output" >&2; return 1; }
    done
    # what stands behind one is no argument
    run complete_line 'dokku postgres:import < other.dump lol'
    [ "$output" = lollipop ]
    run complete_line 'dokku postgres:import <other.dump lol'
    [ "$output" = lollipop ]
}

@test "docs: completion offers keys, values, names of commands, and linked apps alone" {
    mkdir -p "$BATS_TEST_TMPDIR/services/postgres/lollipop"
    printf 'shop\n' >"$BATS_TEST_TMPDIR/services/postgres/lollipop/LINKS"
    run complete_line 'dokku postgres:set lollipop mem'
    [ "$output" = memory ]
    run complete_line 'dokku postgres:info lollipop --format '
    [ "$output" = $'stdout\njson' ]
    run complete_line 'dokku postgres:export lollipop --format=p'
    [ "$output" = --format=plain ] || [ "$output" = plain ]
    run complete_line 'dokku postgres:help unl'
    [ "$output" = unlink ]
    for command in unlink promote; do
        run complete_line "dokku postgres:$command lollipop "
        [ "$output" = shop ]
    done
    run complete_line 'dokku postgres:link lollipop '
    [ "$output" = $'shop\nblog' ]
}

@test "docs: the keys that completion offers are those that set takes" {
    offered=$(commands | sed -n 's/^set|[^|]*words:\([a-z,-]*\).*/\1/p')
    run "$tree/subcommands/set" postgres:set any nonsense
    says "valid keys include: ${offered//,/, }"
}

# The rules of the source tree that no compiler holds.

load helper

setup_file() { cd "$root" || return 1; }
teardown_file() { :; }
setup() { cd "$root" || return 1; }

# What each folder of lib/ may include besides itself; a main may include all of lib/.
may_include() {
    case $1 in
        transfer) echo server service state dump report host engine pg process error value ;;
        official) echo linking server service state host engine pg process error value ;;
        linking) echo server service state host engine process error value ;;
        server) echo service state report host engine pg process error value ;;
        service) echo state host engine process error value ;;
        state) echo host process error ;;
        report) echo pg error value ;;
        dump) echo host pg process error ;;
        host | engine | pg) echo process error ;;
        cli) echo error value ;;
        process) echo error ;;
        error | value) ;;
        *) return 1 ;;
    esac
}

# The files that a third-party header may stand in: a pattern for the whole path, or nothing for one that has no owner.
owner() {
    case $1 in
        boost/program_options*) echo '^lib/cli/[a-z_]+\.cpp$' ;;
        boost/json*) echo '^lib/(cli|engine|host|state)/[a-z_]+\.cpp$' ;;
        boost/*) echo '^lib/process/' ;;
        yaml-cpp/*) echo '^lib/state/[a-z_]+\.cpp$' ;;
        spdlog/* | fmt/*) echo '^lib/host/log\.cpp$' ;;
        *libpq* | postgresql/* | pg_config*) echo '^lib/pg/' ;;
        zlib.h | zstd*.h | lz4*.h) echo '^lib/dump/[a-z_]+\.cpp$' ;;
        sys/* | net/* | netinet/* | arpa/* | linux/*) echo . ;;
        */* | *.hpp) ;;
        *) echo . ;;
    esac
}

# includes PATTERN FOLDER..: lines `file:line header` of the includes that match.
includes() {
    local pattern=$1
    shift
    grep -rnE --include='*.cpp' --include='*.h' "^ *# *include *$pattern" "$@" |
        sed -E 's/^([^:]+:[0-9]+):[^"<]*["<]([^">]+)[">].*/\1 \2/'
}

@test "layers: a folder of lib/ includes only what stands to its right" {
    local place header folder allowed wrong=
    while read -r place header; do
        folder=${place#lib/} folder=${folder%%/*}
        allowed=$(may_include "$folder") || wrong+="$place: a folder with no place among the layers"$'\n'
        case " $folder $allowed " in
            *" ${header%%/*} "*) ;;
            *) wrong+="$place: $header"$'\n' ;;
        esac
    done < <(includes '"' lib)
    printf '%s' "$wrong" >&2
    [ -z "$wrong" ]
}

@test "layers: an include of lib/ names its folder" {
    run includes '"[^/"]*"' lib
    [ -z "$output" ]
}

@test "layers: third-party headers stay with the folder that owns them" {
    local place header wrong=
    while read -r place header; do
        grep -Eq "$(owner "$header" | grep . || echo '^$')" <<<"${place%%:*}" || wrong+="$place: $header"$'\n'
    done < <(includes '<' lib commands subcommands hooks)
    printf '%s' "$wrong" >&2
    [ -z "$wrong" ]
    [ "$(includes '<yaml-cpp' lib | cut -d: -f1 | sort -u | wc -l)" -le 1 ]
}

@test "layers: the environment is read in lib/host alone" {
    run grep -rnE --include='*.cpp' --include='*.h' '\b(secure_)?getenv\b' lib commands subcommands hooks
    local line
    for line in "${lines[@]}"; do
        [[ $line == lib/host/* ]] || {
            printf '%s\n' "$line" >&2
            return 1
        }
    done
}

@test "layers: no shell, and no end of the process but by main" {
    run grep -rnE --include='*.cpp' --include='*.h' '\b(std::)?(system|popen|exit|abort|quick_exit) ?\(' lib commands subcommands hooks
    printf '%s\n' "$output" >&2
    [ "$status" -eq 1 ]
}

@test "layers: every program has its bats file" {
    local source name missing=
    for source in subcommands/*.cpp hooks/*.cpp commands/*.cpp; do
        name=${source##*/} name=${name%.cpp}
        [ -f "bats/$name.bats" ] || missing+="$name "
    done
    printf 'without a bats file: %s\n' "$missing" >&2
    [ -z "$missing" ]
}

@test "layers: every file of lib/ begins with a sentence of what it is for" {
    local file
    for file in lib/*/*.cpp lib/*/*.h commands/*.cpp subcommands/*.cpp hooks/*.cpp; do
        [[ $(head -n 1 "$file") == '// '* ]] || {
            printf '%s\n' "$file" >&2
            return 1
        }
    done
}

@test "layers: each source is one program of the plugin tree, and nothing else is" {
    diff <(cd subcommands && printf '%s\n' *.cpp | sed 's/\.cpp$//' | LC_ALL=C sort) \
        <(find "$tree/subcommands" -mindepth 1 -type f -executable -printf '%f\n' | LC_ALL=C sort)
    diff <({ cd hooks && printf '%s\n' *.cpp; echo commands.cpp; } | sed 's/\.cpp$//' | LC_ALL=C sort) \
        <(find "$tree" -maxdepth 1 -type f -executable -printf '%f\n' | LC_ALL=C sort)
}

@test "layers: no path of the plugin tree is named commands but the front door" {
    [ "$(find -L "$tree" -name commands)" = "$tree/commands" ]
    [ -f "$tree/commands" ]
    [ -z "$(find "$tree" -type l)" ]
    grep -Fxq '[plugin.config]' "$tree/plugin.toml"
}

@test "layers: only programs that talk SQL load libpq" {
    local program
    for program in "$tree"/commands "$tree"/subcommands/{help,default} "$tree"/pre-start "$tree"/post-container-create; do
        run ldd "$program"
        [ "$status" -eq 0 ]
        says_not libpq
    done
}

# Which plugin this is, what it is made of and what it talks to

load helper
load wrap

setup_file() {
    host_up
    front_client
}

# told KEY: what the verbose JSON has for it.
told() { dokku postgres:version --verbose --format json | python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]] or "null")' "$1"; }

@test "version: the plugin's own is the one of its plugin.toml" {
    wanted=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$tree/plugin.toml")
    run dokku postgres:version
    [ "$status" -eq 0 ]
    [ "$output" = "dokku-postgres $wanted" ]
    [ "$(dokku postgres:version --format json)" = "{\"version\":\"$wanted\"}" ]
}

@test "version: verbose tells every library, the compiler and Docker" {
    run dokku postgres:version --verbose
    [ "$status" -eq 0 ]
    for name in compiler 'libstdc\+\+' boost yaml-cpp spdlog fmt zlib zstd lz4 libpq docker-client docker-server; do
        grep -Eq "^       $name: +[^ ].*[0-9]+\.[0-9]+" <<<"$output" || { echo "$name is not told: $output" >&2; return 1; }
        [ -n "$(told "${name//\\/}")" ]
    done
    says '       static:         libstdc++, boost, yaml-cpp, zlib, zstd, lz4, spdlog, fmt'
    [ "$(told docker-client)" = "$(docker version --format '{{.Client.Version}}')" ]
    [ "$(told docker-server)" = "$(docker version --format '{{.Server.Version}}')" ]
    # the libpq that the loader finds, not the one of the build
    library=$(ldd "$tree/subcommands/version" | sed -n 's/.*libpq\.so\.5 => \([^ ]*\).*/\1/p')
    [ "$(told libpq)" = "$(python3 -c 'import ctypes,sys; n = ctypes.CDLL(sys.argv[1]).PQlibVersion(); print(f"{n // 10000}.{n % 10000}")' "$library")" ]
}

@test "version: the libraries are those of the machine that built it" {
    # only where that is this one
    grep -qs "^CMAKE_HOME_DIRECTORY:INTERNAL=$root\$" "$tree/../CMakeCache.txt" || skip "built elsewhere"
    headers() { grep -rhoE "$1" "/usr/include/$2" | grep -oE '[0-9_]+"?$' | tr -d '"' | tr '_' '.' | head -n 1; }
    [ "$(told boost)" = "$(headers 'BOOST_LIB_VERSION "[0-9_]+"' boost/version.hpp).0" ]
    [ "$(told zlib)" = "$(sed -n 's/^#define ZLIB_VERSION "\(.*\)"/\1/p' /usr/include/zlib.h)" ]
    [ "$(told lz4)" = "$(sed -nE 's/^#define LZ4_VERSION_(MAJOR|MINOR|RELEASE) +([0-9]+).*/\2/p' /usr/include/lz4.h | paste -sd.)" ]
    [ "$(told zstd)" = "$(sed -nE 's/^#define ZSTD_VERSION_(MAJOR|MINOR|RELEASE) +([0-9]+).*/\2/p' /usr/include/zstd.h | paste -sd.)" ]
}

@test "version: an engine that is down or a client that is missing is a dash, not a failure" {
    client_does <<<'echo 20.10.0; echo; echo "Cannot connect to the Docker daemon" >&2; exit 1'
    [ "$(told docker-client) $(told docker-server)" = '20.10.0 null' ]
    client_does <<<'exit 127'
    expect_code 0 dokku postgres:version --verbose
    grep -Eqx '       docker-client: +-' <<<"$output"
    [ "$(told docker-client) $(told docker-server)" = 'null null' ]
    client_is_well
}

@test "version: one call of the client when it is verbose, none when it is not" {
    client_does <<<"echo \"\$*\" >>'$host/asked'"
    install -m 666 /dev/null "$host/asked"
    dokku postgres:version
    [ ! -s "$host/asked" ]
    dokku postgres:version --verbose
    [ "$(wc -l <"$host/asked")" -eq 1 ]
    client_is_well
}

@test "version: words and flags that it does not know" {
    unchanged dokku postgres:version more
    [ "$status" -eq 2 ]
    unchanged dokku postgres:version --no-such-flag
    [ "$status" -eq 2 ]
    unchanged dokku postgres:version --format xml
    [ "$status" -eq 2 ]
}

@test "version: no other program asks libpq who it is" {
    asking() { nm -D --undefined-only "$1" | grep -q PQlibVersion; }
    asking "$tree/subcommands/version"
    for program in "$tree"/subcommands/* "$tree"/commands "$tree"/pre-start "$tree"/install; do
        [ "$program" = "$tree/subcommands/version" ] || run ! asking "$program"
    done
}

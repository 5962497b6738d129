# The release archive: what CPack makes of the build is what Dokku's plugin:install takes.

load helper

setup_file() {
    build=$(dirname "$tree")
    id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
    host=$(mktemp -d "${TMPDIR:-/tmp}/dokku-postgres-bats.XXXXXX")
    chmod 755 "$host"
    "$root/tests/host/make" "$host" >/dev/null
    PATH=$host/bin:$PATH
    export id host PATH build
    mkdir "$host/dist"
    # stops by itself when a program needs a newer C library than the release is for
    (cd "$build" && cpack --config CPackConfig.cmake -B "$host/dist") >"$host/dist/log" 2>&1 || {
        cat "$host/dist/log"
        return 1
    }
    archive=$(ls "$host"/dist/*.tar.gz)
    chmod -R a+rX "$host/dist"
    export archive
}

@test "archive: one folder on top, one path named commands, nothing named as the folder" {
    run tar -tzf "$archive"
    [ "$(cut -d/ -f1 <<<"$output" | sort -u | wc -l)" -eq 1 ]
    top=$(head -n 1 <<<"$output" | cut -d/ -f1)
    [ "$(grep -c '/commands$' <<<"$output")" -eq 1 ]
    [ "$(grep -c "/$top\$" <<<"$output")" -eq 0 ]
    says "$top/plugin.toml"
    says "$top/subcommands/create"
    says "$top/share/completion.bash"
    says "$top/share/man/man1/dokku-postgres.1"
}

@test "archive: what a program needs of its system is the C library and libpq" {
    mkdir "$host/unpacked"
    tar -xzf "$archive" -C "$host/unpacked" --strip-components 1
    for program in "$host/unpacked/commands" "$host"/unpacked/subcommands/* "$host/unpacked/pre-start"; do
        needs=$(objdump -p "$program" | sed -n 's/ *NEEDED *//p' | grep -Ev '^(libc|libm|libpq|ld-linux.*)\.so' || true)
        [ -z "$needs" ] || { echo "$program needs $needs" >&2; return 1; }
        newer=$(objdump -T "$program" | grep -oE 'GLIBC_2\.[0-9]+' | sort -u -t. -k2n | awk -F. '$2 > 35')
        [ -z "$newer" ] || { echo "$program needs $newer" >&2; return 1; }
    done
}

@test "archive: plugin:install takes it, a service works, plugin:uninstall leaves the service" {
    dokku plugin:install "file://$archive" --name postgres
    make_service "db-$id"
    [ "$(query "db-$id" 'select 1')" = 1 ]
    dokku plugin:uninstall postgres
    [ "$(query "db-$id" 'select 1')" = 1 ]
    dokku plugin:install "file://$archive" --name postgres
    [ "$(dokku --quiet postgres:list)" = "db-$id" ]
    dokku postgres:destroy "db-$id" --force
}

@test "archive: named as dpkg names the architecture" {
    [[ $archive == */dokku-postgres-*-linux-"$(dpkg --print-architecture)".tar.gz ]]
}

@test "archive: the source package has no tests, and can be configured" {
    [ -e "$root/tests" ] && grep -qs "^CMAKE_HOME_DIRECTORY:INTERNAL=$root\$" "$build/CMakeCache.txt" || skip "built elsewhere"
    (cd "$build" && cpack --config CPackSourceConfig.cmake -B "$host/dist/source")
    mkdir "$host/source"
    tar -xzf "$host"/dist/source/*-source.tar.gz -C "$host/source" --strip-components 1
    for entry in tests bats .ci .git build; do [ ! -e "$host/source/$entry" ]; done
    # with a distribution's flags and libraries
    CXXFLAGS='-O2 -g -D_FORTIFY_SOURCE=2' cmake -S "$host/source" -B "$host/source/made" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DSHARED_LIBRARIES=ON -DSHARED_RUNTIME=ON >"$host/dist/source/log" 2>&1 || { cat "$host/dist/source/log" >&2; return 1; }
    run grep -c -- '-fstack-protector-strong' "$host/source/made/build.ninja"
    [ "$output" -gt 40 ]
    run grep -E -- '-D_FORTIFY_SOURCE=3|-static-libstdc|libboost[a-z_]*\.a| -s( |$)|ccache|unit-tests' "$host/source/made/build.ninja"
    [ -z "$output" ]
}

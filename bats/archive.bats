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

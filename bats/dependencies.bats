# The trigger dependencies: libpq, the one thing that programs of ours need beyond libc.

load helper
load wrap
load folder

setup_file() { host_up; }
teardown_file() { host_down; }

# A plugin whose wait does not find libpq until the apt-get of this test was asked for it.
setup() {
    cp -a "$host/lib/plugins/available/postgres" "$host/copy"
    cat >"$host/copy/subcommands/wait" <<END
#!/bin/sh
[ -e $host/libpq ] && exit 0
echo 'wait: error while loading shared libraries: libpq.so.5: cannot open shared object file' >&2
exit 127
END
    printf '#!/bin/sh\necho "$@" >>%s\ncase $* in *libpq5*) touch %s ;; esac\n' "$host/apt" "$host/libpq" >"$host/bin/apt-get"
    chmod 755 "$host/bin/apt-get"
}
teardown() { rm -rf "$host/copy" "$host/libpq" "$host/apt" "$host/bin/apt-get"; }

@test "dependencies: nothing when everything runs" {
    unchanged run_hook dependencies
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ ! -e "$host/apt" ]
}

@test "dependencies: root brings libpq" {
    mapfile -d '' words < <(dokku_environment)
    run env -i "${words[@]}" "$host/copy/dependencies"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    grep -q 'install --yes .*libpq5' "$host/apt"
}

@test "dependencies: anybody else is told how" {
    run as_dokku "$host/copy/dependencies"
    [ "$status" -eq 0 ]
    says 'apt-get install libpq5'
    [ ! -e "$host/apt" ]
}

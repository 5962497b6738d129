# What the compiler and the linker were asked to put into every program, read from the installed files; and no core file of a crash.

load helper

setup_file() { cd "$root" || return 1; }
teardown_file() { :; }

# Every program of the plugin tree.
programs() {
    local file
    find "$tree" -type f -perm -100 | LC_ALL=C sort | while read -r file; do
        [ "$(head -c 4 "$file" | tail -c 3)" != ELF ] || printf '%s\n' "$file"
    done
}

# every CHECK: runs it for each program, and names those that fail it.
every() {
    local program count=0 bad=()
    while read -r program; do
        count=$((count + 1))
        "$@" "$program" || bad+=("${program#"$tree/"}")
    done < <(programs)
    [ "$count" -gt 40 ] || { printf 'only %s programs in %s\n' "$count" "$tree" >&2 && return 1; }
    [ ${#bad[@]} -eq 0 ] || { printf '%s\n' "${bad[@]}" >&2 && return 1; }
}

headers() { readelf --wide --file-header --program-headers "$1"; }
dynamic() { readelf --wide --dynamic "$1"; }
symbols() { readelf --wide --dyn-syms "$1"; }

has_pie() { headers "$1" | grep -q 'Type: *DYN' && dynamic "$1" | grep -q 'FLAGS_1.*\bPIE\b'; }
has_full_relro() { headers "$1" | grep -q GNU_RELRO && dynamic "$1" | grep -Eq 'BIND_NOW|FLAGS_1.*\bNOW\b'; }
has_plain_stack() { headers "$1" | grep -Eq 'GNU_STACK .* RW +0x'; }
has_no_writable_code() { ! headers "$1" | grep -Eq ' RWE | R?W E '; }
# headers and constants are no code: the first segment is for reading only
has_separate_code() { headers "$1" | grep -m 1 ' LOAD ' | grep -Eq ' R +0x'; }
has_stack_protector() { symbols "$1" | grep -q '__stack_chk_fail@'; }
# those that only show texts make no call that has a checked form
has_fortified_calls() {
    case ${1#"$tree/"} in commands | subcommands/default | subcommands/help) return 0 ;; esac
    symbols "$1" | grep -Eq '__[a-z]+_chk@'
}
has_no_search_path() { ! dynamic "$1" | grep -Eq 'RPATH|RUNPATH|TEXTREL'; }
has_no_symbols() { ! readelf --wide --sections "$1" | grep -q '\.symtab'; }
# our own code begins every function that may be jumped to with it; the C library's two start files have it a few times
has_landing_marks() { [ "$(LC_ALL=C grep -aoP '\xf3\x0f\x1e\xfa' "$1" | wc -l)" -gt 100 ]; }

@test "hardening: position-independent programs" { every has_pie; }
@test "hardening: all relocations done at the start, then read-only" { every has_full_relro; }
@test "hardening: no stack that can be run" { every has_plain_stack; }
@test "hardening: no code that can be written" { every has_no_writable_code; }
@test "hardening: code in pages of its own" { every has_separate_code; }
@test "hardening: stack protector" { every has_stack_protector; }
@test "hardening: checked calls of the C library" { every has_fortified_calls; }
@test "hardening: no search path for libraries, no text relocations" { every has_no_search_path; }
@test "hardening: no symbols" { every has_no_symbols; }
@test "hardening: landing marks for indirect jumps" {
    [ "$(uname -m)" = x86_64 ] || skip "x86 alone has them"
    every has_landing_marks
}

# The linker marks a program for indirect branch tracking and a shadow stack only when every object in it is marked. Ours are; Debian's
# start files, C library, Boost, yaml-cpp, zlib, zstd and lz4 are not.
@test "hardening: every object of ours is marked for branch tracking and a shadow stack" {
    [ "$(uname -m)" = x86_64 ] || skip "x86 alone has them"
    local build=$tree/.. object count=0
    [ -e "$build/CMakeCache.txt" ] || skip "built elsewhere"
    shopt -s globstar
    for object in "$build"/CMakeFiles/{dokku-postgres-lib,commands-*,subcommands-*,hooks-*}.dir/**/*.o; do
        count=$((count + 1))
        readelf --notes "$object" | grep -q 'x86 feature: IBT, SHSTK' || { echo "not marked: $object" >&2; return 1; }
    done
    [ "$count" -gt 100 ]
}

# crash PROGRAM WORD..: starts it with no limit on cores in a folder of its own, sends SIGSEGV once it has written
# something to stdout, and says whether there was a core.
crash() {
    python3 - "$BATS_TEST_TMPDIR" "$@" <<'PYTHON'
import os, resource, signal, subprocess, sys, tempfile
folder = tempfile.mkdtemp(dir=sys.argv[1])
child = subprocess.Popen(sys.argv[2:], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
assert child.stdout.read(1), "it wrote nothing"
child.send_signal(signal.SIGSEGV)
status = os.waitpid(child.pid, 0)[1]
assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV, status
print("a core" if os.WCOREDUMP(status) or os.listdir(folder) else "no core")
PYTHON
}

@test "hardening: a crash leaves no core file" {
    [ "$(crash sh -c 'echo ready; read -r line')" = "a core" ] || skip "this host keeps no core of anything"
    local service=$BATS_TEST_TMPDIR/lib/services/postgres/svc
    mkdir -p "$service"
    echo secret >"$service/PASSWORD"
    # it asks for the name, and waits
    run -0 env DOKKU_LIB_ROOT="$BATS_TEST_TMPDIR/lib" bash -c "$(declare -f crash)"'; crash "$@"' _ "$tree/subcommands/destroy" svc
    [ "$output" = "no core" ]
}

@test "hardening: what is started with a secret leaves no core either" {
    [ "$(ulimit -Hc)" != 0 ] || skip "this host lets nobody leave a core file"
    # to the kernel a limit of one byte is none, whether cores go to a file or to a handler
    printf '#!/bin/sh\nsed -n "s/^Max core file size *\\([^ ]*\\).*/\\1/p" /proc/self/limits >%q\nexit 1\n' "$BATS_TEST_TMPDIR/limit" >"$BATS_TEST_TMPDIR/client"
    chmod 755 "$BATS_TEST_TMPDIR/client"
    run bash -c 'ulimit -c unlimited; DOKKU_LIB_ROOT=$1 DOCKER_BIN=$1/client "$2" postgres:version --verbose' _ "$BATS_TEST_TMPDIR" "$tree/subcommands/version"
    [ "$(cat "$BATS_TEST_TMPDIR/limit")" = 1 ]
}

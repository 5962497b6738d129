#!/usr/bin/env bash
# Installs the plugin from a checkout.
#   sudo ./install.sh               builds it and installs it into the Dokku of this host
#   sudo ./install.sh --try         shows the main job on a stand-in Dokku, on any Debian or Ubuntu machine
#   sudo ./install.sh --remove-try  removes what --try left
#   sudo ./install.sh --test        builds everything and runs all tests; with --all behind it the long attack as well: fifty kills,
#                                   five minutes of fuzzing, every analyser over every file
#   sudo ./install.sh --fuzz [SECONDS | --runs N]  attacks every parser for so long in all, or with N inputs each
#   sudo ./install.sh --lint        reads all sources with every analyser that the project keeps to
#   sudo ./install.sh --bench       measures how fast it is; tests/bench/run --help names what may follow
#   sudo ./install.sh --crash N     kills the plugin's commands N times at random moments and looks whether anything is lost; Ctrl-C
#                                   stops it, the same command goes on from there
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
cd "$root"

say() { printf -- '-----> %s\n' "$*"; }
fail() {
    printf ' !     %s\n' "$@" >&2
    exit 1
}

# The packages of Debian and Ubuntu. If the default Boost is older than 1.81, a versioned package is used.
packages() {
    local boost=''
    if ! apt-cache policy libboost-dev | grep 'Candidate: *1\.\(8[1-9]\|9\)' >/dev/null; then
        for boost in 1.83 1.81; do
            [ -n "$(apt-cache pkgnames "libboost-json$boost-dev")" ] && break
        done
    fi
    build_packages=(cmake ninja-build g++ git ca-certificates openssl libpq-dev libyaml-cpp-dev libspdlog-dev libfmt-dev
        zlib1g-dev libzstd-dev liblz4-dev "libboost-json$boost-dev" "libboost-program-options$boost-dev" "libboost-filesystem$boost-dev" "libboost$boost-dev")
    test_packages=(catch2 bats mmdebstrap debian-archive-keyring ccache jq xz-utils zstd gzip strace sudo util-linux bsdextrautils
        procps python3 expect faketime iproute2 postgresql-client openssh-server openssh-client clang-tidy shellcheck binutils)
    # The name of the sanitizers' runtime contains the compiler's version; Ubuntu 22.04 has it in another package.
    local clang runtime
    clang=$(apt-cache depends clang | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1) || true
    runtime=libclang-rt-$clang-dev
    [ -n "$(apt-cache pkgnames "$runtime")" ] || runtime=libclang-common-$clang-dev
    fuzz_packages=(clang "$runtime")
    bench_packages=(gcc valgrind)
}

missing() {
    local name
    for name in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -x installed >/dev/null || printf '%s\n' "$name"
    done
}

install_packages() {
    local wanted
    mapfile -t wanted < <(missing "$@")
    [ ${#wanted[@]} -gt 0 ] || return 0
    say "Installing packages: ${wanted[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >"$scratch/apt.log" 2>&1 || {
        tail -n 20 "$scratch/apt.log" >&2
        fail "apt-get install failed"
    }
}

prepare() {
    [ "$(id -u)" -eq 0 ] || fail "run this as root: sudo $0 $*"
    command -v apt-get >/dev/null || fail "this needs Debian or Ubuntu (apt-get)"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    if ! command -v cmake >/dev/null || ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
        say "Updating package lists"
        apt-get update -qq
    fi
    packages
}

# Provides a Docker engine: one that runs already, else that of the distribution's packages, which is started here if systemd does not.
engine() {
    docker version >/dev/null 2>&1 && return
    command -v dockerd >/dev/null || install_packages docker.io iptables
    command -v docker >/dev/null || install_packages docker-cli
    if command -v systemctl >/dev/null && [ -d /run/systemd/system ]; then
        systemctl start docker
    else
        say "Starting dockerd"
        setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &
    fi
    local deadline=$((SECONDS + 120))
    until docker version >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "the Docker engine does not answer; see /var/log/dockerd.log"
        sleep 0.2
    done
}

# compile PRESET: what the preset builds, in build/PRESET
compile() {
    # checkouts share the compiler cache
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
    say "Building (preset $1)"
    cmake --preset "$1" >"build-$1.log" 2>&1 && cmake --build --preset "$1" --parallel "$(nproc)" >>"build-$1.log" 2>&1 || {
        tail -n 40 "build-$1.log" >&2
        fail "the build failed; the whole of it is in build-$1.log"
    }
    rm -f "build-$1.log"
}

# build PRESET: the plugin tree in build/PRESET/tree
build() {
    compile "$1"
    rm -rf "build/$1/tree"
    cmake --install "build/$1" --prefix "$PWD/build/$1/tree" >/dev/null
}

# Swaps the plugin tree in place: no uninstall hook runs, links and services are untouched.
install_plugin() {
    if ! command -v dokku >/dev/null; then
        fail "there is no Dokku on this host" "To see the plugin work without one: sudo ./install.sh --try"
    fi
    local plugins=${DOKKU_LIB_ROOT:-/var/lib/dokku}/plugins
    local target=$plugins/available/postgres
    if [ -e "$target/.git" ] || { [ -d "$target" ] && ! grep -qs 'managed PostgreSQL services' "$target/plugin.toml"; }; then
        fail "another plugin is installed under the name postgres" \
            "Its services stay where they are. Remove it with: dokku plugin:uninstall postgres" "then run this again."
    fi
    prepare "$@"
    install_packages "${build_packages[@]}"
    build release
    local fresh=$plugins/available/.postgres.new
    rm -rf "$fresh"
    cp -R build/release/tree "$fresh"
    chown -R dokku:dokku "$fresh"
    if [ -d "$target" ]; then
        rm -rf "$plugins/available/.postgres.old"
        mv "$target" "$plugins/available/.postgres.old"
        mv "$fresh" "$target"
        rm -rf "$plugins/available/.postgres.old"
        say "Updating"
        PLUGIN_PATH=$plugins "$target/update" postgres
    else
        mv "$fresh" "$target"
        say "Enabling"
        [ -e "$plugins/enabled/postgres" ] || dokku plugin:enable postgres
        PLUGIN_PATH=$plugins "$target/install"
    fi
    say "Installed. Try: dokku postgres:help"
}

run_tests() {
    case ${2-} in '' | --all) ;; *) fail "--test takes --all and nothing else" ;; esac
    prepare "$@"
    install_packages "${build_packages[@]}" "${test_packages[@]}" ${2:+"${fuzz_packages[@]}"}
    engine
    say "Preparing images"
    # in the background, because it mostly waits for the mirror
    tests/images/build &
    local images=$!
    build ci
    wait "$images" || fail "the images were not built"
    say "Running all tests"
    tests/run ${2:+--all} build/ci
}

run_crash() {
    [[ ${2-} =~ ^[1-9][0-9]*$ ]] || fail "--crash takes a number of kills: sudo $0 --crash 1000"
    prepare "$@"
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    engine
    say "Preparing images"
    tests/images/build 17 prepared-17 app ambassador
    build test
    say "Killing"
    tests/crash/run --tree build/test/tree --kills "$2"
}

case ${1-} in
'') install_plugin "$@" ;;
--test) run_tests "$@" ;;
--crash) run_crash "$@" ;;
--try)
    prepare "$@"
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    engine
    say "Preparing images"
    tests/images/build 17 app
    build release
    tests/try "$root/build/release/tree"
    ;;
--fuzz)
    prepare "$@"
    install_packages "${build_packages[@]}" "${fuzz_packages[@]}"
    compile fuzz
    say "Attacking every parser"
    shift
    tests/fuzz/run build/fuzz "$@"
    ;;
--lint)
    prepare "$@"
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    say "Reading the sources"
    tests/lint --all
    ;;
--remove-try) exec tests/try --remove ;;
--bench)
    shift
    prepare --bench "$@"
    install_packages "${build_packages[@]}" "${test_packages[@]}" "${bench_packages[@]}"
    tests/bench/run --check "$root/build/release/tree" "$@"
    engine
    say "Preparing images"
    tests/images/build 17 18 app
    build release
    tests/bench/run "$root/build/release/tree" "$@"
    ;;
*) fail "unknown word: $1" "$(sed -n '3,/^set/s/^#   //p' "$0")" ;;
esac

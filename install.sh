#!/usr/bin/env bash
# Installs the plugin from a checkout.
#   sudo ./install.sh               builds it and installs it into the Dokku of this host
#   sudo ./install.sh --try         shows the main job on a stand-in Dokku, on any Debian or Ubuntu machine
#   sudo ./install.sh --remove-try  removes what --try left
#   sudo ./install.sh --test        builds everything and runs all tests; --help names the other jobs of a developer
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"

say() { printf -- '-----> %s\n' "$*"; }
fail() {
    printf ' !     %s\n' "$@" >&2
    exit 1
}

# The packages of Debian and Ubuntu. If the default Boost is older than 1.81, a versioned package is used.
find_packages() {
    local boost=''
    if ! apt-cache policy libboost-dev | grep 'Candidate: *1\.\(8[1-9]\|9\)' >/dev/null; then
        for boost in 1.83 1.81; do
            [ -n "$(apt-cache pkgnames "libboost-json$boost-dev")" ] && break
        done
    fi
    build_packages=(cmake ninja-build g++ git ca-certificates openssl libpq-dev libyaml-cpp-dev libspdlog-dev libfmt-dev
        zlib1g-dev libzstd-dev liblz4-dev "libboost-json$boost-dev" "libboost-program-options$boost-dev" "libboost-filesystem$boost-dev" "libboost$boost-dev")
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

# prepare WORD..: what every job needs first. The words are those that install.sh was called with.
prepare() {
    [ "$(id -u)" -eq 0 ] || fail "run this as root: sudo ./install.sh $*"
    command -v apt-get >/dev/null || fail "this needs Debian or Ubuntu (apt-get)"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    if ! command -v cmake >/dev/null || ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
        say "Updating package lists"
        apt-get update -qq
    fi
    find_packages
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
    prepare
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

# The jobs below have scripts of their own, which take the functions above.
[ "${BASH_SOURCE[0]}" = "$0" ] || return 0

case ${1-} in
'') install_plugin ;;
--remove-try) exec tests/try --remove ;;
--try | --test | --fuzz | --lint | --bench | --crash | --help)
    [ -d tests/jobs ] || fail "$1 needs a checkout: this source package has no tests"
    exec "tests/jobs/${1#--}" "${@:2}"
    ;;
*) fail "unknown word: $1" "$(sed -n '3,/^set/s/^#   //p' "$0")" ;;
esac

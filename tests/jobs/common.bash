# What the jobs of a developer share: the functions of install.sh, more packages, a Docker engine.
# shellcheck shell=bash

# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/../../install.sh"

# Beside those that a build needs.
find_test_packages() {
    test_packages=(catch2 bats mmdebstrap debian-archive-keyring ccache jq xz-utils zstd gzip strace sudo util-linux bsdextrautils
        procps python3 expect faketime iproute2 postgresql-client openssh-server openssh-client clang-tidy shellcheck binutils)
    # The sanitizers' runtime carries the compiler's version in its name; Ubuntu 22.04 has it in another package.
    local clang runtime
    clang=$(apt-cache depends clang | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1) || true
    runtime=libclang-rt-$clang-dev
    [ -n "$(apt-cache pkgnames "$runtime")" ] || runtime=libclang-common-$clang-dev
    fuzz_packages=(clang "$runtime")
    bench_packages=(gcc valgrind)
}

# A Docker engine: the one that answers, else one from the distribution's packages, started by us when nothing else starts it.
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

# start_job WORD..: root, package lists. The words are those that install.sh was called with.
start_job() {
    prepare "$@"
    find_test_packages
}

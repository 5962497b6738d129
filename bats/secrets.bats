# The password, the key and a password that was typed: one traced run of every program that is installed, and what it leaves

load helper
load wrap

# What each program is told here. S, COPY, WEB and OTHER stand for names; a program that is installed and has no line fails its test.
declare -gA told=(
    [app-links]='WEB --format json' [certificate]=S [clone]='S COPY' [connect]='S --command=select' [create]='S --password TYPED'
    [default]='' [destroy]='COPY --force' [enter]='S true' [exists]=S [export]=S [expose]=S [help]=create [import]=S [info]='S'
    [link]='S WEB --alias REPORTING' [linked]='S WEB' [links]=S [list]='--format json' [logs]=S [mount]='S FOLDER:/srv/folder' [pause]=S
    [promote]='S WEB' [reset]='COPY --force' [restart]=S [set]='S memory 300' [start]=S [stop]=COPY [unexpose]=S [unlink]='S WEB'
    [unmount]='S /srv/folder' [upgrade]='S --memory 310' [version]='--verbose' [wait]=S
    [commands]=help [dependencies]='' [install]='' [update]='' [uninstall]=postgres [post-app-clone-setup]='WEB OTHER'
    [post-app-rename-setup]='WEB OTHER' [post-container-create]='app CONTAINER WEB deploy web' [post-extract]='WEB /tmp rev'
    [pre-delete]='OTHER latest' [pre-restore]='' [pre-start]=WEB [scheduler-deploy]='docker-local WEB latest' [scheduler-run]='docker-local WEB 0 -- true'
    [service-list]=''
)

# words_of NAME: the array $words.
words_of() {
    read -ra words <<<"${told[$1]}"
    local i
    for i in "${!words[@]}"; do
        case ${words[i]} in
            S) words[i]=$service ;;
            COPY) words[i]=copy-$id ;;
            WEB) words[i]=web-$id ;;
            OTHER) words[i]=other-$id ;;
            TYPED) words[i]=$typed ;;
            CONTAINER) words[i]=$(app_container "web-$id") ;;
            FOLDER:*) words[i]=$host/folder:${words[i]#*:} ;;
        esac
    done
}

# traced NAME [WORD..]: runs a program under strace, with the words above unless others are given. What it says goes where the rest goes.
traced() {
    local name=$1 path words folder
    words_of "$name"
    shift
    (($# == 0)) || words=("$@")
    path=$(program "$name")
    [[ $path != */subcommands/* ]] || words=("postgres:$name" "${words[@]}")
    folder=$host/traces/$((++runs)).$name
    mkdir "$folder"
    local user=(-u dokku)
    case $name in install | update | dependencies | uninstall) user=() ;; esac
    mapfile -d '' environment < <(dokku_environment)
    (cd / && exec env -i "${environment[@]}" "${extra[@]}" strace -qq "${user[@]}" -ff --seccomp-bpf -o "$folder/t" -s 70000 -y -v -e signal=none \
        -e trace=execve,open,openat,creat,write,writev,pwrite64,mkdir,mkdirat "$path" "${words[@]}") >>"$said" 2>&1
}

setup_file() {
    host_up
    export service=db-$id said=$host/said typed='typed+Secret/p@ss#word' runs=0
    extra=()
    mkdir -m 700 "$host/traces"
    mkdir "$host/folder"
    since=$(date +%s)
    export since
    make_app "other-$id"
    traced create
    deploy_app "web-$id"
    for name in link expose unexpose wait exists info list links app-links linked logs certificate connect enter promote; do traced "$name" || true; done
    query "$service" 'create table kept as select 7 as seven'
    dokku postgres:export "$service" >"$host/dump"
    traced export >/dev/null
    traced import <"$host/dump"
    traced clone
    password_of_copy=$(cat "$(service_dir "copy-$id")/PASSWORD")
    export password_of_copy
    for name in reset stop destroy set upgrade mount unmount restart pause start; do traced "$name" || true; done
    set_aside "REPORTING_URL"
    for name in pre-restore pre-start post-extract scheduler-deploy scheduler-run post-container-create post-app-clone-setup post-app-rename-setup pre-delete \
        service-list install update dependencies commands help default version; do traced "$name" || true; done
    # under trace, and what fails
    extra=(DOKKU_TRACE=1)
    for name in info wait links; do traced "$name" || true; done
    extra=()
    traced link "$service" "web-$id" || true
    traced create || true
    traced create "bad-$id" --password "$typed" --image none/such || true
    traced create "bad-$id" --password "$typed" --config-options '-c shared_buffers=nonsense' || true
    traced create 'b@d' --password "$typed" || true
    traced destroy "$service" --force || true
    traced import "$service" <<<'\connect elsewhere' || true
    traced import "$service" <<<'select nonsense;' || true
    traced connect "$service" -c 'select nonsense' || true
    traced upgrade "$service" --config-options '-c shared_buffers=nonsense' || true
    traced expose "$service" 80 || true
    extra=(DOCKER_BIN=/bin/false)
    for name in info wait link export restart upgrade; do traced "$name" || true; done
    traced create "bad-$id" --password "$typed" || true
    extra=()
    dokku postgres:expose "$service" 127.0.0.1:"$(free_port)" >>"$said" 2>&1
    chmod 600 "$host/dump" "$said"
    password=$typed
    run_folder=$(service_dir "$service")/run
    key=$(sed -n 2p "$run_folder/server.key")
    export password run_folder key
}
teardown_file() { host_down; }

# set_aside VARIABLE: the app's own no longer says what it must.
set_aside() { dokku config:set --no-restart "web-$id" "$1=other" >/dev/null; }

# Somebody with an account on this machine, in no group of Dokku's.
stranger() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
readable_for_a_stranger() { stranger grep -rlF -- "$password" "$host" 2>/dev/null; }

@test "secrets: the commands of this file did what they were to do" {
    [ "$(cat "$(service_dir "$service")/PASSWORD")" = "$password" ]
    local line
    for line in "Postgres container created: $service" "Dump imported into service $service" 'exposed on port' 'REPORTING_URL of app .* put right' \
        'runs again with its old settings' "Cloning $service to copy-$id" "Postgres container deleted: copy-$id" "Mounted $host/folder" \
        'Already linked as' 'already exists' 'docker-server' 'found 1 service' 'Service .* answers' 'nonsense'; do
        grep -q "$line" "$said" || { printf 'nobody said: %s\n' "$line" >&2; return 1; }
    done
    [ "$(app_query "web-$id" REPORTING_URL 'select seven from kept')" = 7 ]
}

@test "secrets: no container of a service tells the password" {
    seen=0
    for container in $(docker ps -aq --filter "name=dokku.postgres.$service"); do
        docker inspect "$container" >"$BATS_TEST_TMPDIR/told"
        run ! grep -F -- "$password" "$BATS_TEST_TMPDIR/told"
        seen=$((seen + 1))
    done
    # the service's own and the forwarder
    [ "$seen" -eq 2 ]
    docker inspect "dokku.postgres.$service" | grep -q POSTGRES_PASSWORD_FILE
}

@test "secrets: nothing on this host lets a stranger read the password" {
    printf '%s\n' "$password" >"$host/open"
    chmod 644 "$host/open"
    [ "$(readable_for_a_stranger)" = "$host/open" ]
    rm "$host/open"
    run readable_for_a_stranger
    [ -z "$output" ]
}

@test "secrets: no output, no error and no log has the password" {
    run ! grep -rF -- "$password" "$said" "$host/log"
    docker logs "dokku.postgres.$service" >"$BATS_TEST_TMPDIR/log" 2>&1
    docker logs "dokku.postgres.$service.ambassador" >>"$BATS_TEST_TMPDIR/log" 2>&1
    run ! grep -F -- "$password" "$BATS_TEST_TMPDIR/log"
    # a URL is shown, without it
    grep -qF "postgres://postgres:********@dokku-postgres-$service:5432/" "$said"
    [ "$(dokku postgres:info "$service" --dsn)" = "postgres://postgres:typed%2BSecret%2Fp%40ss%23word@dokku-postgres-$service:5432/${service//-/_}" ]
}

@test "secrets: files have the modes that they need" {
    cd "$(service_dir "$service")"
    [ "$(stat -c '%a %U' run PASSWORD links.yml ENV | uniq -c | tr -s ' ')" = $' 1 700 dokku\n 3 600 dokku' ]
    [ "$(stat -c '%a' "$host/lib/data/postgres/locks")" = 700 ]
    run ! stranger ls "$run_folder"
    run ! stranger cat "$run_folder/server.key"
    run ! stranger cat "$run_folder/password"
    # in the container the image's own user reads it, once in our place and once in the server's
    docker exec -u postgres "dokku.postgres.$service" cat /run/dokku-postgres/password | grep -qxF -- "$password"
    [ "$(docker exec -u postgres "dokku.postgres.$service" bash -c 'stat -c "%a %U" "$PGDATA/server.key"')" = '600 postgres' ]
    run ! docker exec -u postgres "dokku.postgres.$service" bash -c 'echo x >>/run/dokku-postgres/password'
}

@test "secrets: only the server knows the password in its container" {
    holds() { # FILE: which processes of the container have the password there
        # shellcheck disable=SC2016
        docker exec -u postgres -i "dokku.postgres.$service" bash -c 'IFS= read -r secret
            for process in /proc/[0-9]*; do
                tr "\0" "\n" <"$process/$1" 2>/dev/null | grep -qF -- "$secret" && cat "$process/comm"
            done | sort | uniq -c' _ "$1" <<<"$password"
    }
    [ -z "$(holds cmdline)" ]
    # the image's entrypoint puts it there, and the server's own processes come from it
    [[ $(holds environ) =~ ^\ *[0-9]+\ postgres$ ]]
}

@test "secrets: no event of the engine tells one" {
    docker events --since "$since" --until "$(date +%s)" --format '{{json .}}' | grep -F "$id" >"$BATS_TEST_TMPDIR/events"
    [ "$(grep -c exec_create "$BATS_TEST_TMPDIR/events")" -gt 0 ]
    run ! grep -F -e "$password" -e "$password_of_copy" -e "$key" "$BATS_TEST_TMPDIR/events"
    echo "# $(wc -l <"$BATS_TEST_TMPDIR/events") events of the engine" >&3
}

# looked_at: what the traces tell, each secret on standard input. Prints what is wrong, and at the end what was looked at.
looked_at() {
    python3 - "$host" 3<&0 <<'END'
import ast, glob, os, re, sys

host = sys.argv[1]
secrets = [line.rstrip("\n") for line in os.fdopen(3) if line.strip()]
begun = re.compile(r'execve\("(.*?)", (\[.*?\]), (\[.*\])\) = 0$')
made = re.compile(r'(?:openat\(.*?, |open\(|creat\()"(.*?)", ([A-Z_|]*O_CREAT[A-Z_|]*), 0(\d*)\) = \d+<(.*)>$')
folder = re.compile(r'mkdir(?:at)?\((?:AT_FDCWD<.*?>, )?"(.*?)", 0(\d+)\) = 0$')
wrote = re.compile(r'p?write(?:v|64)?\((\d+)<(.*?)>, (.*)$')
wrong, programs, argvs, entries, modes, folders, writes, typed = [], set(), 0, 0, {}, {}, [], set()

def holds(text):
    return any(secret in text for secret in secrets)

for trace in sorted(glob.glob(host + "/traces/*/t.*")):
    name = trace.split("/")[-2]
    program = None
    for line in open(trace, errors="replace"):
        line = line.rstrip("\n")
        if found := begun.match(line):
            path, argv, environment = found[1], ast.literal_eval(found[2]), ast.literal_eval(found[3])
            if holds(" ".join(argv)):
                # our own program's words are what was typed, once a run; the lowest number of a process need not be the first
                if program is None and path.endswith("/available/postgres/subcommands/" + name.split(".")[1]) and name not in typed:
                    typed.add(name)
                else:
                    wrong.append(f"{name}: in the words of {path}")
            for entry in environment:
                key = entry.split("=", 1)[0]
                # Dokku itself gives an app's container the app's config in this way
                of_app = any(word.startswith("--label=com.dokku.app-name") for word in argv)
                if holds(entry) and not (os.path.basename(path) == "docker" and (key == "PGPASSWORD" or of_app)):
                    wrong.append(f"{name}: in {key} of {path}")
            program = path
            programs.add(path)
            argvs += 1
            entries += len(environment)
        elif found := made.match(line):
            modes.setdefault(found[4], set()).add(int(found[3] or "0", 8))
            if "/available/postgres/" in (program or "") and not found[4].startswith((host + "/lib/", "/dev/")):
                wrong.append(f"{name}: {program} made {found[4]}, where others may have been first")
        elif found := folder.match(line):
            folders[found[1]] = int(found[2], 8)
        elif (found := wrote.match(line)) and holds(found[3]):
            writes.append((name, program, found[2]))

held = set()
for name, program, path in writes:
    if path.startswith(("pipe:", "socket:", "UNIX", "TCP", "anon_inode:")) or path.startswith(host + "/lib/config/"):
        continue
    held.add(path)
    closed = all(mode & 0o077 == 0 for mode in modes.get(path, {0o777}))
    shut = os.path.basename(os.path.dirname(path)) == "run" and folders.get(os.path.dirname(path)) == 0o700
    if not closed and not shut:
        wrong.append(f"{name}: {program} wrote it to {path}, made as {[oct(mode) for mode in modes.get(path, [])]}")
for line in wrong:
    print("wrong:", line)
print(f"{len(programs)} programs, {argvs} command lines, {entries} entries of environments, {len(modes)} files made, {len(held)} that hold a secret")
END
}

@test "secrets: the tracer sees a secret in words, in an environment, in an open file and in a log" {
    mkdir -p "$BATS_TEST_TMPDIR/traces/1.seen"
    (umask 022 && SECRET=open-secret strace -qq -ff -o "$BATS_TEST_TMPDIR/traces/1.seen/t" -s 70000 -y -v -e signal=none \
        -e trace=execve,open,openat,creat,write,writev,pwrite64,mkdir,mkdirat \
        bash -c '/bin/echo open-secret >/dev/null; echo open-secret >"$1/file"; : ' _ "$BATS_TEST_TMPDIR")
    host=$BATS_TEST_TMPDIR run looked_at <<<open-secret
    says 'in the words of /bin/echo'
    says 'in SECRET of /bin/echo'
    says "wrote it to $BATS_TEST_TMPDIR/file, made as ['0o666']"
}

@test "secrets: every program that is installed was traced" {
    traced unlink
    traced uninstall
    local program name missing=
    for program in "$tree"/subcommands/* $(find "$tree" -maxdepth 1 -type f -executable); do
        name=${program##*/}
        [[ -v told[$name] ]] || missing+="$name "
        compgen -G "$host/traces/*.$name" >/dev/null || missing+="$name "
    done
    printf 'not traced: %s\n' "$missing" >&2
    [ -z "$missing" ]
}

@test "secrets: none in any command line, any environment that is not for it, or any file that others can open" {
    run looked_at < <(printf '%s\n' "$password" 'typed%2BSecret%2Fp%40ss%23word' "$password_of_copy" "$key")
    says_not 'wrong:'
    [[ $output =~ ([0-9]+)\ programs,\ ([0-9]+)\ command\ lines ]]
    [ "${BASH_REMATCH[2]}" -gt 200 ]
    [[ $output =~ ([0-9]+)\ that\ hold ]]
    # the password file, its copy for the container and the key, for two services at least
    [ "${BASH_REMATCH[1]}" -ge 6 ]
    echo "# $(find "$host/traces" -mindepth 1 -maxdepth 1 | wc -l) traced runs: $output" >&3
}

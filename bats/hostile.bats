# Words that a shell, a URL, SQL, YAML, a regular expression, a terminal or a path would take for their own; files that are none

load helper
load wrap
load folder

setup_file() {
    host_up
    export service=db-$id canary=$host/canary
    make_folder "here-$id"
    make_app "web-$id"
    printf 'canary-%s\n' "$id" >"$canary"
    chmod 644 "$canary"
}
teardown_file() { host_down; }

# thrown: every byte and every known string at one kind of word. Standard input: lines `NAME CODES WORD..`, @ for the hostile one,
# CODES what it may end with when it is taken; 2 is what it ends with when it is not. Needs no engine.
thrown() {
    cat >"$host/thrower" <<'END'
import collections, concurrent.futures, subprocess, sys

programs = sys.argv[1]
strings = [s.encode() for s in (
    "", " ", ".", "..", "../x", "/etc/passwd", "a/../b", "a//b", "-", "--", "-x", "--force", "--help", "--version", "-n",
    "$(id)", "`id`", "${HOME}", "a;id", "a|id", "a&&id", "a>x", "*", "?", "[a-z]*", "~", "~root", "!!", "\\", "\\n", "a\\", "'", '"', "''", "a'b\"c",
    "'; DROP DATABASE x; --", "x' OR '1'='1", "\"; select 1", "$$", "E'\\x00'", "@", "a@b", ":", "a:b:c", "a:b@c:1/d?e#f", "http://x/", "%", "%00", "%0a", "%n%s",
    "{}", "[]", "a: b", "- a", "&a *a", "!!python/object:os.system", "yes", "null", "1e9", "0x10", "-1", "99999999999999999999", "a,b", "a=b", "#", "^.*$", "(a+)+$",
    "ä", "漢字", "\u00a0", "a\u00a0b", "\u202egnp", "\u200b", "\u0085", "\u009b31m", "\x1b[31mred", "\x1b]0;title\x07", "\x1b[2J", "a\nb", "a\r", "a\tb", "\x7f",
    "ENV", "_all_", "--global", "con", "a" * 49, "a" * 5000, "a" * 130000)] + [b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"]
# every control and punctuation character, and one or two of each kind that a parser may tell apart
kinds = [n for n in range(1, 128) if not chr(n).isalnum()] + [ord("Z"), ord("z"), ord("7"), 0x80, 0x9b, 0xa0, 0xbf, 0xc0, 0xc3, 0xe2, 0xf5, 0xff]
words = strings + [bytes([n]) for n in kinds] + [b"a" + bytes([n]) + b"b" for n in kinds]
runs, taken, wrong = 0, collections.Counter(), []

def one(case, word):
    name, codes, template = case
    argv = [part.encode().replace(b"@@", word) for part in template]
    done = subprocess.run([programs.encode() + b"/" + argv[0], b"postgres:" + argv[0], *argv[1:]], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    said = done.stdout + done.stderr
    problem = None
    if done.returncode not in codes + [2] + [0] * (word == b"--help"):
        problem = f"exit {done.returncode}"
    try:
        shown = said.decode()
        odd = [c for c in shown if (ord(c) < 32 and c != "\n") or 0x7f <= ord(c) < 0xa0]
        if odd:
            problem = f"control characters {odd!r}"
    except UnicodeDecodeError:
        problem = "not UTF-8"
    if b"uid=" in said or b"terminate called" in said or b"internal error" in said:
        problem = "it was taken for something else"
    return name, word, done.returncode, problem, said

with concurrent.futures.ThreadPoolExecutor(2) as pool:
    waiting = []
    for line in sys.stdin:
        name, codes, *template = line.rstrip("\n").split("|")
        case = (name, [int(code) for code in codes.split(",")], template)
        waiting += [pool.submit(one, case, word) for word in words]
    for future in waiting:
        name, word, code, problem, said = future.result()
        runs += 1
        taken[name] += code != 2
        if problem:
            wrong.append(f"{name} {word[:60]!r}: {problem}: {said[-300:]!r}")
for line in wrong[:30]:
    print("wrong:", line)
for name, count in sorted(taken.items()):
    print(f"{name}: {count} of {len(words)} taken")
print(f"{runs} words, {len(wrong)} wrong")
END
    as_dokku DOCKER_BIN=/bin/false python3 "$host/thrower" "$(dirname "$(program list)")"
}

# all_refused_or_taken: thrown() over the cases on standard input; nothing on the host is changed by any.
all_refused_or_taken() {
    unchanged thrown
    says ', 0 wrong'
    says_not 'wrong:'
    echo "# ${lines[-1]}" >&3
}

@test "hostile: what is not shown or refused is seen by the test" {
    printf '#!/bin/sh\nprintf "%%s" "$2"; exit 7\n' >"$host/lib/plugins/available/postgres/subcommands/echoes"
    chmod 755 "$host/lib/plugins/available/postgres/subcommands/echoes"
    run thrown <<<'echo|7|echoes|@@'
    says 'control characters'
    says 'not UTF-8'
    says_not 'exit 7'
    run thrown <<<'echo|0|echoes|plain'
    rm "$host/lib/plugins/available/postgres/subcommands/echoes"
    says 'exit 7'
}

@test "hostile: names of services and apps" {
    all_refused_or_taken <<END
service of info|3|info|@@
service of exists|1|exists|@@
service of destroy|3|destroy|@@|--force
app of link|20|link|here-$id|@@
app of app-links|20|app-links|--app=@@
app of unlink|20|unlink|here-$id|@@
new service|1,4|create|@@
new service of clone|1,4,3|clone|here-$id|@@
command of help|1,0|help|@@
END
}

@test "hostile: what a new service is told" {
    all_refused_or_taken <<END
password|1|create|new-$id|--password=@@
image|1|create|new-$id|--image=@@
image-version|1|create|new-$id|--image-version=@@
config-options|1|create|new-$id|--config-options=@@
custom-env|1|create|new-$id|--custom-env=A=@@
name in custom-env|1|create|new-$id|--custom-env=@@=a
memory|1|create|new-$id|--memory=@@
shm-size|1|create|new-$id|--shm-size=@@
initial-network|1|create|new-$id|--initial-network=@@
post-create-network|1|create|new-$id|--post-create-network=@@
post-start-network|1|create|new-$id|--post-start-network=@@
wait-timeout|1|create|new-$id|--wait-timeout=@@
END
}

@test "hostile: what a link is told" {
    all_refused_or_taken <<END
alias|20|link|here-$id|gone-$id|--alias=@@
querystring|20|link|here-$id|gone-$id|--querystring=@@
scheme|20|link|here-$id|gone-$id|--scheme=@@
END
}

@test "hostile: settings, folders, ports and all other words" {
    all_refused_or_taken <<END
key of set|3|set|gone-$id|@@|a
config-options of set|3|set|gone-$id|config-options|@@
custom-env of set|3|set|gone-$id|custom-env|A=@@
network of set|3|set|gone-$id|post-create-network|@@
memory of upgrade|3|upgrade|gone-$id|--memory=@@
restart-apps|3|upgrade|gone-$id|--restart-apps=@@
source of mount|3|mount|gone-$id|/a@@:/b
target of mount|3|mount|gone-$id|/a:/b@@
volume|3|mount|gone-$id|@@
folder of unmount|1,3|unmount|here-$id|/@@
port|1|expose|here-$id|@@
address|1|expose|here-$id|@@:20000
statement|3|connect|gone-$id|--command=@@
format|0|list|--format=@@
compress|3,1|export|gone-$id|--compress=@@
lines of logs|3|logs|gone-$id|@@
timeout of wait|3|wait|gone-$id|--timeout=@@
flag|2|list|--x@@
END
}

# What no argument may refuse: every printable character of ASCII but those that the argument itself needs, and some beyond.
every_character() { python3 -c 'import sys; print("".join(chr(c) for c in range(32, 127) if chr(c) not in sys.argv[1]) + "ä漢\u00a0😀", end="")' "$1"; }

@test "hostile: the worst words that are taken come back as they were given, everywhere" {
    password=$(every_character '')
    value=$(every_character ';')
    folder=$host/$(every_character ',:/')
    prefix="%m $(every_character '%')x"
    options=$(python3 -c 'import shlex,sys; print("-c", shlex.quote("log_line_prefix=" + sys.argv[1]), end="")' "$prefix")
    mkdir "$folder"
    deploy_app "odd-$id"

    run dokku postgres:create "Odd_name-$id" --password "$password" --custom-env "FIRST=1;ODD=$value" --config-options "$options"
    [ "$status" -eq 0 ]
    dokku postgres:mount "Odd_name-$id" "$folder:/srv$folder"
    dokku postgres:link "Odd_name-$id" "odd-$id" --alias odd_1 --scheme postgresql \
        --querystring 'application_name=a%27%22b&options=-c%20work_mem%3D8192'
    # every character that a query string may have, for a client that does not log in by it
    query_string=$(python3 -c 'print("".join(chr(c) for c in range(33, 127) if chr(c) != "#"), end="")')
    dokku postgres:unlink "Odd_name-$id" "odd-$id" --no-restart
    dokku postgres:link "Odd_name-$id" "odd-$id" --alias RAW --no-restart --querystring "$query_string"
    dsn=$(dokku postgres:info "Odd_name-$id" --dsn)
    [ "$(config_value "odd-$id" RAW_URL)" = "$dsn?${query_string#\?}" ]
    # read again from YAML, and put right to the letter
    dokku config:set --no-restart "odd-$id" RAW_URL=other
    dokku ps:restart "odd-$id" >/dev/null
    [ "$(config_value "odd-$id" RAW_URL)" = "$dsn?${query_string#\?}" ]
    dokku postgres:unlink "Odd_name-$id" "odd-$id" --no-restart
    dokku postgres:link "Odd_name-$id" "odd-$id" --alias odd_1 --scheme postgresql \
        --querystring 'application_name=a%27%22b&options=-c%20work_mem%3D8192'
    [ "$(app_query "odd-$id" ODD_1_URL "select current_setting('application_name') || current_setting('work_mem')")" = "a'\"b8MB" ]

    as_given() {
        python3 - "$dsn" "$password" <<'END'
import sys, urllib.parse
assert urllib.parse.unquote(urllib.parse.urlsplit(sys.argv[1]).password) == sys.argv[2]
END
        docker exec "dokku.postgres.$1" printenv ODD | cmp - <(printf '%s\n' "$value")
        docker container inspect "dokku.postgres.$1" | python3 -c 'import json,sys; assert "ODD=" + sys.argv[1] in json.load(sys.stdin)[0]["Config"]["Env"]' "$value"
        query "$1" 'show log_line_prefix' | cmp - <(printf '%s\n' "$prefix")
        dokku postgres:info "$1" --config-options | cmp - <(printf '%s\n' "$options")
        dokku postgres:info "$1" --format json | python3 -c 'import json,sys; assert json.load(sys.stdin)["config-options"] == sys.argv[1]' "$options"
    }
    as_given "Odd_name-$id"
    docker exec "dokku.postgres.Odd_name-$id" test -d "/srv$folder"
    # made again from the record, and copied from it
    dokku postgres:upgrade "Odd_name-$id" --memory 320
    as_given "Odd_name-$id"
    docker exec "dokku.postgres.Odd_name-$id" test -d "/srv$folder"
    [ "$(app_query "odd-$id" ODD_1_URL 'select 40 + 2')" = 42 ]
    dokku postgres:clone "Odd_name-$id" "odd-copy-$id"
    as_given "odd-copy-$id"
    dokku postgres:unmount "Odd_name-$id" "/srv$folder"
    run ! docker exec "dokku.postgres.Odd_name-$id" test -d "/srv$folder"
}

@test "hostile: blanks that the record would lose are refused" {
    unchanged dokku postgres:create "new-$id" --custom-env 'A=b ;C=d'
    [ "$status" -eq 2 ]
    unchanged dokku postgres:create "new-$id" --config-options '-c log_line_prefix=a\ '
    [ "$status" -eq 2 ]
}

# trap KIND PATH: puts something there that is no file of ours.
trap_at() {
    rm -rf "$2"
    case $1 in
        link) ln -s "$canary" "$2" ;;
        dangling) ln -s "$host/nowhere" "$2" ;;
        fifo) mkfifo "$2" ;;
        folder) mkdir "$2" ;;
        null) mknod "$2" c 1 3 ;;
        zero) mknod "$2" c 1 5 ;;
        huge) truncate -s 1G "$2" ;;
        hard) ln "$canary" "$2" ;;
    esac
    chown -h dokku:dokku "$2"
}

@test "hostile: what is no file in a file's place is neither followed nor waited for" {
    local file kind code seen=0
    for file in LINKS links.yml service.yml PASSWORD ENV IMAGE DATABASE_NAME CONFIG_OPTIONS PORT .LINKS.new .links.yml.new .service.yml.new; do
        for kind in link dangling fifo folder null zero huge; do
            make_folder "trap-$id"
            trap_at "$kind" "$(service_dir "trap-$id")/$file"
            for words in "info trap-$id" "info trap-$id --dsn" "links trap-$id" "link trap-$id web-$id --no-restart" "set trap-$id post-create-network" \
                "unlink trap-$id web-$id --no-restart" "destroy trap-$id --force"; do
                # shellcheck disable=SC2086
                set -- $words
                code=0
                as_dokku DOCKER_BIN=/bin/false timeout 20 "$(program "$1")" "postgres:$1" "${@:2}" >"$BATS_TEST_TMPDIR/said" 2>&1 </dev/null || code=$?
                [ "$code" -ne 124 ] || { echo "waits for $kind $file: $words" >&2; return 1; }
                case $code in 0 | 1 | 2 | 3 | 4 | 20) ;; *) echo "exit $code for $kind $file: $words" >&2; cat "$BATS_TEST_TMPDIR/said" >&2; return 1 ;; esac
                ! grep -F "canary-$id" "$BATS_TEST_TMPDIR/said" || { echo "shows what is behind $kind $file: $words" >&2; return 1; }
                seen=$((seen + 1))
            done
            [ "$(cat "$canary")" = "canary-$id" ]
            [ "$(stat -c '%a %h' "$canary")" = '644 1' ]
            [ ! -e "$host/nowhere" ]
            rm -rf "$(service_dir "trap-$id")" "$host/lib/config/web-$id/ENV"
        done
    done
    echo "# $seen runs against what is no file" >&3
}

@test "hostile: folders that are links are not written through" {
    mkdir "$host/elsewhere"
    echo kept >"$host/elsewhere/data"
    chown -R dokku:dokku "$host/elsewhere"
    # the service's own, the one that a create fills, and the one of locks
    ln -sfn "$host/elsewhere" "$(service_dir "linked-$id")"
    unchanged dokku postgres:create "linked-$id"
    [ "$status" -eq 4 ]
    says 'symbolic link'
    unchanged dokku postgres:destroy "linked-$id" --force
    [ "$status" -ne 0 ]
    rm "$(service_dir "linked-$id")"
    ln -sfn "$host/elsewhere" "$(service_dir ".creating-new-$id")"
    as_dokku DOCKER_BIN=/bin/false "$(program create)" postgres:create "new-$id" || true
    dokku postgres:create "new-$id" --image none/such || true
    [ "$(ls "$host/elsewhere")" = data ]
    rm -f "$(service_dir ".creating-new-$id")"
    ln -sf "$canary" "$host/lib/data/postgres/locks/service-here-$id"
    unchanged dokku postgres:set "here-$id" post-create-network
    [ "$status" -eq 1 ]
    rm "$host/lib/data/postgres/locks/service-here-$id"
    ln -sf "$canary" "$host/lib/data/postgres/locks/server-here-$id"
    unchanged dokku postgres:restart "here-$id"
    [ "$status" -eq 1 ]
    rm "$host/lib/data/postgres/locks/server-here-$id"
    [ "$(cat "$host/elsewhere/data")" = kept ]
    [ "$(cat "$canary")" = "canary-$id" ]
}

@test "hostile: another account of this machine can write nowhere that we read" {
    for folder in "$host/lib/services" "$host/lib/data/postgres" "$host/lib/plugins/available/postgres"; do
        run setpriv --reuid=nobody --regid=nogroup --clear-groups find "$folder" -writable -print
        [[ -z $(grep -v 'Permission denied' <<<"$output") ]]
    done
}

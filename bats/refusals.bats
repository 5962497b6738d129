# What every installed command that works on a service refuses: no name, hostile names, a service that is not there, an unknown flag

load helper
load wrap

setup_file() {
    host_up
    export app=web-$id
    make_app "$app"
}
teardown_file() { host_down; }

# A line `name operand..` for each command whose first operand is a service that must exist.
commands_on_services() { sed -nE 's/^    postgres:([a-z-]+) <service>([^,]*),.*/\1 \2/p' "$tree/share/rows" | grep -v '^create '; }

# What stands for an operand that must be given.
word_for() {
    case $1 in
        '<new-service>') echo "new-$id" ;;
        '<volume>') echo /srv:/srv ;;
        '<container-dir>') echo /srv ;;
        '<key>') echo memory ;;
        '[<app>]') echo "$app" ;;
    esac
}

# refused CODES SAID COMMAND WORD..: it ends with one of the codes and says that.
refused() {
    local codes=$1 said=$2
    shift 2
    run as_dokku "$(program "$1")" "postgres:$1" "${@:2}" </dev/null
    [[ " $codes " == *" $status "* && $output == *"$said"* ]] || {
        printf 'exit %s, expected %s and to read "%s": %q\n%s\n' "$status" "$codes" "$said" "$*" "$output" >&2
        return 1
    }
}

@test "refusals: every command on a service, and nothing of the host changes" {
    local name operands words operand before after hostile missing count=0
    before=$(snapshot)
    while read -r name operands; do
        words=()
        for operand in $operands; do
            operand=$(word_for "$operand")
            [ -z "$operand" ] || words+=("$operand")
        done
        missing=3
        case $name in exists | linked) missing=1 ;; esac
        refused 2 'Please specify a valid name for the service' "$name"
        refused "$missing" "Postgres service gone-$id does not exist" "$name" "gone-$id" "${words[@]}"
        for hostile in "${hostile_names[@]}"; do refused '2 3' '' "$name" "$hostile" "${words[@]}"; done
        # what stands behind the service goes to the program in it
        [ "$name" = enter ] || refused 2 no-such-flag "$name" "gone-$id" "${words[@]}" --no-such-flag
        after=$(snapshot)
        [ "$before" = "$after" ] || {
            printf 'changed by: %s\n' "$name" >&2
            diff <(printf '%s\n' "$before") <(printf '%s\n' "$after") >&2
            return 1
        }
        count=$((count + 1))
    done < <(commands_on_services)
    [ "$count" -eq "$(commands_on_services | wc -l)" ]
    [ "$count" -ge 27 ]
}

@test "refusals: through Dokku, the exit code and the words are the command's" {
    unchanged dokku postgres:info </dev/null
    [ "$status" -eq 2 ]
    says 'Please specify a valid name for the service'
    unchanged dokku postgres:info "gone-$id" </dev/null
    [ "$status" -eq 3 ]
    unchanged dokku postgres:info $'two\nlines' </dev/null
    [ "$status" -eq 2 ]
    unchanged dokku postgres:info "gone-$id" --no-such-flag </dev/null
    [ "$status" -eq 2 ]
}

#!/usr/bin/env bash
# Collects one text about every command from the programs themselves: collect.sh FORMAT OUTPUT PROGRAM...
# FORMAT is help-row, completion or man for a whole file; readme-row (README's table) or section (docs/commands.md) for the part
# between OUTPUT's two markers.
set -euo pipefail
export LC_ALL=C

begin='<!-- usage begins -->'
end='<!-- usage ends -->'

fail() {
    echo "collect.sh: $1" >&2
    exit 1
}

(($# >= 2)) || fail 'usage: collect.sh FORMAT OUTPUT PROGRAM...'
format=$1 output=$2
shift 2
(($# > 0)) || fail 'no programs to ask'
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# The texts of all programs, sorted by command. A hidden command has none.
texts() {
    local program
    while IFS= read -r program; do
        "$program" "--render=$format" || fail "'$program' does not render $format"
    done < <(for program; do printf '%s\t%s\n' "${program##*/}" "$program"; done | sort -t $'\t' -k1,1 | cut -f2)
}

man_page() {
    local version
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$source_folder/plugin.toml")
    cat <<PAGE
.TH dokku-postgres 1 "" "dokku-postgres ${version:?}" "Dokku"
.SH NAME
dokku\\-postgres \\- managed PostgreSQL services for Dokku apps
.SH SYNOPSIS
\\fBdokku postgres:\\fIcommand\\fR [\\fIargument\\fR]... [\\fIflag\\fR]...
.SH DESCRIPTION
Flags may stand before, between and after arguments, as \\fB\\-\\-flag value\\fR or \\fB\\-\\-flag=value\\fR;
a word \\fB\\-\\-\\fR ends them.
.SH COMMANDS
$1
.SH EXIT STATUS
.TP
0
done
.TP
1
failed
.TP
2
wrong usage
.TP
3
no such service
.TP
4
refused, or not confirmed
.TP
5
degraded
.TP
6
timed out
.TP
20
no such app
PAGE
}

# The lines `name|kinds of arguments|flags` as a Bash array, and the function that reads it.
completion_script() {
    echo '# Completion of "dokku postgres:..." for Bash; source it after the completion of dokku itself.'
    echo '_dokku_postgres_commands=('
    sed "s/.*/    '&'/" <<<"$1"
    echo ')'
    cat <<'SCRIPT'

# The words of a kind, one per line. $2 is the service that was typed before.
_dokku_postgres_words() {
    local root=${DOKKU_LIB_ROOT:-/var/lib/dokku}/services/postgres folder readable=
    # if a plugin filters what a user sees, only Dokku can list it; 20_events has every trigger, but filters nothing
    [[ -r $root && -z $(compgen -G "${root%/services/postgres}/plugins/enabled/*/user-auth-*" | grep -v /20_events/) ]] && readable=yes
    case $1 in
        service)
            if [[ -n $readable ]]; then
                for folder in "$root"/*/; do
                    folder=${folder%/}
                    [[ -d $folder ]] && printf '%s\n' "${folder##*/}"
                done
            else
                dokku --quiet postgres:list 2>/dev/null </dev/null
            fi
            ;;
        app) dokku --quiet apps:list 2>/dev/null </dev/null ;;
        linked-app)
            if [[ -n $readable && $2 =~ ^[A-Za-z0-9_.-]+$ && -r $root/$2/LINKS ]]; then
                cat "$root/$2/LINKS"
            else
                dokku --quiet postgres:links "$2" 2>/dev/null </dev/null
            fi
            ;;
        command) printf '%s\n' "${_dokku_postgres_commands[@]%%|*}" ;;
        words:*) tr , '\n' <<<"${1#words:}" ;;
    esac
}

# Offers the words on stdin that begin with $1, without the part that Readline takes for an earlier word.
_dokku_postgres_offer() {
    local typed=$1 word cut=
    [[ $typed == *:* && $COMP_WORDBREAKS == *:* ]] && cut=${typed%"${typed##*:}"}
    [[ $typed == --*=* && $COMP_WORDBREAKS == *=* ]] && cut=${typed%%=*}=
    while IFS= read -r word; do
        [[ $word == "$typed"* ]] && COMPREPLY+=("${word#"$cut"}")
    done
    return 0
}

# Offers the files that begin with $1.
_dokku_postgres_offer_files() {
    local file
    compopt -o filenames 2>/dev/null
    while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$1")
    return 0
}

_dokku_postgres_complete() {
    local redirection='^[0-9&]*[<>]' operator='^[0-9&]*[<>]+[|&]?$'
    local line=${COMP_LINE:0:COMP_POINT} words=() typed= command= row kinds flags flag
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] || { typed=${words[-1]}; unset 'words[-1]'; }

    local i=1
    while [[ ${words[i]-} == -* ]]; do
        [[ ${words[i]} == --app ]] && ((++i))
        ((++i))
    done
    command=${words[i]-}
    if [[ -z $command ]]; then
        [[ postgres: == "$typed"* || $typed == postgres:* ]] || return 1
        _dokku_postgres_offer "$typed" < <(printf 'postgres:%s\n' "${_dokku_postgres_commands[@]%%|*}")
        [[ $typed == postgres:* ]]
        return
    fi
    [[ $command == postgres:* ]] || return 1
    for row in "${_dokku_postgres_commands[@]}"; do
        [[ ${row%%|*} == "${command#postgres:}" ]] && break
        row=
    done
    [[ -n $row ]] || return 0
    row=${row#*|}
    read -ra kinds <<<"${row%%|*}"
    read -ra flags <<<"${row#*|}"

    # the number of arguments typed so far, and the kind of value that the word before needs
    local wants= place=0 service= word
    for word in "${words[@]:i+1}"; do
        if [[ -n $wants ]]; then
            wants=
            continue
        fi
        if [[ $word =~ $redirection ]]; then
            [[ ! $word =~ $operator ]] || wants=file
            continue
        fi
        if [[ $word != -* ]]; then
            [[ ${kinds[place]-} != service ]] || service=$word
            ((++place))
            continue
        fi
        for flag in "${flags[@]}" --app=app; do
            [[ $flag == "$word"=* ]] && wants=${flag#*=}
        done
    done

    if [[ $typed =~ $redirection ]]; then
        wants=file typed=${typed##*[<>]}
    fi
    if [[ $wants == file ]]; then
        _dokku_postgres_offer_files "$typed"
    elif [[ -n $wants ]]; then
        _dokku_postgres_offer "$typed" < <(_dokku_postgres_words "$wants" "$service")
    elif [[ $typed == --*=* ]]; then
        for flag in "${flags[@]}" --app=app; do
            [[ $flag == "${typed%%=*}"=* ]] || continue
            _dokku_postgres_offer "$typed" < <(_dokku_postgres_words "${flag#*=}" "$service" | while IFS= read -r word; do
                printf '%s=%s\n' "${typed%%=*}" "$word"
            done)
        done
    elif [[ $typed == -* ]]; then
        _dokku_postgres_offer "$typed" < <(printf '%s\n' "${flags[@]%%=*}")
    else
        local kind=${kinds[place]-}
        [[ -z $kind && ${kinds[-1]-} == *... ]] && kind=${kinds[-1]}
        _dokku_postgres_offer "$typed" < <(_dokku_postgres_words "${kind%...}" "$service")
    fi
    return 0
}

# An earlier completion of dokku still completes everything that is not ours.
if [[ $(complete -p dokku 2>/dev/null) =~ -F\ ([^ ]+) && ${BASH_REMATCH[1]} != _dokku_postgres ]]; then
    _dokku_postgres_before=${BASH_REMATCH[1]}
fi
_dokku_postgres() {
    COMPREPLY=()
    _dokku_postgres_complete && return
    local ours=("${COMPREPLY[@]}")
    [[ -n ${_dokku_postgres_before-} ]] && "$_dokku_postgres_before" "$@"
    COMPREPLY+=("${ours[@]}")
}
complete -F _dokku_postgres dokku
SCRIPT
}

# OUTPUT with the collected text between its markers.
with_usage() {
    local line state=before
    while IFS= read -r line || [[ -n $line ]]; do
        case $state:$line in
            before:"$begin")
                printf '%s\n\n%s\n\n' "$line" "$1"
                state=within
                ;;
            within:"$end")
                printf '%s\n' "$line"
                state=after
                ;;
            *:"$begin" | *:"$end") fail "'$output' has its usage markers twice or the wrong way round" ;;
            within:*) ;;
            *) printf '%s\n' "$line" ;;
        esac
    done <"$output"
    [[ $state == after ]] || fail "'$output' lacks the markers '$begin' and '$end'"
}

collected=$(texts "$@")
[[ -n $collected ]] || fail "no command has a text for $format"

mkdir -p "$(dirname "$output")"
temporary=$(mktemp "$output.XXXXXX")
trap 'rm -f "$temporary"' EXIT
case $format in
    help-row) printf '%s\n' "$collected" >"$temporary" ;;
    man) man_page "$collected" >"$temporary" ;;
    completion) completion_script "$collected" >"$temporary" ;;
    readme-row | section)
        [[ -f $output ]] || fail "'$output' is not there"
        [[ $format == section ]] || collected=$'| command | what it does |\n| --- | --- |\n'$collected
        with_usage "$collected" >"$temporary"
        ;;
    *) fail "unknown format '$format'" ;;
esac
chmod 0644 "$temporary"
mv -f "$temporary" "$output"

# Services of which only the folder exists: enough for what reads records and asks no server.
# shellcheck shell=bash disable=SC2154

# make_folder NAME..: the files of a service as the official plugin leaves them, no container.
make_folder() {
    local name folder
    for name in "$@"; do
        folder=$(service_dir "$name")
        install -d -o dokku -g dokku "$folder" "$folder/data"
        printf 'secret%s\n' "$name" >"$folder/PASSWORD"
        printf '%s\n' "${name//[.-]/_}" >"$folder/DATABASE_NAME"
        printf 'postgres\n' >"$folder/IMAGE"
        printf '17\n' >"$folder/IMAGE_VERSION"
        printf '\n' >"$folder/ENV"
        printf '\n' >"$folder/CONFIG_OPTIONS"
        : >"$folder/LINKS"
        chown dokku:dokku "$folder"/[A-Z]*
        chmod 640 "$folder/PASSWORD"
    done
}

# The URL that an app linked to the service must have.
url_of() {
    local folder
    folder=$(service_dir "$1")
    printf 'postgres://postgres:%s@dokku-postgres-%s:5432/%s\n' "$(cat "$folder/PASSWORD")" "${1//[._]/-}" "$(cat "$folder/DATABASE_NAME")"
}

# set_config APP KEY=VALUE..: without a restart and without a word.
set_config() { dokku config:set --no-restart "$@" >/dev/null; }

# run_hook NAME WORD..: the trigger's program as root, the way plugn runs it for plugin:install. Wants wrap.bash.
run_hook() {
    local words name=$1
    shift
    mapfile -d '' words < <(dokku_environment)
    (cd / && env -i "${words[@]}" "$(program "$name")" "$@")
}

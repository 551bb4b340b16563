# Diesel's command-line tool, ours, and databases, for schema-patch and for tests/print-schema in the workspace.
# Source this in the workspace's folder.

# SQLite always, the others where the environment names a server.
backends=(sqlite)
[[ -z ${TEST_POSTGRES_URL-} ]] || backends+=(postgres)
[[ -z ${TEST_MYSQL_URL-} ]] || backends+=(mysql)

# These would change the behavior of the tools.
unset DIESEL_CONFIG_FILE DIESEL_LOG MIGRATION_DIRECTORY

tools=$PWD/target/diesel-cli/bin
ours=${CARGO_TARGET_DIR:-$PWD/target}/debug
export PATH=$ours:$tools:$PATH

# Installs the right release of Diesel's tool into target/ unless it is there, and builds ours.
prepare_tools() {
    local release=2.3.14 features=sqlite-bundled backend version
    # These need the packages libpq-dev and libmariadb-dev.
    [[ ${#backends[@]} == 1 ]] || features+=' postgres mysql'
    version=$("$tools/diesel" --version 2>/dev/null || true)
    for backend in "$release" "${backends[@]}"; do
        if [[ $version != *"$backend"* ]]; then
            cargo install diesel_cli --version "$release" --locked --force \
                --no-default-features --features "$features" --root target/diesel-cli
            break
        fi
    done
    cargo build --quiet -p encrypted-diesel-cli
}

# Sets DATABASE_URL to an empty database, which exists until the script ends. Needs $folder.
own_database() { # backend
    local name=encrypted_diesel_$$_$RANDOM
    case $1 in
    sqlite) export DATABASE_URL=$folder/$name.db ;;
    postgres) DATABASE_URL=$(with_database "$TEST_POSTGRES_URL" "$name") ;;
    mysql) DATABASE_URL=$(with_database "$TEST_MYSQL_URL" "$name") ;;
    esac
    export DATABASE_URL
    own_database_url=$DATABASE_URL
    database setup --no-default-migration
    trap 'DATABASE_URL=$own_database_url database drop; rm -rf "$folder"' EXIT
}

# Has Diesel's tool create or drop the database of DATABASE_URL, without migrations or a schema.
database() {
    mkdir -p "$folder/none"
    : >"$folder/none/diesel.toml"
    # In a folder where the tool does not read the `.env` of a case.
    (cd "$folder/none" && quietly diesel --config-file diesel.toml database --migration-dir . "$@")
}

# A server's URL with another database's name.
with_database() { # url, name
    [[ $1 =~ ^([^:]+://[^/?]*)(/[^?]*)?(\?.*)?$ ]]
    printf '%s\n' "${BASH_REMATCH[1]}/$2${BASH_REMATCH[3]}"
}

# Runs a command, and shows its output only if it fails.
quietly() {
    local said
    said=$("$@" 2>&1) || {
        printf '%s\n' "$said" >&2
        return 1
    }
}

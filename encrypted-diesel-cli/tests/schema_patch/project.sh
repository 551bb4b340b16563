# A small project with a database, and the steps of a case.
#
#   before SQL        a first migration, the patch for it, and the schema
#   after SQL         a further migration, applied with the old patch
#   the_patch_is ...  the state of the old patch after that:
#                       right         it still produces the right schema
#                       refused       it does not apply, and the schema stays unchanged
#                       incomplete    it applies, but misses a column
#                       outdated      it applies, but a column is no longer encrypted, or has another type
#   encrypted_are ... schema-patch repairs the patch, and these columns are encrypted now

# Creates the project with its database, and enters it. Sets how to write columns on this backend.
own_project() { # backend
    folder=$(mktemp -d)
    own_database "$1"
    mkdir "$folder/app"
    cd "$folder/app"
    settings ''
    case $1 in
    sqlite)
        encrypted_text=ENCRYPTED_TEXT
        encrypted_varchar='ENCRYPTED_VARCHAR(691)'
        encrypted_binary=ENCRYPTED_BLOB
        deterministic_text=DETERMINISTIC_TEXT
        blind_index=BLIND_INDEX_BLOB
        ;;
    mysql)
        encrypted_text="TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text'"
        encrypted_varchar="VARCHAR(691) CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_varchar'"
        encrypted_binary="LONGBLOB COMMENT 'encrypted_binary'"
        deterministic_text="TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'deterministic_text'"
        blind_index="VARBINARY(16) COMMENT 'blind_index'"
        ;;
    esac
    id='id INTEGER NOT NULL PRIMARY KEY'
}

# Writes the project's diesel.toml, with these lines under [print_schema].
settings() {
    cat >diesel.toml <<TOML
[print_schema]
file = "schema.rs"
patch_file = "schema.patch"
import_types = ["diesel::sql_types::*", "encrypted_diesel::sql_types::*"]
$1

[migrations_directory]
dir = "migrations"
TOML
}

# Adds a migration.
migration() { # number, SQL
    mkdir -p "migrations/$1_migration"
    printf '%s\n' "$2" >"migrations/$1_migration/up.sql"
}

before() {
    migration 1 "$1"
    fails_with 'Failed to read patch file' diesel migration run
    regenerate
}

after() {
    cp schema.rs before.rs
    cp schema.patch before.patch
    migration 2 "$1"
    if diesel migration run >diesel.log 2>&1; then applies=yes; else applies=no; fi
    cp schema.rs after.rs
}

the_patch_is() {
    local expected_to_apply=yes
    [[ $1 != refused ]] || expected_to_apply=no
    is "$applies" "$expected_to_apply" 'the patch applies'
    if [[ $1 == refused ]]; then
        grep --quiet 'Failed to apply patch' diesel.log
        same before.rs after.rs
    fi
    if [[ $1 == right ]]; then
        encrypted-diesel schema-patch --check
    else
        fails_with 'schema.patch is stale' encrypted-diesel schema-patch --check
    fi
    same before.patch schema.patch
    became=$1
}

encrypted_are() {
    regenerate
    is "$(encrypted_columns schema.rs)" "$(printf '%s\n' "$@" | sort)" 'the encrypted columns'
    case ${became-} in
    right)
        same after.rs schema.rs
        same before.patch schema.patch
        ;;
    # A stale patch may miss columns, but never marks a plaintext column as encrypted.
    incomplete) is "$(comm -23 <(encrypted_columns after.rs) <(encrypted_columns schema.rs))" '' 'wrongly encrypted' ;;
    esac
}

# Writes the patch and the schema, and checks both.
regenerate() {
    encrypted-diesel schema-patch
    quietly diesel migration run
    quietly diesel migration run --locked-schema
    encrypted-diesel schema-patch --check
}

# The encrypted columns of a schema, each as `table.column=Type`.
encrypted_columns() { # file
    awk '
        / \(.*\) \{$/ { table = $1 }
        / -> .*(Encrypted|Deterministic|BlindIndex)/ { sub(/,$/, ""); print table "." $1 "=" $3 }
    ' "$1" | sort
}

# Passes if a command fails and its output contains this.
fails_with() { # text, command...
    local text=$1 said
    shift
    if said=$("$@" 2>&1); then
        printf '%s\n' "$said" "did not fail: $*"
        return 1
    fi
    [[ $said == *"$text"* ]] || {
        printf '%s\n' "$said" "does not say: $text"
        return 1
    }
}

# Passes if the output of a command does not contain this.
never_says() { # text, command...
    local text=$1 said
    shift
    said=$("$@" 2>&1) || true
    [[ $said != *"$text"* ]] || {
        printf '%s\n' "$said" "says: $text"
        return 1
    }
}

is() { # found, expected, what
    [[ $1 == "$2" ]] || {
        printf '%s\n' "$3" '  should be:' "$2" '  but is:' "$1"
        return 1
    }
}

same() { # file, file
    diff "$1" "$2" || {
        echo "$1 and $2 should be the same"
        return 1
    }
}

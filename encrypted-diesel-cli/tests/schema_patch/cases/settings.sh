# Diesel's configuration. On SQLite.

several_schemas() {
    cat >diesel.toml <<'TOML'
[print_schema.people]
file = "people.rs"
patch_file = "people.patch"
filter = { only_tables = ["^patients$"] }

[print_schema.places]
file = "places.rs"
filter = { only_tables = ["^wards$"] }

[print_schema.stays]
file = "stays.rs"
patch_file = "stays.patch"
filter = { only_tables = ["^visits$"] }

[migrations_directory]
dir = "migrations"
TOML
    migration 1 "CREATE TABLE patients ($id, name $encrypted_text); CREATE TABLE wards ($id, name TEXT);
                 CREATE TABLE visits ($id, name TEXT, diagnosis $encrypted_text);"
    fails_with 'Failed to read patch file' diesel migration run
    encrypted-diesel schema-patch
    quietly diesel migration run
    encrypted-diesel schema-patch --check
    is "$(encrypted_columns people.rs)" 'patients.name=Nullable<EncryptedText>' 'the first'
    is "$(encrypted_columns places.rs)" '' 'the second'
    is "$(encrypted_columns stays.rs)" 'visits.diagnosis=Nullable<EncryptedText>' 'the third'
    fails_with 'several schemas' encrypted-diesel schema-patch --output one.patch
}

no_patch_file() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    sed -i '/^patch_file/d' diesel.toml
    fails_with 'add `patch_file' encrypted-diesel schema-patch
    encrypted-diesel schema-patch --output other.patch
    same schema.patch other.patch
}

no_configuration() {
    rm diesel.toml
    fails_with 'no diesel.toml' encrypted-diesel schema-patch
}

a_configuration_of_another_name() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    mkdir other
    sed 's/^patch_file.*/patch_file = "our.patch"/' diesel.toml >other/diesel.sqlite.toml
    encrypted-diesel schema-patch --config other/diesel.sqlite.toml
    same schema.patch other/our.patch
    rm other/our.patch
    DIESEL_CONFIG_FILE=other/diesel.sqlite.toml encrypted-diesel schema-patch
    same schema.patch other/our.patch
}

a_folder_below() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    mkdir -p src/below
    (cd src/below && encrypted-diesel schema-patch --check)
}

our_types_are_not_imported() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    never_says import_types encrypted-diesel schema-patch --check
    sed -i '/^import_types/d' diesel.toml
    fails_with stale encrypted-diesel schema-patch --check
    [[ $(encrypted-diesel schema-patch 2>&1) == *import_types* ]]
}

# Features of SQLite.

a_declared_type_in_small_letters() {
    before "CREATE TABLE patients ($id, name encrypted_varchar (20) NOT NULL, ssn Encrypted_Text);"
    encrypted_are patients.name=EncryptedVarchar 'patients.ssn=Nullable<EncryptedText>'
}

a_misspelled_declared_type() {
    migration 1 "CREATE TABLE patients ($id, ssn ENCRYPTED_STRING NOT NULL);"
    fails_with '' diesel migration run
    fails_with 'patients.ssn is marked `encrypted_string`' encrypted-diesel schema-patch
    [[ ! -e schema.patch ]]
}

# SQLite and Diesel's tool derive the affinity from BLOB in the name.
a_blind_index_without_its_affinity() {
    migration 1 "CREATE TABLE patients ($id, ssn_index BLIND_INDEX NOT NULL);"
    fails_with '' diesel migration run
    fails_with BLIND_INDEX_BLOB encrypted-diesel schema-patch
    [[ ! -e schema.patch ]]
}

a_table_without_a_primary_key() {
    before "CREATE TABLE patients (ssn $encrypted_text NOT NULL);"
    encrypted_are patients.ssn=EncryptedText
}

# A view has columns of these types as well, but is not in the schema.
a_view() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);
            CREATE VIEW numbers AS SELECT id, ssn FROM patients;"
    encrypted_are patients.ssn=EncryptedText
}

a_database_that_does_not_exist() {
    for DATABASE_URL in missing.db file:missing.db 'sqlite://missing.db'; do
        fails_with 'the database `missing.db` does not exist' encrypted-diesel schema-patch
        [[ ! -e missing.db ]]
    done
}

a_database_without_tables() {
    migration 1 'SELECT 1;'
    fails_with '' diesel migration run
    fails_with 'has no tables' encrypted-diesel schema-patch
    [[ ! -e schema.patch ]]
}

a_url_with_a_scheme() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    local file=$DATABASE_URL
    DATABASE_URL=file:$file?mode=ro encrypted-diesel schema-patch --check
    DATABASE_URL=sqlite://$file encrypted-diesel schema-patch --check
}

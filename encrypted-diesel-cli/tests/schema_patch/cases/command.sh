# The command itself. On SQLite.

a_check_writes_nothing() {
    migration 1 "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    fails_with '' diesel migration run
    fails_with 'run this again without --check' encrypted-diesel schema-patch --check
    [[ ! -e schema.patch ]]
}

a_patch_by_hand_is_not_overwritten() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    sed -i '1d; s/+        ssn -> EncryptedText,/+        ssn -> Mine,/' schema.patch
    cp schema.patch mine.patch
    fails_with 'was not written by this command' encrypted-diesel schema-patch
    same mine.patch schema.patch
}

an_empty_patch_is_rewritten() {
    migration 1 "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    : >schema.patch
    quietly diesel migration run
    encrypted_are patients.ssn=EncryptedText
}

a_patch_with_a_merge_conflict_is_rewritten() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    printf '<<<<<<< ours\n=======\n>>>>>>> theirs\n' >>schema.patch
    fails_with 'schema.patch is stale' encrypted-diesel schema-patch --check
    encrypted_are patients.ssn=EncryptedText
}

a_patch_that_does_more_is_stale() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    printf '@@ -11,1 +11,2 @@\n     }\n+    // more\n' >>schema.patch
    fails_with 'it changes more than the types' encrypted-diesel schema-patch --check
}

the_database_of_dotenv() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    local file=$DATABASE_URL
    unset DATABASE_URL
    fails_with 'set DATABASE_URL' encrypted-diesel schema-patch --check
    encrypted-diesel schema-patch --check --database-url "$file"
    echo "DATABASE_URL=$file" >.env
    encrypted-diesel schema-patch --check
    echo 'SECRET=two words' >>.env
    encrypted-diesel schema-patch --check
    echo 'DATABASE_URL=two words' >.env
    fails_with 'DATABASE_URL (.env, line 1): the line cannot be parsed' encrypted-diesel schema-patch --check
    never_says 'two words' encrypted-diesel schema-patch --check
}

postgresql_needs_no_patch() {
    fails_with 'PostgreSQL needs no patch' encrypted-diesel schema-patch --database-url postgres://localhost/clinic
}

a_url_with_an_unknown_scheme() {
    fails_with 'use postgres:// for PostgreSQL' encrypted-diesel schema-patch --database-url mariadb://ada:secret@localhost/clinic
    never_says secret encrypted-diesel schema-patch --database-url mariadb://ada:secret@localhost/clinic
}

diesels_tool_is_missing() {
    fails_with 'cargo install diesel_cli' encrypted-diesel schema-patch --diesel no-such-tool
}

# This one stands for a tool that was built without the backend, or that cannot connect: it prints the URL.
errors_of_diesels_tool_are_shown_without_the_password() {
    printf '#!/bin/sh\necho "no backend for $DATABASE_URL" >&2\nexit 1\n' >tool
    chmod +x tool
    local url=mysql://ada:hunter2@localhost/clinic
    fails_with 'no backend for mysql://ada:***@localhost/clinic' \
        encrypted-diesel schema-patch --diesel ./tool --database-url "$url"
}

# A patch that does not work is not written. This tool ignores patches.
a_patch_is_proven_before_it_is_written() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    rm schema.patch
    printf '#!/bin/sh\nexec diesel "$1" "$2" "$3"\n' >tool
    chmod +x tool
    fails_with 'was not written' encrypted-diesel schema-patch --diesel ./tool
    [[ ! -e schema.patch ]]
}

help_names_every_word() {
    local help word
    help=$(encrypted-diesel schema-patch --help)
    for word in ENCRYPTED_{TEXT,VARCHAR,BLOB} DETERMINISTIC_TEXT BLIND_INDEX_BLOB \
        encrypted_{text,varchar,binary} deterministic_text blind_index; do
        [[ $help == *"$word"* ]]
    done
}

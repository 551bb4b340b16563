# Features of MySQL.

a_column_is_added_first() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients ADD COLUMN ward TEXT FIRST;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

a_column_is_added_after_another() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, notes $encrypted_text);"
    after 'ALTER TABLE patients ADD COLUMN ward TEXT AFTER ssn;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText 'patients.notes=Nullable<EncryptedText>'
}

a_comment_makes_a_column_encrypted() {
    before "CREATE TABLE patients ($id, name TEXT, ssn $encrypted_text NOT NULL);"
    after "ALTER TABLE patients MODIFY name TEXT COMMENT 'encrypted_text';"
    the_patch_is incomplete
    encrypted_are 'patients.name=Nullable<EncryptedText>' patients.ssn=EncryptedText
}

# A migration that changes a column and does not repeat its comment removes the comment.
a_comment_is_forgotten() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients MODIFY ssn TEXT NOT NULL;'
    the_patch_is outdated
    fails_with 'patients.ssn is EncryptedText, should be Text' encrypted-diesel schema-patch --check
}

a_comment_continues_after_the_marker() {
    before "CREATE TABLE patients ($id, a TEXT COMMENT 'encrypted_text: the number', b TEXT COMMENT ' Encrypted_Text, too',
                c TEXT COMMENT 'was encrypted_text', d TEXT COMMENT 'Encrypted by another application',
                e TEXT COMMENT 'encrypted_text
and a second line', f TEXT COMMENT '') COMMENT 'encrypted_text';"
    encrypted_are 'patients.a=Nullable<EncryptedText>' 'patients.b=Nullable<EncryptedText>' \
        'patients.e=Nullable<EncryptedText>'
}

comments_as_docs() {
    settings 'with_docs = "only-database-comments"'
    before "CREATE TABLE patients ($id, ward TEXT COMMENT 'where', ssn $encrypted_text NOT NULL) COMMENT 'the ill';"
    encrypted_are patients.ssn=EncryptedText
    after "ALTER TABLE patients MODIFY ward TEXT COMMENT 'which room';"
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

every_size_of_text_and_bytes() {
    before "CREATE TABLE patients ($id, a TINYTEXT COMMENT 'encrypted_text', b MEDIUMTEXT COMMENT 'encrypted_text',
                c LONGTEXT COMMENT 'encrypted_text', d CHAR(200) COMMENT 'encrypted_text',
                e BLOB COMMENT 'encrypted_binary', f MEDIUMBLOB COMMENT 'encrypted_binary',
                g VARBINARY(99) COMMENT 'encrypted_binary', h VARCHAR(255) COMMENT 'deterministic_text',
                i BLOB COMMENT 'blind_index');"
    encrypted_are patients.{a,b,c,d}='Nullable<EncryptedText>' patients.{e,f,g}='Nullable<EncryptedBinary>' \
        'patients.h=Nullable<DeterministicText>' 'patients.i=Nullable<BlindIndex>'
}

a_misspelled_comment() {
    migration 1 "CREATE TABLE patients ($id, photo BLOB COMMENT 'encrypted_blob');"
    fails_with '' diesel migration run
    fails_with 'patients.photo is marked `encrypted_blob`' encrypted-diesel schema-patch
    [[ ! -e schema.patch ]]
}

# In SQLite, this is a declared type.
a_comment_of_another_database() {
    migration 1 "CREATE TABLE patients ($id, ssn_index VARBINARY(16) COMMENT 'blind_index_blob');"
    fails_with '' diesel migration run
    fails_with 'patients.ssn_index is marked `blind_index_blob`' encrypted-diesel schema-patch
    [[ ! -e schema.patch ]]
}

a_column_that_cannot_hold_it() {
    migration 1 "CREATE TABLE patients ($id, ssn INTEGER COMMENT 'encrypted_text');"
    fails_with '' diesel migration run
    fails_with 'patients.ssn is marked as EncryptedText' encrypted-diesel schema-patch
}

an_index_in_a_column_of_text() {
    migration 1 "CREATE TABLE patients ($id, ssn_index CHAR(16) COMMENT 'blind_index');"
    fails_with '' diesel migration run
    fails_with 'patients.ssn_index is marked as BlindIndex, which is stored as bytes' encrypted-diesel schema-patch
}

the_password_is_not_shown() {
    migration 1 "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    local server=${DATABASE_URL##*@} url
    for url in "mysql://nobody:hunter2hunter2@$server" mysql://nobody:hunter2hunter2@127.0.0.1:1/clinic; do
        fails_with 'nobody:***@' encrypted-diesel schema-patch --database-url "$url"
        never_says hunter2hunter2 encrypted-diesel schema-patch --database-url "$url"
    done
}

# A schema is a database of the same server.
another_database_of_the_server() {
    local own=${DATABASE_URL##*/}
    migration 1 "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    settings "schema = \"${own%%\?*}\""
    fails_with 'Failed to read patch file' diesel migration run
    DATABASE_URL=$(with_database "$DATABASE_URL" mysql) encrypted-diesel schema-patch
    grep --quiet EncryptedText schema.patch
}

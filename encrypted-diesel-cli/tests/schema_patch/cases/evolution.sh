# Migrations that change tables and columns. On SQLite and on MySQL.

# Tables

a_table_is_added() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'CREATE TABLE archive (id INTEGER NOT NULL PRIMARY KEY, ssn TEXT NOT NULL);
           CREATE TABLE zones (id INTEGER NOT NULL PRIMARY KEY, ssn TEXT NOT NULL);'
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText
}

an_encrypted_table_is_added() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "CREATE TABLE archive ($id, ssn $encrypted_text);
           CREATE TABLE zones ($id, ssn $encrypted_text);"
    the_patch_is incomplete
    encrypted_are 'archive.ssn=Nullable<EncryptedText>' patients.ssn=EncryptedText 'zones.ssn=Nullable<EncryptedText>'
}

an_encrypted_table_is_added_where_there_was_none() {
    before "CREATE TABLE patients ($id, ssn TEXT);"
    after "CREATE TABLE archive ($id, ssn $encrypted_text);"
    the_patch_is incomplete
    encrypted_are 'archive.ssn=Nullable<EncryptedText>'
}

a_table_is_dropped() {
    before "CREATE TABLE archive ($id, ssn TEXT);
            CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'DROP TABLE archive;'
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText
}

an_encrypted_table_is_dropped() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE visits ($id, ssn $encrypted_text NOT NULL);"
    after 'DROP TABLE patients;'
    the_patch_is refused
    encrypted_are visits.ssn=EncryptedText
}

the_last_encrypted_table_is_dropped() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE visits ($id, ssn TEXT NOT NULL);"
    after 'DROP TABLE patients;'
    the_patch_is refused
    regenerate
    is "$(encrypted_columns schema.rs)" '' 'the encrypted columns'
}

# The remaining table has exactly the same columns in the same place: a hunk without the name of its table would
# match it.
a_twin_is_not_patched_instead_of_a_dropped_table() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, notes $encrypted_text);
            CREATE TABLE people ($id, ssn TEXT NOT NULL, notes TEXT);
            CREATE TABLE visits ($id, diagnosis $encrypted_text);"
    after 'DROP TABLE patients;'
    the_patch_is refused
    encrypted_are 'visits.diagnosis=Nullable<EncryptedText>'
}

a_table_is_renamed() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients RENAME TO people;'
    the_patch_is refused
    encrypted_are people.ssn=EncryptedText
}

two_tables_change_their_names() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE people ($id, ssn TEXT NOT NULL);"
    after 'ALTER TABLE patients RENAME TO former;
           ALTER TABLE people RENAME TO patients;
           ALTER TABLE former RENAME TO people;'
    # The patch still says patients.ssn. The output of the tool does not tell the tables apart.
    the_patch_is outdated
    encrypted_are people.ssn=EncryptedText
}

a_primary_key_changes() {
    before "CREATE TABLE patients ($id, tenant INTEGER NOT NULL, ssn $encrypted_text NOT NULL);"
    after "DROP TABLE patients;
           CREATE TABLE patients (id INTEGER NOT NULL, tenant INTEGER NOT NULL, ssn $encrypted_text NOT NULL,
                                  PRIMARY KEY (id, tenant));"
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

# Columns beside encrypted ones

a_column_is_added_before() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "DROP TABLE patients;
           CREATE TABLE patients ($id, ward TEXT, ssn $encrypted_text NOT NULL);"
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

a_column_is_added_between() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, notes $encrypted_text);"
    after "DROP TABLE patients;
           CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, ward TEXT, notes $encrypted_text);"
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText 'patients.notes=Nullable<EncryptedText>'
}

a_column_is_added_after() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients ADD COLUMN ward TEXT;'
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText
}

a_column_is_dropped_before() {
    before "CREATE TABLE patients ($id, ward TEXT, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients DROP COLUMN ward;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

a_column_is_dropped_between() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, ward TEXT, notes $encrypted_text);"
    after 'ALTER TABLE patients DROP COLUMN ward;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText 'patients.notes=Nullable<EncryptedText>'
}

a_column_is_dropped_after() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, ward TEXT);"
    after 'ALTER TABLE patients DROP COLUMN ward;'
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText
}

a_column_beside_is_renamed() {
    before "CREATE TABLE patients ($id, ward TEXT, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients RENAME COLUMN ward TO room;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

# Encrypted columns

an_encrypted_column_is_added_after() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "ALTER TABLE patients ADD COLUMN notes $encrypted_text;"
    the_patch_is incomplete
    fails_with 'patients.notes is Nullable<Text>, should be Nullable<EncryptedText>' encrypted-diesel schema-patch --check
    encrypted_are patients.ssn=EncryptedText 'patients.notes=Nullable<EncryptedText>'
}

a_blind_index_is_added_after() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "ALTER TABLE patients ADD COLUMN ssn_index $blind_index;
           CREATE UNIQUE INDEX patients_ssn_index ON patients (ssn_index);"
    the_patch_is incomplete
    fails_with 'should be Nullable<BlindIndex>' encrypted-diesel schema-patch --check
    encrypted_are patients.ssn=EncryptedText 'patients.ssn_index=Nullable<BlindIndex>'
}

an_encrypted_column_is_dropped() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, notes $encrypted_text);"
    after 'ALTER TABLE patients DROP COLUMN notes;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

an_encrypted_column_is_renamed() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients RENAME COLUMN ssn TO number;'
    the_patch_is refused
    encrypted_are patients.number=EncryptedText
}

# Two columns of the same type change places: only the order of the lines differs.
two_encrypted_columns_change_places() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL, notes $encrypted_text NOT NULL);"
    after "DROP TABLE patients;
           CREATE TABLE patients ($id, notes $encrypted_text NOT NULL, ssn $encrypted_text NOT NULL);"
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText patients.notes=EncryptedText
}

an_encrypted_column_becomes_nullable() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "DROP TABLE patients; CREATE TABLE patients ($id, ssn $encrypted_text);"
    the_patch_is refused
    encrypted_are 'patients.ssn=Nullable<EncryptedText>'
}

a_column_becomes_encrypted() {
    before "CREATE TABLE patients ($id, name TEXT, ssn $encrypted_text NOT NULL);"
    after "DROP TABLE patients; CREATE TABLE patients ($id, name $encrypted_text, ssn $encrypted_text NOT NULL);"
    the_patch_is incomplete
    fails_with 'patients.name is Nullable<Text>, should be Nullable<EncryptedText>' encrypted-diesel schema-patch --check
    encrypted_are 'patients.name=Nullable<EncryptedText>' patients.ssn=EncryptedText
}

a_column_is_no_longer_encrypted() {
    before "CREATE TABLE patients ($id, name $encrypted_text, ssn $encrypted_text NOT NULL);"
    after "DROP TABLE patients; CREATE TABLE patients ($id, name TEXT, ssn $encrypted_text NOT NULL);"
    the_patch_is outdated
    fails_with 'patients.name is Nullable<EncryptedText>, should be Nullable<Text>' encrypted-diesel schema-patch --check
    encrypted_are patients.ssn=EncryptedText
}

an_encrypted_column_gets_another_type() {
    before "CREATE TABLE patients ($id, photo $encrypted_text);"
    after "DROP TABLE patients; CREATE TABLE patients ($id, photo $encrypted_binary);"
    the_patch_is refused
    encrypted_are 'patients.photo=Nullable<EncryptedBinary>'
}

# The tool prints `Text` for both.
an_encrypted_column_becomes_deterministic() {
    before "CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "DROP TABLE patients; CREATE TABLE patients ($id, ssn $deterministic_text NOT NULL);"
    the_patch_is outdated
    fails_with 'patients.ssn is EncryptedText, should be DeterministicText' encrypted-diesel schema-patch --check
    encrypted_are patients.ssn=DeterministicText
}

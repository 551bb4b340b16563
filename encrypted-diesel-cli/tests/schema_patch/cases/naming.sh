# Names that could be confused, and schemas of every shape. On SQLite and on MySQL.

every_type_is_known() {
    before "CREATE TABLE patients ($id, a $encrypted_text, b $encrypted_varchar NOT NULL, c $encrypted_binary,
                                   d $deterministic_text, e $blind_index NOT NULL, f TEXT, g BLOB);"
    encrypted_are 'patients.a=Nullable<EncryptedText>' patients.b=EncryptedVarchar \
        'patients.c=Nullable<EncryptedBinary>' 'patients.d=Nullable<DeterministicText>' patients.e=BlindIndex
}

columns_of_one_name_in_many_tables() {
    before "CREATE TABLE a ($id, name TEXT NOT NULL, notes TEXT);
            CREATE TABLE b ($id, name $encrypted_text NOT NULL, notes TEXT);
            CREATE TABLE c ($id, name TEXT NOT NULL, notes $encrypted_text);
            CREATE TABLE d ($id, name TEXT NOT NULL, notes TEXT);"
    after 'DROP TABLE a; CREATE TABLE bb (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, notes TEXT);'
    the_patch_is right
    encrypted_are b.name=EncryptedText 'c.notes=Nullable<EncryptedText>'
}

a_tables_name_begins_anothers() {
    before "CREATE TABLE patient ($id, ssn TEXT NOT NULL);
            CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE patients_archive ($id, ssn TEXT NOT NULL);"
    encrypted_are patients.ssn=EncryptedText
    after 'DROP TABLE patient; CREATE TABLE former_patients (id INTEGER NOT NULL PRIMARY KEY, ssn TEXT NOT NULL);'
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText
}

a_table_is_dropped_whose_name_begins_anothers() {
    before "CREATE TABLE patient ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE patients ($id, ssn TEXT NOT NULL, notes $encrypted_text);"
    after 'DROP TABLE patient;'
    the_patch_is refused
    encrypted_are 'patients.notes=Nullable<EncryptedText>'
}

names_that_rust_does_not_allow() {
    [[ $DATABASE_URL != mysql* ]] || quote='`'
    : "${quote:=\"}"
    before "CREATE TABLE ${quote}my patients${quote} ($id, ${quote}first name${quote} $encrypted_text NOT NULL,
                type $encrypted_text, my_patients $encrypted_text NOT NULL, ward TEXT);"
    encrypted_are my_patients.first_name=EncryptedText 'my_patients.type_=Nullable<EncryptedText>' \
        my_patients.my_patients_=EncryptedText
}

# In Rust, both are `my_patients` with the same columns. They differ in the line above.
a_table_is_replaced_by_one_of_the_same_name_in_rust() {
    [[ $DATABASE_URL != mysql* ]] || quote='`'
    : "${quote:=\"}"
    before "CREATE TABLE my_patients ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE visits ($id, diagnosis $encrypted_text);"
    after "DROP TABLE my_patients;
           CREATE TABLE ${quote}my patients${quote} ($id, ssn TEXT NOT NULL);"
    the_patch_is refused
    encrypted_are 'visits.diagnosis=Nullable<EncryptedText>'
}

a_table_of_many_columns() {
    local columns='' number
    for number in {1..60}; do
        columns+=", c$number TEXT NOT NULL"
    done
    before "CREATE TABLE wide ($id, first $encrypted_text NOT NULL$columns, last $encrypted_text NOT NULL);"
    encrypted_are wide.first=EncryptedText wide.last=EncryptedText
    after 'ALTER TABLE wide DROP COLUMN c30;'
    the_patch_is refused
    encrypted_are wide.first=EncryptedText wide.last=EncryptedText
}

many_tables() {
    local sql='' encrypted=() number
    for number in {10..60}; do
        sql+="CREATE TABLE t$number ($id, name TEXT NOT NULL, ssn $encrypted_text NOT NULL, ward TEXT);"
        encrypted+=("t$number.ssn=EncryptedText")
    done
    before "$sql"
    encrypted_are "${encrypted[@]}"
    # So many lines come and go that every hunk moves far.
    after "$(printf 'CREATE TABLE a%s (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, ssn TEXT NOT NULL);' {10..60})"
    the_patch_is right
    encrypted_are "${encrypted[@]}"
}

with_docs() {
    settings 'with_docs = true'
    before "CREATE TABLE patients ($id, ward TEXT, ssn $encrypted_text NOT NULL, notes $encrypted_text);"
    encrypted_are patients.ssn=EncryptedText 'patients.notes=Nullable<EncryptedText>'
    after 'ALTER TABLE patients ADD COLUMN more TEXT;'
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText 'patients.notes=Nullable<EncryptedText>'
}

columns_sorted_by_name() {
    settings 'column_sorting = "name"'
    before "CREATE TABLE patients ($id, zip TEXT, ssn $encrypted_text NOT NULL);"
    after 'ALTER TABLE patients ADD COLUMN allergies TEXT;'
    the_patch_is refused
    encrypted_are patients.ssn=EncryptedText
}

tables_that_are_filtered_out() {
    settings 'filter = { except_tables = ["^legacy_"] }'
    before "CREATE TABLE legacy_patients ($id, ssn $encrypted_text NOT NULL);
            CREATE TABLE patients ($id, ssn $encrypted_text NOT NULL);"
    after "CREATE TABLE legacy_visits ($id, ssn $encrypted_text NOT NULL);"
    the_patch_is right
    encrypted_are patients.ssn=EncryptedText
}

// @generated automatically by Diesel CLI.

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Int4,
        ward -> Text,
        name -> EncryptedVarchar,
        ssn -> EncryptedText,
        born -> Nullable<EncryptedText>,
        notes -> Nullable<EncryptedText>,
    }
}

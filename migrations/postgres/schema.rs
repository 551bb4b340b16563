// @generated automatically by Diesel CLI.

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    accounts (id) {
        id -> Int4,
        email -> EncryptedText,
        email_index -> BlindIndex,
        phone -> Nullable<EncryptedText>,
        phone_index -> Nullable<BlindIndex>,
        customer_number -> DeterministicText,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Int4,
        name -> EncryptedVarchar,
        ssn -> EncryptedText,
        born -> Nullable<EncryptedText>,
        notes -> Nullable<EncryptedText>,
        photo -> Nullable<EncryptedBinary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    visits (id) {
        id -> Int4,
        patient_id -> Int4,
        ward -> Text,
        diagnosis -> EncryptedText,
    }
}

diesel::joinable!(visits -> patients (patient_id));

diesel::allow_tables_to_appear_in_same_query!(accounts, patients, visits,);

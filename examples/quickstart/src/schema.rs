// @generated automatically by Diesel CLI.

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    accounts (id) {
        id -> Integer,
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
        id -> Integer,
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
        id -> Integer,
        patient_id -> Integer,
        ward -> Text,
        diagnosis -> EncryptedText,
    }
}

diesel::joinable!(visits -> patients (patient_id));

diesel::allow_tables_to_appear_in_same_query!(accounts, patients, visits,);

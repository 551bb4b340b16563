// @generated automatically by Diesel CLI.

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    accounts (id) {
        id -> Integer,
        email -> EncryptedText,
        #[max_length = 16]
        email_index -> BlindIndex,
        phone -> Nullable<EncryptedText>,
        #[max_length = 16]
        phone_index -> Nullable<BlindIndex>,
        #[max_length = 255]
        customer_number -> DeterministicText,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        #[max_length = 691]
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

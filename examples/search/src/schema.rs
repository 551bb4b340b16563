//! Written by hand. `diesel print-schema` writes the same, set up as the crate's documentation says.

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    accounts (id) {
        id -> Integer,
        email -> EncryptedText,
        email_index -> BlindIndex,
        phone -> EncryptedText,
        phone_index -> BlindIndex,
        phone_last_four -> BlindIndex,
    }
}

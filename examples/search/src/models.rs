//! The rows of the table. A field's type says how its value is encrypted and how it is found.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::{Encrypted, EncryptedText, Indexed};

use crate::schema::accounts;

/// An e-mail address, stored as typed and found in any letter case.
#[derive(Encrypted)]
#[encrypted(context = "accounts.email", index(normalize(trim, lowercase)))]
pub(crate) struct Email(pub EncryptedText);

/// A phone number, found by all of its digits or by the last four.
#[derive(Encrypted)]
#[encrypted(context = "accounts.phone", index(normalize(digits)), index(by = LastFour))]
pub(crate) struct Phone(pub EncryptedText);

/// The last four digits of a phone number, which the help desk asks for.
///
/// There are 10,000 endings and only 4,096 digests, so an index does not tell which ending it belongs to.
#[derive(Encrypted)]
#[encrypted(context = "accounts.phone.last_four", index(normalize(digits, last(4)), bits = 12))]
pub(crate) struct LastFour(pub EncryptedText);

pub(crate) type EmailColumns = Indexed<Email, accounts::email, accounts::email_index>;
pub(crate) type PhoneColumns =
    Indexed<Phone, accounts::phone, (accounts::phone_index, accounts::phone_last_four)>;

#[derive(Identifiable, Queryable, Selectable, AsChangeset, Debug)]
#[diesel(table_name = accounts, check_for_backend(Sqlite))]
pub(crate) struct Account {
    pub id: i32,
    #[diesel(embed)]
    pub email: EmailColumns,
    #[diesel(embed)]
    pub phone: PhoneColumns,
}

#[derive(Insertable)]
#[diesel(table_name = accounts)]
pub(crate) struct NewAccount {
    #[diesel(embed)]
    pub email: EmailColumns,
    #[diesel(embed)]
    pub phone: PhoneColumns,
}

impl NewAccount {
    /// Takes the values as typed. The types above say what a search ignores.
    pub(crate) fn new(email: &str, phone: &str) -> Self {
        Self { email: Email(email.into()).into(), phone: Phone(phone.into()).into() }
    }
}

//! The rows of the table. A field's type says that it is encrypted; the rest is Diesel.

use chrono::NaiveDate;
use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, EncryptedVarchar};

use crate::schema::patients;

/// At most 120 characters. A longer name is refused when it is made, not when it is saved.
pub(crate) type Name = EncryptedVarchar<120>;
const _: () = assert!(Name::COLUMN_WIDTH == 691, "the migration gives the column another width");

/// A social security number. Its context binds the ciphertext to this type: copied to another column, it does
/// not decrypt.
#[derive(Encrypted)]
#[encrypted(context = "patients.ssn")]
pub(crate) struct Ssn(pub EncryptedText);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = patients)]
pub(crate) struct Patient {
    pub id: i32,
    pub name: Name,
    pub ssn: Ssn,
    pub born: Option<Encrypted<NaiveDate>>,
    pub notes: Option<EncryptedText>,
    pub photo: Option<EncryptedBinary>,
}

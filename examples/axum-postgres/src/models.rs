//! The rows of the table. A field's type says that it is encrypted; the rest is Diesel.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedText, EncryptedVarchar, ExposeSecret};

use crate::schema::patients;

/// At most 120 characters. A longer name is refused when it is made, not when it is saved.
pub(crate) type Name = EncryptedVarchar<120>;
const _: () = assert!(Name::COLUMN_WIDTH == 691, "the migration gives the column another width");

/// A social security number, in the form `987-65-4320`.
///
/// Its context binds the ciphertext to this type: copied to another column, it does not decrypt.
#[derive(Encrypted)]
#[encrypted(context = "patients.ssn")]
pub(crate) struct Ssn(EncryptedText);

impl Ssn {
    /// Returns `None` if the text has another form.
    pub(crate) fn new(text: EncryptedText) -> Option<Self> {
        let bytes = text.expose_secret().as_bytes();
        let valid = bytes.len() == 11
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                3 | 6 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        valid.then_some(Self(text))
    }

    /// Returns the text.
    pub(crate) fn into_inner(self) -> String {
        self.0.into_inner()
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = patients, check_for_backend(Pg))]
pub(crate) struct Patient {
    pub id: i32,
    /// Not encrypted, so that a list can be filtered by it.
    pub ward: String,
    pub name: Name,
    pub ssn: Ssn,
    pub born: Option<Encrypted<NaiveDate>>,
    pub notes: Option<EncryptedText>,
}

#[derive(Insertable)]
#[diesel(table_name = patients)]
pub(crate) struct NewPatient {
    pub ward: String,
    pub name: Name,
    pub ssn: Ssn,
    pub born: Option<Encrypted<NaiveDate>>,
    pub notes: Option<EncryptedText>,
}

/// Changes to a patient. `None` leaves a column as it is, `Some(None)` sets it to NULL.
#[derive(AsChangeset)]
#[diesel(table_name = patients)]
pub(crate) struct PatientChanges {
    pub ward: Option<String>,
    pub name: Option<Name>,
    pub ssn: Option<Ssn>,
    pub born: Option<Option<Encrypted<NaiveDate>>>,
    pub notes: Option<Option<EncryptedText>>,
}

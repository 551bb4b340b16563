//! The tables' rows. A field's type says that it is encrypted; the rest is Diesel.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, EncryptedVarchar};

use crate::schema::{patients, visits};

/// At most 120 characters: a longer name is refused where it is made, not where it is saved.
pub(crate) type Name = EncryptedVarchar<120>;
const _: () = assert!(Name::COLUMN_WIDTH == 691, "the migration's ENCRYPTED_VARCHAR has another width");

/// A social security number.
///
/// The context binds its ciphertext to this column: moved to another one, it does not open.
#[derive(Encrypted)]
#[encrypted(context = "patients.ssn")]
pub(crate) struct Ssn(pub EncryptedText);

#[derive(Queryable, Selectable, Insertable, AsChangeset, Debug)]
#[diesel(table_name = patients, treat_none_as_null = true, check_for_backend(Sqlite))]
pub(crate) struct Patient {
    pub id: i32,
    pub name: Name,
    pub ssn: Ssn,
    pub born: Option<Encrypted<NaiveDate>>,
    pub notes: Option<EncryptedText>,
    pub photo: Option<EncryptedBinary>,
}

#[derive(Insertable)]
#[diesel(table_name = patients)]
pub(crate) struct NewPatient {
    pub name: Name,
    pub ssn: Ssn,
    pub born: Option<Encrypted<NaiveDate>>,
    pub notes: Option<EncryptedText>,
    pub photo: Option<EncryptedBinary>,
}

/// What to change of a patient. `None` leaves a column as it is, `Some(None)` makes it NULL.
#[derive(AsChangeset, Default)]
#[diesel(table_name = patients)]
pub(crate) struct PatientChanges {
    pub name: Option<Name>,
    pub notes: Option<Option<EncryptedText>>,
    pub photo: Option<Option<EncryptedBinary>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = visits, check_for_backend(Sqlite))]
pub(crate) struct Visit {
    pub ward: String,
    pub diagnosis: EncryptedText,
}

/// Borrowed values can be written as well.
#[derive(Insertable)]
#[diesel(table_name = visits)]
pub(crate) struct NewVisit<'a> {
    pub patient_id: i32,
    pub ward: &'a str,
    pub diagnosis: Encrypted<&'a str>,
}

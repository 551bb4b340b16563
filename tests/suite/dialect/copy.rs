//! `COPY` in and out, on PostgreSQL.

use diesel::prelude::*;
use encrypted_diesel::sql::ForCopy;
use encrypted_diesel::{EncryptedBinary, EncryptedText, EncryptedVarchar};

use super::behaviour::*;
use super::connect;

#[derive(Insertable)]
#[diesel(table_name = patients, treat_none_as_default_value = false)]
struct CopiedPatient {
    id: i32,
    name: ForCopy<EncryptedVarchar<40>>,
    notes: Option<EncryptedText>,
    ssn: ForCopy<Ssn>,
    photo: Option<EncryptedBinary>,
}

impl From<Patient> for CopiedPatient {
    fn from(patient: Patient) -> Self {
        let Patient { id, name, notes, ssn, photo } = patient;
        Self { id, name: name.into(), notes, ssn: ssn.into(), photo }
    }
}

#[test]
fn copy_in() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let many: Vec<_> = (2..=1_000).map(|id| Patient { id, ..bob() }).chain([ada()]).collect();
        let copied: Vec<CopiedPatient> = many.iter().cloned().map(Into::into).collect();
        let count = diesel::copy_from(patients::table).from_insertable(copied).execute(&mut connection);
        assert_eq!(count, Ok(1_000));

        let read = patients::table.order(patients::id).load::<Patient>(&mut connection).unwrap();
        assert_eq!(read[0], ada());
        assert_eq!(read[1..], many[..999]);
    });
    // The copied values are encrypted: without the key they do not open.
    let read = new_keyring().scope(|| patients::table.load::<Patient>(&mut connection));
    assert_refused!(read, encrypted_diesel::Error::UnknownKey { .. });
}

/// Diesel 2.3.14 reads all columns after a NULL as NULL too, encrypted or not. So here NULL comes last.
#[test]
fn copy_out() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let patients = vec![ada(), Patient { notes: Some("none".into()), ..bob() }];
        diesel::insert_into(patients::table).values(&patients).execute(&mut connection).unwrap();
        let copied = diesel::copy_to(patients::table).load::<Patient, _>(&mut connection).unwrap();
        assert_eq!(copied.collect::<QueryResult<Vec<_>>>().unwrap(), patients);
    });
}

#[test]
fn copied_values_are_redacted() {
    assert_eq!(format!("{:?}", ForCopy(Ssn("123".into()))), "ForCopy([REDACTED])");
}

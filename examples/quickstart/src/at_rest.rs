//! What the database file holds, seen without the key.

use std::path::Path;
use std::{fs, io};

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use encrypted_diesel::ExposeSecret;

use crate::clinic;
use crate::models::Patient;

/// One value of a patient, as the application has it and as the file does.
pub(crate) struct Value {
    pub column: &'static str,
    pub plaintext: Option<Vec<u8>>,
    pub stored: Option<String>,
}

/// The columns as any other program reads them.
#[derive(QueryableByName)]
struct RawPatient {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    ssn: String,
    #[diesel(sql_type = Nullable<Text>)]
    born: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    notes: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    photo: Option<String>,
}

/// The values of each patient, from both sides.
pub(crate) fn values(connection: &mut SqliteConnection) -> QueryResult<Vec<[Value; 5]>> {
    let patients = clinic::patients(connection)?;
    let raw = diesel::sql_query(
        "SELECT name, ssn, born, notes, nullif(lower(hex(photo)), '') AS photo FROM patients ORDER BY id",
    )
    .load(connection)?;
    Ok(patients.iter().zip(raw).map(|(patient, raw)| pair(patient, raw)).collect())
}

fn pair(patient: &Patient, raw: RawPatient) -> [Value; 5] {
    let text = |text: &str| text.as_bytes().to_vec();
    let value = |column, plaintext, stored| Value { column, plaintext, stored };
    [
        value("name", Some(text(patient.name.expose_secret())), Some(raw.name)),
        value("ssn", Some(text(patient.ssn.0.expose_secret())), Some(raw.ssn)),
        value("born", patient.born.as_ref().map(|born| text(&born.expose_secret().to_string())), raw.born),
        value("notes", patient.notes.as_ref().map(|notes| text(notes.expose_secret())), raw.notes),
        value("photo", patient.photo.as_ref().map(|photo| photo.expose_secret().clone()), raw.photo),
    ]
}

/// The bytes of the database: its file, and the journals that may stand beside it.
pub(crate) fn read(database: &str) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(database)?;
    for journal in ["-wal", "-journal"].map(|suffix| format!("{database}{suffix}")) {
        if Path::new(&journal).exists() {
            bytes.extend(fs::read(journal)?);
        }
    }
    Ok(bytes)
}

/// How often `wanted` stands in `bytes`.
pub(crate) fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
}

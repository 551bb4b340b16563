//! The JSON that clients send and get. These types hold plaintext and have no `Debug`, so nothing can log them.

use chrono::NaiveDate;
use encrypted_diesel::{Encrypted, EncryptedText};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Error;
use crate::models::{self, Name, Ssn};

const WARD_CHARACTERS: usize = 40;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPatient {
    ward: String,
    name: String,
    ssn: String,
    born: Option<String>,
    notes: Option<String>,
}

/// An absent field stays as it is; `null` clears it, where it is optional.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatientChanges {
    #[serde(default, deserialize_with = "present")]
    ward: Option<String>,
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    ssn: Option<String>,
    #[serde(default, deserialize_with = "present")]
    born: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    notes: Option<Option<String>>,
}

#[derive(Serialize)]
pub(crate) struct Patient {
    id: i32,
    ward: String,
    name: String,
    ssn: String,
    born: Option<String>,
    notes: Option<String>,
}

/// One page of a list.
#[derive(Serialize)]
pub(crate) struct Patients {
    pub patients: Vec<Patient>,
    /// The `after` of the next page, if there is one.
    pub next: Option<i32>,
}

impl TryFrom<NewPatient> for models::NewPatient {
    type Error = Error;

    fn try_from(patient: NewPatient) -> Result<Self, Error> {
        Ok(Self {
            ward: ward(patient.ward)?,
            name: name(patient.name)?,
            ssn: ssn(patient.ssn)?,
            born: patient.born.map(born).transpose()?,
            notes: patient.notes.map(EncryptedText::new),
        })
    }
}

impl TryFrom<PatientChanges> for models::PatientChanges {
    type Error = Error;

    fn try_from(changes: PatientChanges) -> Result<Self, Error> {
        Ok(Self {
            ward: changes.ward.map(ward).transpose()?,
            name: changes.name.map(name).transpose()?,
            ssn: changes.ssn.map(ssn).transpose()?,
            born: changes.born.map(|value| value.map(born).transpose()).transpose()?,
            notes: changes.notes.map(|value| value.map(EncryptedText::new)),
        })
    }
}

impl From<models::Patient> for Patient {
    fn from(patient: models::Patient) -> Self {
        Self {
            id: patient.id,
            ward: patient.ward,
            name: patient.name.into_inner(),
            ssn: patient.ssn.into_inner(),
            born: patient.born.map(|born| born.into_inner().to_string()),
            notes: patient.notes.map(Encrypted::into_inner),
        }
    }
}

fn ward(text: String) -> Result<String, Error> {
    let length = text.chars().count();
    if !(1..=WARD_CHARACTERS).contains(&length) || text.contains(char::is_control) {
        let problem =
            format!("1 to {WARD_CHARACTERS} characters are expected, none of them a control character");
        return Err(Error::Invalid { field: "ward", problem });
    }
    Ok(text)
}

fn name(text: String) -> Result<Name, Error> {
    if text.trim().is_empty() {
        return Err(Error::Invalid { field: "name", problem: "it is empty".into() });
    }
    // The message has the length of the text, not the text.
    Name::try_from(text).map_err(|error| Error::Invalid { field: "name", problem: error.to_string() })
}

fn ssn(text: String) -> Result<Ssn, Error> {
    let problem = || "nine digits are expected, in the form 000-00-0000".into();
    Ssn::new(text.into()).ok_or_else(|| Error::Invalid { field: "ssn", problem: problem() })
}

fn born(text: String) -> Result<Encrypted<NaiveDate>, Error> {
    let problem = || "a date is expected, in the form 2000-12-31".into();
    text.parse().map(Encrypted::new).map_err(|_| Error::Invalid { field: "born", problem: problem() })
}

/// Tells `null` from an absent field.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

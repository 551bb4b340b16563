//! The demonstration, step by step.

use chrono::NaiveDate;
use diesel::prelude::*;
use encrypted_diesel::{Encrypted, ExposeSecret};

use crate::models::{NewPatient, NewVisit, Patient, PatientChanges, Ssn};
use crate::{Result, at_rest, clinic, print, refusals};

/// The first bytes of a PNG, in place of a photo.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
/// The one value here that is not encrypted.
const WARD: &str = "cardiology";

/// Writes patients, and returns the id of the first.
pub(crate) fn write(connection: &mut SqliteConnection) -> Result<i32> {
    let ada = NewPatient {
        name: "Ada Winter".try_into()?,
        ssn: Ssn("987-65-4320".into()),
        born: NaiveDate::from_ymd_opt(1985, 12, 10).map(Encrypted::new),
        notes: Some("allergic to latex".into()),
        photo: Some(PHOTO.into()),
    };
    let id = clinic::admit(connection, &ada)?.id;
    print::entry("insert", "Ada Winter");

    let more = [
        NewPatient {
            name: "Bruno Okafor".try_into()?,
            ssn: Ssn("987-65-4321".into()),
            born: NaiveDate::from_ymd_opt(1972, 3, 1).map(Encrypted::new),
            notes: None,
            photo: None,
        },
        NewPatient {
            name: "Chloë Marsh".try_into()?,
            ssn: Ssn("987-65-4322".into()),
            born: None,
            notes: Some("call in the morning".into()),
            photo: None,
        },
    ];
    let rows = clinic::admit_all(connection, &more)?;
    print::entry("batch insert", &format!("{rows} patients"));

    let changes = PatientChanges {
        name: None,
        notes: Some(Some("allergic to latex and penicillin".into())),
        photo: Some(None),
    };
    clinic::change(connection, id, &changes)?;
    print::entry("update", "Ada Winter: name left as it is, notes replaced, photo set to NULL");

    let mut dana = Patient {
        id: id + 100,
        name: "Dana Ruiz".try_into()?,
        ssn: Ssn("987-65-4323".into()),
        born: None,
        notes: Some("identity to be confirmed".into()),
        photo: None,
    };
    clinic::save(connection, &dana)?;
    dana.notes = None;
    dana.photo = Some(PHOTO.into());
    clinic::save(connection, &dana)?;
    print::entry("upsert", "Dana Ruiz, twice: inserted, then updated, photo added and notes set to NULL");

    let visit = NewVisit { patient_id: id, ward: WARD, diagnosis: Encrypted::new("atrial fibrillation") };
    clinic::add_visit(connection, &visit)?;
    print::entry("insert", "a visit of Ada Winter");
    Ok(id)
}

/// Reads them in several ways.
pub(crate) fn read(connection: &mut SqliteConnection, id: i32) -> Result<()> {
    let ada = clinic::find(connection, id)?;
    print::entry("find", &format!("{}, SSN {}", ada.name.expose_secret(), ada.ssn.0.expose_secret()));
    print::entry("debug", &format!("{ada:?}"));
    print::entry("is_null", &format!("{} patients without notes", clinic::count_without_notes(connection)?));
    for (patient, visit) in clinic::with_visits(connection)? {
        let name = patient.name.expose_secret();
        let visit = match visit {
            Some(visit) => format!("{}: {}", visit.ward, visit.diagnosis.expose_secret()),
            None => "no visit".to_owned(),
        };
        print::entry("left join", &format!("{name}, {visit}"));
    }
    Ok(())
}

/// Shows what the application sees beside what the file holds.
pub(crate) fn compare(connection: &mut SqliteConnection) -> Result<()> {
    print::row("column", "the application sees", "the file holds");
    for patient in at_rest::values(connection)? {
        println!();
        for value in patient {
            let seen = value.plaintext.map_or("None".to_owned(), |plaintext| print::readable(&plaintext));
            let held = value.stored.map_or("NULL".to_owned(), |stored| print::shortened(&stored));
            print::row(value.column, &seen, &held);
        }
    }
    Ok(())
}

/// Looks for everything that the application sees in the bytes of the file.
pub(crate) fn search(connection: &mut SqliteConnection, database: &str) -> Result<()> {
    let patients = at_rest::values(connection)?.into_iter().flatten().filter_map(|value| value.plaintext);
    let visits = clinic::with_visits(connection)?.into_iter().filter_map(|(_, visit)| visit);
    let diagnoses = visits.map(|visit| visit.diagnosis.into_inner().into_bytes());

    let bytes = at_rest::read(database)?;
    for plaintext in patients.chain(diagnoses) {
        let shown = print::readable(&plaintext);
        match at_rest::count(&bytes, &plaintext) {
            0 => print::row("", &shown, "found 0 times"),
            found => return Err(format!("the file holds {shown} in clear, {found} times").into()),
        }
    }
    // The search finds what is there.
    match at_rest::count(&bytes, WARD.as_bytes()) {
        0 => return Err(format!("{WARD} was not found, though it is not encrypted").into()),
        _ => print::row("", WARD, "found: the ward is a plain column"),
    }
    Ok(())
}

/// Shows what is refused. The patient's row is as before when this returns.
pub(crate) fn refuse(connection: &mut SqliteConnection, id: i32) -> Result<()> {
    print::entry("a wrong key", &refusals::wrong_key(connection, id)?);
    print::entry("an altered byte", &refusals::altered(connection, id)?);
    print::entry("a moved value", &refusals::moved(connection, id)?);
    print::entry("plaintext", &refusals::plaintext(connection, id)?);

    let ada = clinic::find(connection, id)?;
    print::entry("rolled back", &format!("{} can be read as before", ada.name.expose_secret()));
    Ok(())
}

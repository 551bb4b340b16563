//! The application: plain Diesel. Nothing here knows of encryption but the models' types.

use diesel::prelude::*;

use crate::models::{NewPatient, NewVisit, Patient, PatientChanges, Visit};
use crate::schema::{patients, visits};

/// Deletes all rows.
pub(crate) fn clear(connection: &mut SqliteConnection) -> QueryResult<usize> {
    connection.transaction(|connection| {
        diesel::delete(visits::table).execute(connection)?;
        diesel::delete(patients::table).execute(connection)
    })
}

/// Inserts a patient, and gives back the row that was made.
pub(crate) fn admit(connection: &mut SqliteConnection, patient: &NewPatient) -> QueryResult<Patient> {
    diesel::insert_into(patients::table)
        .values(patient)
        .returning(Patient::as_returning())
        .get_result(connection)
}

/// Inserts several patients at once.
pub(crate) fn admit_all(connection: &mut SqliteConnection, patients: &[NewPatient]) -> QueryResult<usize> {
    diesel::insert_into(patients::table).values(patients).execute(connection)
}

/// Changes some columns of a patient, and gives back the row.
pub(crate) fn change(
    connection: &mut SqliteConnection,
    id: i32,
    changes: &PatientChanges,
) -> QueryResult<Patient> {
    diesel::update(patients::table.find(id))
        .set(changes)
        .returning(Patient::as_returning())
        .get_result(connection)
}

/// Writes a patient whether or not there is one of this id.
pub(crate) fn save(connection: &mut SqliteConnection, patient: &Patient) -> QueryResult<usize> {
    diesel::insert_into(patients::table)
        .values(patient)
        .on_conflict(patients::id)
        .do_update()
        .set(patient)
        .execute(connection)
}

/// Inserts a visit.
pub(crate) fn add_visit(connection: &mut SqliteConnection, visit: &NewVisit<'_>) -> QueryResult<usize> {
    diesel::insert_into(visits::table).values(visit).execute(connection)
}

/// Finds a patient by id.
pub(crate) fn find(connection: &mut SqliteConnection, id: i32) -> QueryResult<Patient> {
    patients::table.find(id).select(Patient::as_select()).first(connection)
}

/// All patients.
pub(crate) fn patients(connection: &mut SqliteConnection) -> QueryResult<Vec<Patient>> {
    patients::table.select(Patient::as_select()).order(patients::id).load(connection)
}

/// All patients, each with a visit if there was one.
pub(crate) fn with_visits(connection: &mut SqliteConnection) -> QueryResult<Vec<(Patient, Option<Visit>)>> {
    patients::table
        .left_join(visits::table)
        .select((Patient::as_select(), Option::<Visit>::as_select()))
        .order(patients::id)
        .load(connection)
}

/// How many patients have no notes. Whether a value is NULL is not encrypted.
pub(crate) fn count_without_notes(connection: &mut SqliteConnection) -> QueryResult<i64> {
    patients::table.filter(patients::notes.is_null()).count().get_result(connection)
}

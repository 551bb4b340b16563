//! The queries: plain Diesel. Only the types of the models know about encryption.

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::models::{NewPatient, Patient, PatientChanges};
use crate::schema::patients;

/// Inserts a patient, and returns the new row.
pub(crate) async fn create(connection: &mut AsyncPgConnection, patient: &NewPatient) -> QueryResult<Patient> {
    diesel::insert_into(patients::table)
        .values(patient)
        .returning(Patient::as_returning())
        .get_result(connection)
        .await
}

/// Finds a patient by id.
pub(crate) async fn find(connection: &mut AsyncPgConnection, id: i32) -> QueryResult<Patient> {
    patients::table.find(id).select(Patient::as_select()).first(connection).await
}

/// Returns up to `limit` patients with ids above `after`, of one ward or of all.
pub(crate) async fn list(
    connection: &mut AsyncPgConnection,
    ward: Option<&str>,
    after: i32,
    limit: i64,
) -> QueryResult<Vec<Patient>> {
    let mut query = patients::table.filter(patients::id.gt(after)).select(Patient::as_select()).into_boxed();
    if let Some(ward) = ward {
        query = query.filter(patients::ward.eq(ward));
    }
    query.order(patients::id).limit(limit).load(connection).await
}

/// Changes some columns of a patient, or none, and returns the row.
pub(crate) async fn change(
    connection: &mut AsyncPgConnection,
    id: i32,
    changes: &PatientChanges,
) -> QueryResult<Patient> {
    let changed = diesel::update(patients::table.find(id))
        .set(changes)
        .returning(Patient::as_returning())
        .get_result(connection)
        .await
        .optional_empty_changeset()?;
    match changed {
        Some(patient) => Ok(patient),
        None => find(connection, id).await,
    }
}

/// Deletes a patient, and returns whether there was one.
pub(crate) async fn delete(connection: &mut AsyncPgConnection, id: i32) -> QueryResult<bool> {
    let rows = diesel::delete(patients::table.find(id)).execute(connection).await?;
    Ok(rows > 0)
}

//! What an application or an operator should know about encrypted columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::result::{Error as DieselError, QueryResult};

use super::column::EncryptedColumn;
use super::indexes::BlindIndexes;
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::table::Table;
use super::status::Status;
use super::survey::{self, Finding, Surveyed};
use crate::keyring::Keyring;

/// Reads the catalog and the server's settings, and returns what matters to these columns and indexes, the worst first.
///
/// It looks at the tables, their columns, triggers, rules and views, at the planner's statistics, and at what the server
/// logs and keeps. Where values of other columns may be envelopes, it looks at up to 10,000 values of each. It does not
/// find what other programs have copied elsewhere. [What it finds](crate::guide::before).
///
/// List all encrypted columns of a table, and nothing is written. Without them, a column may be reported as undeclared.
///
/// # Errors
///
/// Those of the database.
pub fn survey<DB, Conn>(
    columns: &[EncryptedColumn<DB>],
    indexes: &[BlindIndexes<DB>],
    connection: &mut Conn,
) -> QueryResult<Vec<Finding>>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let mut tables = BTreeMap::<String, (&Arc<Table<DB>>, Vec<Surveyed>)>::new();
    let columns = columns.iter().map(|column| (&column.table, column.surveyed()));
    let indexes = indexes.iter().map(|indexes| (&indexes.table, indexes.set.surveyed()));
    for (table, surveyed) in columns.chain(indexes) {
        let (_, all) = tables.entry(DB::sql_of(&*table.name)?).or_insert((table, Vec::new()));
        // An index is named by its column, and by itself.
        let more: Vec<_> = surveyed.into_iter().filter(|column| !all.contains(column)).collect();
        all.extend(more);
    }
    let mut findings = Vec::new();
    for (table, surveyed) in tables.into_values() {
        findings.extend(survey::survey(table, surveyed, connection)?);
    }
    findings.sort();
    findings.dedup();
    Ok(findings)
}

/// Checks, when an application starts, that the columns are encrypted, under keys of the keyring, and that nothing in the
/// database hides or changes their values. Returns what is not so, the worst first: an application that is not adopting
/// encryption should not start with a [`Severity::Error`](super::Severity::Error).
///
/// It counts the values of each column by key, in one query over the whole table, and does what [`survey`] does. List all
/// encrypted columns of a table together: those that are not listed may be reported as undeclared.
///
/// ```
/// # use diesel::prelude::*;
/// # use encrypted_diesel::{EncryptedBinary, EncryptedText};
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     patients (id) { id -> Integer, notes -> Nullable<EncryptedText>, photo -> Nullable<EncryptedBinary> }
/// # }
/// use encrypted_diesel::maintenance::{self, EncryptedColumn, Severity};
///
/// # fn check(connection: &mut SqliteConnection) -> Result<(), Box<dyn std::error::Error>> {
/// let notes = EncryptedColumn::new::<patients::notes, EncryptedText>();
/// let photo = EncryptedColumn::new::<patients::photo, EncryptedBinary>();
/// for finding in maintenance::check(&[notes, photo], &[], connection)? {
///     match finding.severity {
///         Severity::Error => return Err(finding.to_string().into()),
///         _ => eprintln!("{}: {finding}", finding.severity),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Those of the database, and [`Error::NotInitialized`](crate::Error::NotInitialized).
pub fn check<DB, Conn>(
    columns: &[EncryptedColumn<DB>],
    indexes: &[BlindIndexes<DB>],
    connection: &mut Conn,
) -> QueryResult<Vec<Finding>>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let keyring = Keyring::current().map_err(|error| DieselError::QueryBuilderError(Box::new(error)))?;
    let mut findings = survey(columns, indexes, connection)?;
    for column in columns {
        let name = survey::column_name(&column.table, column.codec.column.name)?;
        findings.extend(contents(&name, &column.status(connection)?, &keyring));
    }
    findings.sort();
    Ok(findings)
}

impl<DB: Dialect> EncryptedColumn<DB> {
    /// [`check`] of this column alone. If its table has other encrypted columns, check them together.
    ///
    /// # Errors
    ///
    /// Those of the database, and [`Error::NotInitialized`](crate::Error::NotInitialized).
    pub fn check<Conn>(&self, connection: &mut Conn) -> QueryResult<Vec<Finding>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        check(std::slice::from_ref(self), &[], connection)
    }
}

/// Values that are not under a key of the keyring.
fn contents(name: &str, status: &Status, keyring: &Keyring) -> Vec<Finding> {
    let mut findings = Vec::new();
    let plaintext = status.not_encrypted + status.to_fill;
    if plaintext > 0 {
        let message = format!("{} not encrypted", values_are(plaintext));
        findings.push(Finding::plaintext(name, message, "encrypted-diesel encrypt"));
    }
    if status.malformed > 0 {
        let message =
            format!("{} damaged, or plaintext that begins like an envelope", values_are(status.malformed));
        findings.push(Finding::plaintext(name, message, "`encrypted-diesel verify` lists them"));
    }
    for (id, count) in &status.keys {
        if !keyring.key_ids().any(|known| known == *id) {
            let message = format!("{} under the key {id}, which is not in the keyring", values_are(*count));
            findings.push(Finding::unknown_key(name, message));
        }
    }
    findings
}

fn values_are(count: u64) -> String {
    if count == 1 { "1 value is".to_owned() } else { format!("{count} values are") }
}

//! What the server says about a table, before a walk trusts it, and for `encrypted-diesel doctor`.

#![cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_variables, reason = "each backend asks for something else")
)]

mod cascades;
mod checks;
mod defaults;
mod dependents;
mod finding;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod samples;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod statistics;
mod subject;
mod trigger_text;

use diesel::result::{Error as DieselError, QueryResult};

pub use self::finding::{Finding, FindingKind, Severity};
use self::subject::Subject;
pub(in crate::maintenance) use self::subject::{Holds, Surveyed};
use super::sql::ask::Ask;
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::server::Server;
use super::sql::table::Table;
use crate::error::Error;

/// Fails if a walk through the table would miss rows, or could lose what it writes into these columns: with nothing to
/// write, if it would miss rows.
///
/// Two questions to the catalog. Nothing is written.
pub(in crate::maintenance) fn refuse_unsafe<DB, Conn>(
    table: &Table<DB>,
    written: &[Surveyed],
    connection: &mut Conn,
) -> QueryResult<()>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let subject = Subject::new(table, written.to_vec())?;
    let findings =
        connection.transaction(|database| errors(DB::SERVER, database, &subject, !written.is_empty()))?;
    let under_row_security = table.filter.as_ref().is_some_and(|filter| filter.under_row_security);
    let mut findings =
        findings.into_iter().filter(|found| !under_row_security || found.kind != FindingKind::RowSecurity);
    match findings.next() {
        Some(finding) => {
            let refused = Error::UnsafeTable { reason: finding.to_string() };
            Err(DieselError::QueryBuilderError(Box::new(refused)))
        }
        None => Ok(()),
    }
}

/// The name of a column in messages.
pub(in crate::maintenance) fn column_name<DB: Dialect>(
    table: &Table<DB>,
    column: &str,
) -> QueryResult<String> {
    Ok(Subject::new(table, Vec::new())?.column(column))
}

/// All that there is to say about a table, its columns and its server, the worst first.
pub(in crate::maintenance) fn survey<DB, Conn>(
    table: &Table<DB>,
    columns: Vec<Surveyed>,
    connection: &mut Conn,
) -> QueryResult<Vec<Finding>>
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    let subject = Subject::new(table, columns)?;
    let mut findings = connection.transaction(|database| {
        let mut findings = errors(DB::SERVER, database, &subject, true)?;
        // Where rows are hidden, what is seen says nothing.
        findings.extend(others(DB::SERVER, database, &subject)?);
        Ok::<_, DieselError>(findings)
    })?;
    findings.sort();
    findings.dedup();
    Ok(findings)
}

fn errors(
    server: Server,
    database: &mut dyn Ask,
    subject: &Subject,
    writes: bool,
) -> QueryResult<Vec<Finding>> {
    match server {
        #[cfg(feature = "sqlite")]
        Server::Sqlite => sqlite::errors(database, subject, writes),
        #[cfg(feature = "postgres")]
        Server::Postgres => postgres::errors(database, subject, writes),
        #[cfg(feature = "mysql")]
        Server::Mysql => mysql::errors(database, subject, writes),
        #[allow(unreachable_patterns)] // with all features
        _ => Ok(Vec::new()),
    }
}

fn others(server: Server, database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    match server {
        #[cfg(feature = "sqlite")]
        Server::Sqlite => sqlite::others(database, subject),
        #[cfg(feature = "postgres")]
        Server::Postgres => postgres::others(database, subject),
        #[cfg(feature = "mysql")]
        Server::Mysql => mysql::others(database, subject),
        #[allow(unreachable_patterns)] // with all features
        _ => Ok(Vec::new()),
    }
}

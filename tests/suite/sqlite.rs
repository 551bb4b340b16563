//! SQLite, in memory: each connection is a database of its own.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

#[path = "behaviour/mod.rs"]
mod behaviour;

pub(crate) type Backend = diesel::sqlite::Sqlite;
pub(crate) type Database = SqliteConnection;

pub(crate) fn connect() -> Database {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(TABLES).unwrap();
    connection
}

const TABLES: &str = "
    CREATE TABLE patients (
        id INTEGER PRIMARY KEY NOT NULL,
        name VARCHAR(1000) NOT NULL,
        notes TEXT,
        ssn TEXT NOT NULL,
        photo BLOB
    );
    CREATE TABLE visits (
        id INTEGER PRIMARY KEY NOT NULL,
        patient_id INTEGER NOT NULL REFERENCES patients (id),
        diagnosis TEXT NOT NULL
    );
    CREATE TABLE samples (
        id INTEGER PRIMARY KEY NOT NULL,
        text TEXT,
        varchar VARCHAR(100000),
        bytes BLOB
    );
";

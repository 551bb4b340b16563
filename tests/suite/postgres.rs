//! PostgreSQL, through libpq. Each connection has a schema of its own.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::server;

#[path = "dialect/array.rs"]
mod array;
#[path = "behaviour/mod.rs"]
mod behaviour;
#[path = "dialect/copy.rs"]
mod copy;
#[path = "dialect/on_conflict.rs"]
mod on_conflict;
#[path = "dialect/returning.rs"]
mod returning;
#[path = "dialect/widths.rs"]
mod widths;

pub(crate) type Backend = diesel::pg::Pg;
pub(crate) type Database = PgConnection;

/// How a column says that it holds ASCII: it need not.
pub(crate) const ASCII: &str = "";

pub(crate) fn connect() -> Database {
    Database::establish(&url_of(&new_schema())).unwrap()
}

/// Makes a schema with the tables of the tests, and returns its name.
pub(crate) fn new_schema() -> String {
    let (url, schema) = (server::url("TEST_POSTGRES_URL"), server::new_name());
    let mut connection = PgConnection::establish(&url).unwrap();
    connection
        .batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path TO {schema}; {TABLES}"))
        .unwrap();
    server::remove_later::<PgConnection>(url, format!("DROP SCHEMA {schema} CASCADE"));
    schema
}

/// The address of a schema, for any driver.
pub(crate) fn url_of(schema: &str) -> String {
    let url = server::url("TEST_POSTGRES_URL");
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-csearch_path%3D{schema}")
}

/// Plain columns and domains: the types work on either.
const TABLES: &str = "
    CREATE DOMAIN encrypted_text AS text;
    CREATE DOMAIN encrypted_varchar AS varchar;
    CREATE DOMAIN encrypted_binary AS bytea;
    CREATE TABLE patients (
        id integer PRIMARY KEY,
        name encrypted_varchar NOT NULL,
        notes encrypted_text,
        ssn text NOT NULL,
        photo encrypted_binary
    );
    CREATE TABLE visits (
        id integer PRIMARY KEY,
        patient_id integer NOT NULL REFERENCES patients (id),
        diagnosis encrypted_text NOT NULL
    );
    CREATE TABLE samples (
        id integer PRIMARY KEY,
        text text,
        bounded varchar(20000),
        bytes bytea
    );
    CREATE TABLE lists (
        id integer PRIMARY KEY,
        texts text[] NOT NULL,
        binaries bytea[] NOT NULL
    );
";

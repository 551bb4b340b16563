//! PostgreSQL, through libpq. Each connection has a schema of its own.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::server;

#[path = "dialect/array.rs"]
mod array;
#[path = "behaviour/mod.rs"]
mod behaviour;
#[path = "dialect/copy.rs"]
mod copy;
#[path = "dialect/declared_schema.rs"]
mod declared_schema;
#[path = "dialect/killed.rs"]
mod killed;
#[path = "dialect/meanwhile.rs"]
mod meanwhile;
#[path = "dialect/on_conflict.rs"]
mod on_conflict;
#[path = "dialect/races.rs"]
mod races;
#[path = "dialect/returning.rs"]
mod returning;
#[path = "dialect/scale.rs"]
mod scale;
#[path = "dialect/uuid_keys.rs"]
mod uuid_keys;
#[path = "dialect/widths.rs"]
mod widths;

/// What Diesel's tool has written from the migrations.
#[allow(unused_imports, unreachable_pub)]
#[path = "../../migrations/postgres/schema.rs"]
mod schema;

pub(crate) type Backend = diesel::pg::Pg;
pub(crate) type Database = PgConnection;

/// How a column says that it holds ASCII: it need not.
pub(crate) const ASCII: &str = "";

const ANALYZE: &str = "ANALYZE accounts";
const EXPLAIN: &str = "EXPLAIN ";
/// Whether rows can be locked one by one.
const LOCKS_ROWS: bool = true;
/// After this, a connection fails where another transaction has written what it writes.
const IMPATIENT: &str = "SET default_transaction_isolation = 'repeatable read'";
/// The name that the database gives to the index of `code UNIQUE`.
const CODE_INDEX: &str = "accounts_code_key";
type PlanSqlType = Text;
type PlanRow = String;

fn uses(plan: &str, index: &str) -> bool {
    (plan.contains(&format!("Index Scan using {index} on accounts"))
        || plan.contains(&format!("Bitmap Index Scan on {index} ")))
        && !plan.contains("Seq Scan")
}

/// A database of several connections.
struct Shared(String);

impl Shared {
    fn new() -> Self {
        Self(url_of(&new_schema()))
    }

    fn url(&self) -> &str {
        &self.0
    }

    fn connect(&self) -> Database {
        Database::establish(&self.0).unwrap()
    }
}

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
    CREATE DOMAIN deterministic_text AS text;
    CREATE DOMAIN blind_index AS bytea;
    CREATE TABLE accounts (
        id integer PRIMARY KEY,
        email encrypted_text NOT NULL,
        email_index blind_index NOT NULL,
        phone text,
        phone_index bytea,
        phone_last_four bytea,
        code deterministic_text NOT NULL UNIQUE
    );
    CREATE UNIQUE INDEX accounts_email_index ON accounts (email_index);
    CREATE TABLE invitations (
        id integer PRIMARY KEY,
        email text NOT NULL,
        email_index bytea NOT NULL,
        code text
    );
    CREATE TABLE people (
        id integer PRIMARY KEY,
        name encrypted_varchar NOT NULL,
        born encrypted_text,
        name_and_born blind_index,
        name_index blind_index NOT NULL
    );
    CREATE TABLE by_text (id text PRIMARY KEY, value text NOT NULL);
    CREATE TABLE by_bytes (id bytea PRIMARY KEY, value text NOT NULL);
    CREATE TABLE by_two (a bigint, b varchar(9), value text NOT NULL, PRIMARY KEY (a, b));
    CREATE TABLE by_uuid (id uuid PRIMARY KEY, value text NOT NULL);
    CREATE TABLE lists (
        id integer PRIMARY KEY,
        texts text[] NOT NULL,
        binaries bytea[] NOT NULL
    );
";

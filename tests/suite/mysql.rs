//! MySQL or MariaDB, through the C client. Each connection has a database of its own.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::server;

#[path = "behaviour/mod.rs"]
mod behaviour;
#[path = "dialect/killed.rs"]
mod killed;
#[path = "dialect/meanwhile.rs"]
mod meanwhile;
#[path = "dialect/on_duplicate_key.rs"]
mod on_duplicate_key;
#[path = "dialect/races.rs"]
mod races;
#[path = "dialect/scale.rs"]
mod scale;
#[path = "dialect/widths.rs"]
mod widths;

/// What Diesel's tool has written from the migrations.
#[allow(unused_imports, unreachable_pub)]
#[path = "../../migrations/mysql/schema.rs"]
mod schema;

pub(crate) type Backend = diesel::mysql::Mysql;
pub(crate) type Database = MysqlConnection;

/// How a column says that it holds ASCII.
pub(crate) const ASCII: &str = " CHARACTER SET ascii COLLATE ascii_bin";

const ANALYZE: &str = "ANALYZE TABLE accounts";
const EXPLAIN: &str = "EXPLAIN FORMAT=JSON ";
/// Whether rows can be locked one by one.
const LOCKS_ROWS: bool = true;
/// After this, a connection waits for a row for one second.
const IMPATIENT: &str = "SET SESSION innodb_lock_wait_timeout = 1";
/// The name that the database gives to the index of `code UNIQUE`.
const CODE_INDEX: &str = "code";
type PlanSqlType = Text;
type PlanRow = String;

fn uses(plan: &str, index: &str) -> bool {
    plan.contains(&format!("\"key\": \"{index}\"")) && !plan.contains("\"access_type\": \"index\"")
}

/// A database of several connections.
struct Shared(String);

impl Shared {
    fn new() -> Self {
        Self(url_of(&new_database()))
    }

    fn url(&self) -> &str {
        &self.0
    }

    fn connect(&self) -> Database {
        Database::establish(&self.0).unwrap()
    }
}

pub(crate) fn connect() -> Database {
    Database::establish(&url_of(&new_database())).unwrap()
}

/// Makes a database with the tables of the tests, and returns its name.
pub(crate) fn new_database() -> String {
    let (url, database) = (server::url("TEST_MYSQL_URL"), server::new_name());
    let mut connection = MysqlConnection::establish(&url).unwrap();
    connection.batch_execute(&format!("CREATE DATABASE {database}; USE {database}; {TABLES}")).unwrap();
    server::remove_later::<MysqlConnection>(url, format!("DROP DATABASE {database}"));
    database
}

/// The address of a database, for any driver.
pub(crate) fn url_of(database: &str) -> String {
    let url = server::url("TEST_MYSQL_URL");
    let (address, options) = url.split_once('?').unwrap_or((&url, ""));
    let (server, _) = address.rsplit_once('/').expect("mysql://user@host:port/database");
    format!("{server}/{database}?{options}")
}

/// `samples.text` takes any text, for what the tests put there that is no envelope.
const TABLES: &str = "
    CREATE TABLE patients (
        id INT PRIMARY KEY,
        name VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        notes TEXT CHARACTER SET ascii COLLATE ascii_bin,
        ssn TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        photo BLOB
    );
    CREATE TABLE visits (
        id INT PRIMARY KEY,
        patient_id INT NOT NULL,
        diagnosis TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        FOREIGN KEY (patient_id) REFERENCES patients (id)
    );
    CREATE TABLE samples (
        id INT PRIMARY KEY,
        text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
        bounded VARCHAR(20000) CHARACTER SET ascii COLLATE ascii_bin,
        bytes LONGBLOB
    );
    CREATE TABLE accounts (
        id INT PRIMARY KEY,
        email TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        email_index VARBINARY(16) NOT NULL,
        phone TEXT CHARACTER SET ascii COLLATE ascii_bin,
        phone_index VARBINARY(16),
        phone_last_four VARBINARY(2),
        code VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
        UNIQUE INDEX accounts_email_index (email_index)
    );
    CREATE TABLE invitations (
        id INT PRIMARY KEY,
        email TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        email_index VARBINARY(16) NOT NULL,
        code VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin
    );
    CREATE TABLE people (
        id INT PRIMARY KEY,
        name VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        born TEXT CHARACTER SET ascii COLLATE ascii_bin,
        name_and_born VARBINARY(16),
        name_index VARBINARY(16) NOT NULL
    );
    CREATE TABLE by_text (id VARCHAR(50) CHARACTER SET utf8mb4 PRIMARY KEY, value TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL);
    CREATE TABLE by_bytes (id VARBINARY(16) PRIMARY KEY, value TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL);
    CREATE TABLE by_two (
        a BIGINT,
        b VARCHAR(9),
        value TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        PRIMARY KEY (a, b)
    );
";

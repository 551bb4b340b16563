//! Someone may create functions, operators and types in a schema of the session's `search_path`. They are named as
//! PostgreSQL's own, and walks call none of them.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use encrypted_diesel::blind_index::IndexSpec;
use encrypted_diesel::maintenance::declared::{DeclaredIndex, DeclaredTable, KeyKind};
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, Walk};
use encrypted_diesel::{Keyring, sql_types};

use super::behaviour::key;
use super::{Backend, Database, new_schema};
use crate::server;

const NAMES: &str = include_str!("hostile_names.sql");

/// Tables with keys of each kind, made before the guest comes. A primary key or column of varchar or char(n) is what
/// functions fit better than PostgreSQL's own.
const TABLES: [(&str, &str, &str, KeyKind); 5] = [
    ("by_number", "integer", "1 + n", KeyKind::Integer),
    ("by_name", "varchar(40)", "'key ' || n", KeyKind::Text),
    ("by_code", "char(12)", "'key ' || n", KeyKind::Text),
    ("by_hash", "bytea", "decode(md5(n::text), 'hex')", KeyKind::Bytes),
    ("by_uuid_of_theirs", "uuid", "md5(n::text)::uuid", KeyKind::Uuid),
];

const ROWS: i64 = 7;

/// The schema of a guest's names, and a connection of the operator's.
struct Hostile {
    schema: String,
    operator: Database,
}

impl Hostile {
    fn new() -> Self {
        let schema = new_schema();
        let mut operator = Self::connect("pg_catalog");
        for (table, key, value, _) in TABLES {
            let sql = format!(
                "CREATE TABLE {schema}.{table} (id {key} PRIMARY KEY, value varchar(400), source varchar(40),
                     value_index bytea);
                 INSERT INTO {schema}.{table} (id, value, source) SELECT {value}, 'Value ' || n, 'Source'
                     FROM generate_series(1, {ROWS}) AS n"
            );
            operator.batch_execute(&sql).unwrap();
        }
        Self::connect(&schema).batch_execute(NAMES).unwrap();
        Self { schema, operator }
    }

    fn connect(path: &str) -> Database {
        let url = server::url("TEST_POSTGRES_URL");
        let separator = if url.contains('?') { '&' } else { '?' };
        let path = path.replace(',', "%2C");
        Database::establish(&format!("{url}{separator}options=-csearch_path%3D{path}")).unwrap()
    }

    /// How many calls there were.
    fn calls(&mut self) -> i64 {
        let calls =
            format!("(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}.calls)", self.schema);
        diesel::select(diesel::dsl::sql::<BigInt>(&calls)).first(&mut self.operator).unwrap()
    }

    /// How many values of a table are encrypted under this key.
    fn under(&mut self, table: &str, n: u8) -> i64 {
        let envelope = format!("ed1:{}%", key(n).id());
        let count = format!("(SELECT count(*) FROM {}.{table} WHERE value LIKE '{envelope}')", self.schema);
        diesel::select(diesel::dsl::sql::<BigInt>(&count)).first(&mut self.operator).unwrap()
    }
}

fn keyring(keys: &[u8]) -> Keyring {
    let retired = keys[1..].iter().map(|n| key(*n));
    let ring = retired.fold(Keyring::new(key(keys[0])), |ring, key| ring.with_retired(key).unwrap());
    ring.with_index_key(key(101)).unwrap()
}

/// Every walk through a table, with the keys it needs.
fn walks(column: &EncryptedColumn<Backend>) -> Vec<(Keyring, Walk<Backend>)> {
    const SPEC: IndexSpec = IndexSpec::new("theirs.value");

    let indexes = || {
        let index = DeclaredIndex { name: "value_index", spec: SPEC, parts: vec![SPEC] };
        BlindIndexes::declared(std::slice::from_ref(column), vec![index]).unwrap()
    };
    vec![
        (keyring(&[1]), column.encrypt()),
        (keyring(&[1]), indexes().reindex().share()),
        (keyring(&[2, 1]), column.rotate()),
        (keyring(&[3, 2]), column.rotate().share()),
        (keyring(&[3]), column.verify()),
        (keyring(&[3]), indexes().verify()),
        (keyring(&[3]), column.decrypt()),
    ]
}

fn nothing_is_called_under(path: impl Fn(&str) -> String) {
    let mut hostile = Hostile::new();
    let mut connection = Hostile::connect(&path(&hostile.schema));
    for (table, _, _, kind) in TABLES {
        let declared = DeclaredTable::new(table, [("id", kind)]);
        let column = EncryptedColumn::declared::<sql_types::EncryptedVarchar>(&declared, "value");
        for (step, (keyring, walk)) in walks(&column).into_iter().enumerate() {
            keyring.scope(|| {
                let walked = walk.batch_size(3).run(&mut connection, |_| {});
                assert_eq!(hostile.calls(), 0, "{table}: step {step} called a guest's function: {walked:?}");
                let walked = walked.unwrap_or_else(|error| panic!("{table}, step {step}: {error}"));
                let done = walked.written.max(walked.read);
                assert_eq!((walked.left, done), (0, ROWS as u64), "{table}, step {step}: {walked:?}");
                let status = column.status(&mut connection);
                assert_eq!(hostile.calls(), 0, "{table}: the status called a guest's function: {status:?}");
                assert_eq!(status.unwrap().rows(), ROWS as u64);
            });
            if step == 3 {
                assert_eq!(hostile.under(table, 3), ROWS);
            }
        }
    }
}

#[test]
fn nothing_of_a_guests_is_called() {
    nothing_is_called_under(str::to_owned);
}

#[test]
fn nothing_of_a_guests_is_called_where_the_database_itself_comes_last() {
    nothing_is_called_under(|schema| format!("{schema},pg_catalog"));
}

/// From a column of another type.
#[test]
fn nothing_of_a_guests_is_called_for_a_column_that_is_filled() {
    let mut hostile = Hostile::new();
    hostile.operator.batch_execute(&format!("UPDATE {}.by_name SET value = NULL", hostile.schema)).unwrap();
    for path in [hostile.schema.clone(), format!("{},pg_catalog", hostile.schema)] {
        let mut connection = Hostile::connect(&path);
        let declared = DeclaredTable::new("by_name", [("id", KeyKind::Text)]);
        let column = EncryptedColumn::<Backend>::declared::<sql_types::EncryptedVarchar>(&declared, "value")
            .encrypted_from("source", false);
        keyring(&[1]).scope(|| {
            for walk in [column.encrypt(), column.verify()] {
                let walked = walk.run(&mut connection, |_| {});
                assert_eq!(hostile.calls(), 0, "{path}: {walked:?}");
                assert_eq!(walked.unwrap().left, 0);
            }
            column.status(&mut connection).unwrap();
        });
    }
    assert_eq!((hostile.calls(), hostile.under("by_name", 1)), (0, ROWS));
}

/// The names are there, and are called by those who do not say whose they mean.
#[test]
fn a_guest_is_called_by_other_programs() {
    let mut hostile = Hostile::new();
    for (path, sql) in [
        ("", "SELECT substr(value, 1, 4) AS shown FROM by_name"),
        ("", "SELECT 'x' AS shown FROM by_name WHERE value = 'x'::pg_catalog.text"),
        (",pg_catalog", "SELECT substr('x'::pg_catalog.text, 1, 1) AS shown"),
        (",pg_catalog", "SELECT 'x' AS shown FROM by_number WHERE id = 1"),
        (",pg_catalog", "SELECT CAST(source AS text) AS shown FROM by_name"),
    ] {
        #[derive(QueryableByName, Debug)]
        #[allow(dead_code)]
        struct Shown {
            #[diesel(sql_type = Text)]
            shown: String,
        }
        let before = hostile.calls();
        let mut connection = Hostile::connect(&format!("{}{path}", hostile.schema));
        let shown = diesel::sql_query(sql).load::<Shown>(&mut connection);
        assert!(shown.is_err() && hostile.calls() > before, "{sql}: {shown:?}");
    }
}

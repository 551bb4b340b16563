//! Primary keys of every type that PostgreSQL sorts, under every setting that their text depends on.

use diesel::connection::SimpleConnection;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
use encrypted_diesel::{Keyring, sql_types};

use super::behaviour::key;
use super::keyed::{count, keyed_column, walk_keyed};
use super::{Database, connect};

const OTHER: &[(&str, KeyKind)] = &[("k", KeyKind::Other)];

/// Settings with which a text is read back as another value, or not at all.
const HOSTILE: &str = "SET DateStyle TO 'SQL, DMY'; SET TimeZone TO 'America/New_York'; \
    SET extra_float_digits TO -15; SET IntervalStyle TO 'sql_standard'; SET bytea_output TO 'escape'";

/// The type, and values of it in their order.
const TYPES: &[(&str, &[&str])] = &[
    (
        "timestamptz",
        &[
            "-infinity",
            "0044-03-15 BC",
            "1883-11-18 12:03:57",
            "2023-11-05 01:30:00-04",
            "2023-11-05 01:30:00-05",
            "2023-11-05 01:30:00.000001-05",
            "12345-06-07",
            "infinity",
        ],
    ),
    ("timestamp(3)", &["0044-03-15 BC", "2001-02-03", "2001-03-02", "2001-03-02 00:00:00.001"]),
    ("date", &["0044-03-15 BC", "2001-02-03", "2001-03-02", "2001-12-31", "12345-01-02"]),
    ("time", &["00:00", "12:00:00.000001", "24:00"]),
    ("timetz", &["12:00+02", "12:00+01", "12:00-03:30"]),
    ("interval", &["-1 mon -2 days", "-1 mon +2 days -03:00:00.5", "1 day", "25:00:00", "1 year -1 day"]),
    ("numeric", &["-1e30", "-0.5", "0", "0.10000000000000000000001", "1.50", "1e40", "NaN"]),
    ("real", &["-1e30", "-0.5", "0.1", "0.12345678", "16777216", "NaN"]),
    ("double precision", &["-Infinity", "-0.1", "0.1", "0.10000000000000001e1", "1e300", "Infinity", "NaN"]),
    ("boolean", &["false", "true"]),
    ("mood", &["z'", "a\\", "\"m\"", "b,c"]),
    ("char(5)", &["", "a", "a b", "b'"]),
    ("inet", &["10.0.0.1", "10.0.0.0/8", "192.168.0.1", "::1"]),
    ("macaddr", &["08:00:2b:01:02:03", "08:00:2b:01:02:04"]),
    ("bit(3)", &["001", "010", "101"]),
    ("varbit", &["", "0", "01", "1"]),
    ("name", &["A", "a", "b"]),
    ("oid", &["1", "4294967295"]),
    ("numrange", &["empty", "[0.5,1)", "[0.5,1.5)", "[1,)"]),
    ("tsvector", &["'a'", "'b'"]),
    ("jsonb", &["[]", "\"a\\\\b\"", "1", "{\"a\": \"'\"}"]),
    ("weekday", &["2001-02-05", "2001-02-06"]),
    ("public.citext", &["Able", "bake\\r", "Charlie", "charlie2", "Delta"]),
];

fn create(connection: &mut Database, sql_type: &str, values: &[&str]) {
    let rows = values
        .iter()
        .rev()
        .map(|value| format!("(E'{}', 'v')", value.replace('\\', "\\\\").replace('\'', "\\'")));
    let rows = rows.collect::<Vec<_>>().join(", ");
    connection
        .batch_execute(&format!(
            "DROP TABLE IF EXISTS keyed; CREATE TABLE keyed (k {sql_type} PRIMARY KEY, value text);
            INSERT INTO keyed VALUES {rows}"
        ))
        .unwrap();
}

fn with_types() -> Database {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TYPE mood AS ENUM (E'z\\'', E'a\\\\', '\"m\"', 'b,c');
            CREATE TYPE pair AS (a integer, b date);
            CREATE DOMAIN weekday AS date CHECK (extract(isodow FROM VALUE) < 6);
            CREATE EXTENSION IF NOT EXISTS citext SCHEMA public",
        )
        .unwrap();
    connection
}

#[test]
fn every_type_is_walked_under_any_settings() {
    for (sql_type, values) in TYPES {
        for settings in ["RESET ALL", HOSTILE] {
            let mut connection = with_types();
            create(&mut connection, sql_type, values);
            connection.batch_execute(settings).unwrap();
            assert_eq!(walk_keyed(&mut connection, OTHER).len(), values.len(), "{sql_type}");
        }
    }
}

#[test]
fn a_key_of_columns_of_such_types() {
    let mut connection = with_types();
    connection
        .batch_execute(
            "CREATE TABLE keyed (at timestamptz, mood mood, name public.citext, n numeric, id integer, value text,
                PRIMARY KEY (at, mood, name, n, id)) PARTITION BY RANGE (at);
            CREATE TABLE keyed_1 PARTITION OF keyed FOR VALUES FROM (MINVALUE) TO ('2023-11-05 01:30:00-05');
            CREATE TABLE keyed_2 PARTITION OF keyed DEFAULT;
            INSERT INTO keyed SELECT at::timestamptz, mood, name, n, id, 'v'
                FROM unnest(ARRAY['2023-11-05 01:30:00-04', '2023-11-05 01:30:00-05']) AS at,
                    unnest(enum_range(NULL::mood)) AS mood, unnest(ARRAY['a', 'B']) AS name,
                    unnest(ARRAY[-1, 0.5]) AS n, generate_series(1, 2) AS id",
        )
        .unwrap();
    connection.batch_execute(HOSTILE).unwrap();
    let key = ["at", "mood", "name", "n", "id"].map(|name| (name, KeyKind::Other));
    assert_eq!(walk_keyed(&mut connection, &key).len(), 64);
}

#[test]
fn a_deterministic_column_may_be_a_part_of_the_key() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TABLE keyed (value text PRIMARY KEY);
            INSERT INTO keyed SELECT i::text FROM generate_series(1, 50) AS i",
        )
        .unwrap();
    let table = DeclaredTable::new("keyed", [("value", KeyKind::Text)]);
    let column = EncryptedColumn::declared::<sql_types::DeterministicText>(&table, "value");
    Keyring::new(key(1)).scope(|| {
        assert_eq!(column.encrypt().batch_size(7).run(&mut connection, |_| {}).unwrap().written, 50);
    });
    Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        assert_eq!(column.rotate().batch_size(7).run(&mut connection, |_| {}).unwrap().written, 50);
        let status = column.status(&mut connection).unwrap();
        assert!(status.is_only_under(key(2).id()) && status.rows() == 50);
        assert_eq!(column.verify().run(&mut connection, |_| {}).unwrap().left, 0);
    });
}

#[test]
fn only_the_rows_of_the_table_itself() {
    let mut connection = connect();
    connection
        .batch_execute(
            "CREATE TABLE keyed (k integer PRIMARY KEY, value text); CREATE TABLE child () INHERITS (keyed);
            INSERT INTO keyed VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (1, 'c'), (2, 'd')",
        )
        .unwrap();
    assert_eq!(walk_keyed(&mut connection, &[("k", KeyKind::Integer)]), ["1", "2"]);
    assert_eq!(count(&mut connection, "child WHERE value IN ('c', 'd')"), 2);
}

#[test]
fn a_type_that_cannot_be_a_key_is_an_error() {
    let mut connection = with_types();
    for (sql_type, value, why) in
        [("money", "1", "money"), ("integer[]", "{1}", "array"), ("pair", "(1,2001-02-03)", "array")]
    {
        create(&mut connection, sql_type, &[value]);
        let failed =
            Keyring::new(key(1)).scope(|| keyed_column(OTHER).encrypt().run(&mut connection, |_| {}));
        assert!(failed.unwrap_err().to_string().contains(why));
    }
}

#[test]
fn the_settings_are_the_sessions_own_when_a_row_is_written() {
    let mut connection = connect();
    create(&mut connection, "timestamptz", &["2001-02-03 04:05:06+00", "2001-03-02 04:05:06+00"]);
    connection
        .batch_execute(
            "CREATE TABLE seen (style text);
            CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO seen VALUES (concat_ws('; ', current_setting('DateStyle'), current_setting('TimeZone'),
                    current_setting('extra_float_digits'), current_setting('IntervalStyle'),
                    current_setting('bytea_output')));
                RETURN NEW;
            END $$;
            CREATE TRIGGER look BEFORE UPDATE ON keyed FOR EACH ROW EXECUTE FUNCTION look()",
        )
        .unwrap();
    connection.batch_execute(HOSTILE).unwrap();
    walk_keyed(&mut connection, OTHER);
    let own = "SQL, DMY; America/New_York; -15; sql_standard; escape";
    assert_eq!(count(&mut connection, &format!("seen WHERE style = '{own}'")), 4);
    assert_eq!(count(&mut connection, "seen"), 4);
    connection.batch_execute("INSERT INTO seen VALUES (current_setting('DateStyle'))").unwrap();
    assert_eq!(count(&mut connection, "seen WHERE style = 'SQL, DMY'"), 1);
}

//! What a walk sets for its own reading is not in force while it writes, or afterwards: triggers of the application's
//! run in the session that the application has set up.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
use encrypted_diesel::{Keyring, sql_types};

use super::behaviour::key;
use super::{Backend, Database, connect};

const SETTINGS: [(&str, &str); 8] = [
    ("DateStyle", "SQL, DMY"),
    ("TimeZone", "Asia/Kolkata"),
    ("IntervalStyle", "sql_standard"),
    ("extra_float_digits", "-8"),
    ("bytea_output", "escape"),
    ("standard_conforming_strings", "on"),
    ("xmlbinary", "hex"),
    ("lock_timeout", "50s"),
];

/// A table whose trigger writes down what the session is set to, and how a time and a number look in it.
fn connect_as_the_application() -> Database {
    let mut connection = connect();
    for (name, value) in SETTINGS {
        connection.batch_execute(&format!("SET {name} = '{value}'")).unwrap();
    }
    let current = SETTINGS.map(|(name, _)| format!("current_setting('{name}')")).join(", ");
    connection
        .batch_execute(&format!(
            "CREATE TABLE measured (
                 id integer PRIMARY KEY, at timestamptz, weight double precision, took interval, raw bytea,
                 value text, note text
             );
             INSERT INTO measured (id, at, weight, took, raw) SELECT
                 id, '2024-03-01 12:34:56.789012+00', id + 0.12345678901234567, '1 day 02:03:04', '\\x00ff'
                 FROM generate_series(1, 5) AS id;
             CREATE FUNCTION note(t timestamptz) RETURNS text LANGUAGE sql AS $$
                 SELECT concat_ws('|', {current}, t, 0.12345678901234567::double precision, '\\x00ff'::bytea)
             $$;
             CREATE FUNCTION take_note() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN new.note := note(new.at); RETURN new; END
             $$;
             CREATE TRIGGER take_note BEFORE UPDATE ON measured FOR EACH ROW EXECUTE FUNCTION take_note()"
        ))
        .unwrap();
    connection
}

fn session(connection: &mut Database) -> String {
    let session = "concat_ws('|', note('2024-03-01 12:34:56.789012+00'), current_setting('search_path'),
        current_setting('client_encoding'), current_setting('row_security'), current_setting('role'))";
    diesel::select(diesel::dsl::sql::<Text>(session)).first(connection).unwrap()
}

diesel::table! {
    measured (id) { id -> Integer, at -> Timestamptz, value -> Nullable<Text>, note -> Nullable<Text> }
}

fn notes(connection: &mut Database) -> Vec<Option<String>> {
    measured::table.order(measured::id).select(measured::note).load(connection).unwrap()
}

fn column() -> EncryptedColumn<Backend> {
    let table = DeclaredTable::new("measured", [("id", KeyKind::Integer)]);
    EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "value")
}

/// Runs every walk, from this column, and returns the plaintext of row 1.
fn encrypted_from(from: &'static str) -> String {
    let mut connection = connect_as_the_application();
    let expected: String = diesel::select(diesel::dsl::sql::<Text>("note('2024-03-01 12:34:56.789012+00')"))
        .first(&mut connection)
        .unwrap();
    let before = session(&mut connection);
    let both = || Keyring::new(key(2)).with_retired(key(1)).unwrap();
    let encrypt = column().encrypted_from(from, false).encrypt();
    for (keyring, walk) in [
        (Keyring::new(key(1)), encrypt),
        (both(), column().rotate()),
        (both(), column().verify()),
        (both(), column().decrypt()),
    ] {
        let walked = keyring.scope(|| walk.batch_size(2).run(&mut connection, |_| {})).unwrap();
        assert_eq!((walked.left, walked.read), (0, 5), "{walked:?}");
        let noted = notes(&mut connection);
        assert!(noted.iter().all(|note| note.as_ref() == Some(&expected)), "{noted:?}, not {expected}");
        assert_eq!(session(&mut connection), before);
    }
    let value = measured::table.find(1).select(measured::value).first::<Option<String>>(&mut connection);
    value.unwrap().unwrap()
}

#[test]
fn a_number_arrives_whole_and_the_triggers_see_the_session() {
    assert_eq!(encrypted_from("weight").parse(), Ok(1.123_456_789_012_345_7_f64));
}

/// Whether another session, with settings of its own, reads the same from the text.
fn is_same(text: &str, sql_type: &str, expected: &str) -> bool {
    let same = format!("'{text}'::{sql_type} = '{expected}'::{sql_type}");
    diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&same)).first(&mut connect()).unwrap()
}

#[test]
fn a_time_arrives_whole_and_the_triggers_see_the_session() {
    let text = encrypted_from("at");
    assert!(is_same(&text, "timestamptz", "2024-03-01 12:34:56.789012+00"), "{text}");
}

#[test]
fn an_interval_arrives_whole_and_the_triggers_see_the_session() {
    let text = encrypted_from("took");
    assert!(is_same(&text, "interval", "1 day 02:03:04"), "{text}");
}

/// A function that the application finds by its own `search_path`.
#[test]
fn a_trigger_that_needs_its_search_path_works() {
    let mut connection = connect_as_the_application();
    connection
        .batch_execute(
            "CREATE TABLE log (id integer, length integer);
             CREATE FUNCTION measure(t text) RETURNS integer LANGUAGE sql AS $$ SELECT length(t) $$;
             CREATE FUNCTION take_log() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN INSERT INTO log VALUES (new.id, measure(new.value)); RETURN new; END
             $$;
             CREATE TRIGGER take_log BEFORE UPDATE ON measured FOR EACH ROW EXECUTE FUNCTION take_log();
             ALTER TABLE measured DISABLE TRIGGER take_log;
             UPDATE measured SET value = 'Value';
             ALTER TABLE measured ENABLE TRIGGER take_log",
        )
        .unwrap();
    let both = || Keyring::new(key(2)).with_retired(key(1)).unwrap();
    for (keyring, walk) in [
        (Keyring::new(key(1)), column().encrypt()),
        (both(), column().rotate()),
        (both(), column().decrypt()),
    ] {
        let walked = keyring.scope(|| walk.run(&mut connection, |_| {})).unwrap();
        assert_eq!((walked.written, walked.left), (5, 0), "{walked:?}");
    }
    let logged = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>("(SELECT count(*) FROM log)"));
    assert_eq!(logged.first(&mut connection), Ok(15_i64));
}

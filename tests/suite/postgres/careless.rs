//! Columns that cannot hold what is written, and values that a trigger refuses.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::faulty::{Task, insert_encrypted, insert_plaintext, make_table, run};
use super::{Database, connect, faults};
use crate::server;

const TEXTS: [&str; 7] = ["a", "nul\0x", "🦊", "Zoë", "Ж", "", "last"];

/// Runs a task on a table with these texts. Returns what is wrong, and the rows that were left.
fn left(connection: &mut Database, task: Task, texts: &[&str]) -> (Vec<String>, Vec<i32>) {
    let ids = 1..;
    let truth = ids.zip(texts.iter().map(|text| (*text).to_owned())).collect();
    match task {
        Task::Encrypt => insert_plaintext(connection, &truth),
        _ => insert_encrypted(connection, &truth),
    }
    let (walked, wrong) = run(connection, task, &task.walk().batch_size(4), &truth);
    let mut left: Vec<_> = walked.bad.iter().map(|row| row.key.to_string().parse().unwrap()).collect();
    left.sort_unstable();
    (wrong, left)
}

/// The messages of the server are in the language of its operator, if it has that one.
fn in_each_language(test: impl Fn(&mut Database)) {
    for language in ["C", "de_DE.UTF-8"] {
        let mut connection = connect();
        if connection.batch_execute(&format!("SET lc_messages = '{language}'")).is_ok() {
            test(&mut connection);
        }
    }
}

#[test]
fn a_nul_that_text_cannot_hold_stays_encrypted() {
    in_each_language(|connection| {
        make_table(connection, faults::TABLE);
        assert_eq!(left(connection, Task::Decrypt, &TEXTS), (vec![], vec![2]));
    });
}

#[test]
fn a_character_that_the_encoding_lacks_stays_encrypted() {
    let (url, name) = (server::url("TEST_POSTGRES_URL"), server::new_name());
    let mut connection = PgConnection::establish(&url).unwrap();
    let create = "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'";
    connection.batch_execute(&format!("CREATE DATABASE {name} {create}")).unwrap();
    let (address, options) = url.split_once('?').unwrap_or((&url, ""));
    let (host, _) = address.rsplit_once('/').unwrap();
    server::remove_later::<PgConnection>(url.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));

    let mut connection = PgConnection::establish(&format!("{host}/{name}?{options}")).unwrap();
    make_table(&mut connection, faults::TABLE);
    assert_eq!(left(&mut connection, Task::Decrypt, &TEXTS), (vec![], vec![2, 3, 5]));
}

#[test]
fn a_value_that_is_too_long_is_left() {
    in_each_language(|connection| {
        make_table(connection, faults::TABLE);
        connection.batch_execute("ALTER TABLE faulty ALTER value TYPE varchar(60)").unwrap();
        let long = "x".repeat(40);
        assert_eq!(left(connection, Task::Encrypt, &["a", &long, "c"]), (vec![], vec![2]));
    });
}

/// A column of this type pads what is written.
#[test]
fn a_column_of_fixed_length_loses_nothing() {
    let mut connection = connect();
    make_table(&mut connection, faults::TABLE);
    connection.batch_execute("ALTER TABLE faulty ALTER value TYPE char(200)").unwrap();
    let found = left(&mut connection, Task::Encrypt, &["a", "b"]);
    assert!(!found.0.iter().any(|found| found.contains("lost")), "{found:?}");
}

/// Such a column can hold nothing but what its expression says.
#[test]
fn a_generated_column_is_left() {
    let mut connection = connect();
    let value = "value text GENERATED ALWAYS AS (lower(note)) STORED";
    make_table(
        &mut connection,
        &format!("CREATE TABLE faulty (id integer PRIMARY KEY, {value}, value_index bytea, note text)"),
    );
    connection.batch_execute("INSERT INTO faulty (id, note) VALUES (1, 'Note'), (2, 'Note')").unwrap();
    let walked = Task::Encrypt.keyring().scope(|| Task::Encrypt.walk().run(&mut connection, |_| {}));
    assert!(walked.is_err() || walked.is_ok_and(|walked| (walked.left, walked.written) == (2, 0)));
}

/// Columns that are generated from the value follow it.
#[test]
fn a_column_that_is_generated_from_the_value_does_not_matter() {
    let mut connection = connect();
    make_table(&mut connection, faults::TABLE);
    let generated = "ADD lowered text GENERATED ALWAYS AS (lower(value)) STORED";
    connection.batch_execute(&format!("ALTER TABLE faulty {generated}")).unwrap();
    assert_eq!(left(&mut connection, Task::Encrypt, &["Ada", "Bob"]), (vec![], vec![]));
}

/// What a message says decides nothing. One row is refused with it each time.
#[test]
fn a_trigger_that_sounds_like_the_server_does_not_end_the_walk() {
    for message in ["deadlock detected", "database is locked", "server closed the connection unexpectedly"] {
        let mut connection = connect();
        make_table(&mut connection, faults::TABLE);
        connection
            .batch_execute(&format!(
                "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION '{message}'; END $$;
                 CREATE TRIGGER fault BEFORE UPDATE ON faulty FOR EACH ROW WHEN (new.id = 2)
                 EXECUTE FUNCTION fault()"
            ))
            .unwrap();
        assert_eq!(left(&mut connection, Task::Encrypt, &["a", "b", "c"]), (vec![], vec![2]), "{message}");
    }
}

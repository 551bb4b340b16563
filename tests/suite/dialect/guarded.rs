//! A trigger that changes an encrypted column whenever another one is written.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, Problem, Walk};
use encrypted_diesel::{Encrypted, EncryptedText, Indexed, Keyring};

use super::behaviour::key;
use super::{Backend, Database, Shared, connect, faults};
use crate::slow::{Slow, meanwhile_once};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    guarded (id) {
        id -> Integer,
        value -> Nullable<EncryptedText>,
        other -> EncryptedText,
        other_index -> Nullable<BlindIndex>,
    }
}

diesel::table! {
    #[sql_name = "guarded"]
    raw_guarded (id) {
        id -> Integer,
        value -> Nullable<Text>,
        other -> Nullable<Text>,
        other_index -> Nullable<Binary>,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "guarded.other", index(normalize(lowercase)))]
struct Other(String);

type Others = Indexed<Other, guarded::other, guarded::other_index>;

type Stored = Vec<(i32, Option<String>, Option<String>, Option<Vec<u8>>)>;

fn stored(connection: &mut Database) -> Stored {
    raw_guarded::table.order(raw_guarded::id).load(connection).unwrap()
}

fn value() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<guarded::value, EncryptedText>()
}

fn other() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<guarded::other, Others>()
}

fn indexes() -> BlindIndexes<Backend> {
    BlindIndexes::new::<Others>()
}

fn old() -> Keyring {
    Keyring::new(key(1)).with_index_key(key(101)).unwrap()
}

fn new() -> Keyring {
    let new = Keyring::new(key(2)).with_retired(key(1)).unwrap();
    new.with_index_key(key(102)).unwrap().with_index_key(key(101)).unwrap()
}

/// Four rows under the old keys, and a trigger that sets a column of the first and the third to this, where `{}` stands
/// for the new row.
fn spoiled(spoiler: &str, column: &str, expression: &str) -> Database {
    let mut connection = connect();
    make(&mut connection, spoiler, column, expression);
    connection
}

fn make(connection: &mut Database, spoiler: &str, column: &str, expression: &str) {
    let bytes = if spoiler.contains("plpgsql") { "bytea" } else { "varbinary(16)" };
    connection
        .batch_execute(&format!(
            "CREATE TABLE guarded (id INTEGER PRIMARY KEY NOT NULL, value text, other text, other_index {bytes})"
        ))
        .unwrap();
    old().scope(|| {
        for id in 1..=4 {
            let columns: Others = Other(format!("Other {id}")).into();
            diesel::insert_into(guarded::table)
                .values((guarded::id.eq(id), guarded::value.eq(EncryptedText::from("Value")), columns))
                .execute(connection)
                .unwrap();
        }
    });
    let new = if spoiler.contains("BEFORE") { "new." } else { "" };
    let expression = expression.replace("{}", new);
    let spoiler = spoiler.replace("{column}", column).replace("{expression}", &expression);
    connection.batch_execute(&spoiler).unwrap();
}

/// Whether the walk writes the second and the fourth row, and leaves and names the others.
fn is_kept(connection: &mut Database, walk: Walk<Backend>) -> bool {
    let before = stored(connection);
    new().scope(|| {
        let walked = walk.batch_size(3).run(connection, |_| {}).unwrap();
        assert_eq!(walked.missed, 0);
        let after = stored(connection);
        let is_written = |row: usize| before[row] != after[row];
        assert!(is_written(1) && is_written(3));
        let named: Vec<_> = walked.bad.iter().map(|row| row.key.to_string()).collect();
        assert!(walked.bad.iter().all(|row| row.problem == Problem::Altered), "{:?}", walked.bad);
        let is_left = !is_written(0) && !is_written(2);
        assert_eq!(is_left, named == ["1", "3"]);
        is_left
    })
}

/// A walk with a guard, the same without one, and what the trigger does.
type GuardedOrNot = (Walk<Backend>, Walk<Backend>, (&'static str, &'static str));

#[test]
fn a_row_whose_other_columns_would_change_is_left() {
    let columns = || [value(), other()];
    let lower = ("other", "lower({}other)");
    let walks: [GuardedOrNot; 4] = [
        (value().guarding(&columns(), &[]).rotate(), value().rotate(), lower),
        (value().guarding(&columns(), &[]).decrypt(), value().decrypt(), lower),
        (value().guarding(&[], &[indexes()]).rotate(), value().rotate(), ("other_index", "NULL")),
        (indexes().guarding(&columns(), &[]).reindex(), indexes().reindex(), ("value", "lower({}value)")),
    ];
    for spoiler in faults::SPOILERS {
        for (number, (guarded, plain, (column, expression))) in walks.iter().enumerate() {
            let mut connection = spoiled(spoiler, column, expression);
            assert!(is_kept(&mut connection, guarded.clone()), "{number}: {spoiler}");
            // Nobody looks at the other column otherwise.
            let mut connection = spoiled(spoiler, column, expression);
            assert!(!is_kept(&mut connection, plain.clone()), "{number}: {spoiler}");
        }
    }
}

#[test]
fn the_indexes_of_a_column_are_guarded_without_a_word() {
    for spoiler in faults::SPOILERS {
        for walk in [other().rotate(), other().decrypt()] {
            assert!(is_kept(&mut spoiled(spoiler, "other_index", "NULL"), walk), "{spoiler}");
        }
    }
}

/// The row is visited again, and is not taken for one that a trigger spoils.
#[test]
fn another_column_may_be_changed_by_somebody_else() {
    let shared = Shared::new();
    let (mut connection, mut somebody) = (shared.connect(), shared.connect());
    make(&mut connection, faults::SPOILERS[0], "value", "{}value");
    connection.batch_execute("UPDATE guarded SET value = 'plaintext'").unwrap();
    meanwhile_once(move || {
        new().scope(|| {
            let changed: Others = Other("Changed".into()).into();
            diesel::update(guarded::table.find(2)).set(changed).execute(&mut somebody).unwrap();
        });
    });
    let walk = EncryptedColumn::<Backend>::new::<guarded::value, Slow>().guarding(&[other()], &[]).encrypt();
    new().scope(|| {
        let mut missed = 0;
        let walked = walk.run(&mut connection, |batch| missed += batch.missed).unwrap();
        assert_eq!((walked.written, walked.left, missed), (4, 0, 1));
        let read = guarded::table.find(2).select(guarded::other).first::<Other>(&mut connection).unwrap();
        assert_eq!(read.0, "Changed");
    });
}

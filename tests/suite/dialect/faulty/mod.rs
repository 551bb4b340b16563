//! A database that does not do what it is told: its triggers and rules change, cut, swallow or move what is written,
//! and say nothing. Whatever a walk does there, no value is lost.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, Walk, Walked};
use encrypted_diesel::{Encrypted, Indexed, Keyring};

use super::behaviour::key;
use super::{Backend, Database, connect, faults};

mod fault;
mod random;

use fault::{COLUMNS, EFFECTS, TIMINGS};
pub(super) use fault::{Column, Effect, Fault, Timing, Words};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    faulty (id) {
        id -> Integer,
        value -> EncryptedText,
        value_index -> Nullable<BlindIndex>,
    }
}

// The same table, as someone with the database but without a key sees it.
diesel::table! {
    #[sql_name = "faulty"]
    raw_faulty (id) {
        id -> Integer,
        value -> Nullable<Text>,
        value_index -> Nullable<Binary>,
        note -> Nullable<Text>,
    }
}

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "faulty.value", index(normalize(lowercase)))]
struct Value(String);

type Columns = Indexed<Value, faulty::value, faulty::value_index>;

/// The stored value and index of each row.
type Stored = BTreeMap<i32, (Option<String>, Option<Vec<u8>>)>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    Encrypt,
    Rotate,
    Reindex,
    Decrypt,
}

const TASKS: [Task; 4] = [Task::Encrypt, Task::Rotate, Task::Reindex, Task::Decrypt];

impl Task {
    fn walk(self) -> Walk<Backend> {
        let column = EncryptedColumn::new::<faulty::value, Columns>();
        match self {
            Self::Encrypt => column.encrypt(),
            Self::Rotate => column.rotate(),
            Self::Reindex => BlindIndexes::new::<Columns>().reindex(),
            Self::Decrypt => column.decrypt(),
        }
    }

    /// Whether what happens to the column matters to it.
    fn concerns(self, column: Column) -> bool {
        column == Column::Value || matches!(self, Self::Encrypt | Self::Reindex)
    }

    /// The keyring under which it has something to do for every row, if the rows were written under the old one.
    fn keyring(self) -> Keyring {
        if self == Self::Encrypt {
            return old_keyring();
        }
        let new = Keyring::new(key(2)).with_retired(key(1)).unwrap();
        new.with_index_key(key(102)).unwrap().with_index_key(key(101)).unwrap()
    }
}

fn old_keyring() -> Keyring {
    Keyring::new(key(1)).with_index_key(key(101)).unwrap()
}

/// In both cases, and longer than what a trigger leaves of it.
fn text(id: i32) -> String {
    format!("Ada LOVELACE of Row {id}, Zoë and Čapek")
}

/// A new table with these rows of plaintext.
fn make_table(connection: &mut Database, ids: &[i32]) {
    connection.batch_execute(faults::DROP).unwrap();
    connection.batch_execute(faults::TABLE).unwrap();
    for id in ids {
        insert(connection, *id);
    }
}

fn insert(connection: &mut Database, id: i32) {
    diesel::insert_into(raw_faulty::table)
        .values((raw_faulty::id.eq(id), raw_faulty::value.eq(text(id)), raw_faulty::note.eq("Note")))
        .execute(connection)
        .unwrap();
}

/// Encrypts all rows under the old keys.
fn encrypt_all(connection: &mut Database) {
    let walked = old_keyring().scope(|| Task::Encrypt.walk().run(connection, |_| {}).unwrap());
    assert_eq!((walked.left, walked.missed), (0, 0));
}

fn stored(connection: &mut Database) -> Stored {
    let rows = raw_faulty::table
        .select((raw_faulty::id, raw_faulty::value, raw_faulty::value_index))
        .load::<(i32, _, _)>(connection);
    rows.unwrap().into_iter().map(|(id, value, index)| (id, (value, index))).collect()
}

/// Sets up the fault. A plain UPDATE shows that it bites.
fn install(connection: &mut Database, fault: &Fault) {
    connection.batch_execute(&faults::sql(fault).unwrap()).unwrap();
    // A row, and the one that follows it.
    let id = 500 * fault.modulus + fault.remainder;
    for id in [id, id + 1] {
        insert(connection, id);
    }
    let written = (Some("A Longer Value, Written".to_owned()), Some(b"written".to_vec()));
    let updated = diesel::update(raw_faulty::table.find(id))
        .set((raw_faulty::value.eq(&written.0), raw_faulty::value_index.eq(&written.1)))
        .execute(connection);
    let row = stored(connection).remove(&id);
    let is_as_written = updated.is_ok() && row.as_ref() == Some(&written);
    assert_eq!(is_as_written, fault.is_harmless(), "{fault:?} is without effect: {updated:?}, {row:?}");
    diesel::delete(raw_faulty::table.filter(raw_faulty::id.ge(500))).execute(connection).unwrap();
    connection.batch_execute("DELETE FROM copies").unwrap();
}

/// Runs a task under its keyring, and returns what is wrong: each row is to be either as it was, and named, or as it
/// was meant to be.
fn run(connection: &mut Database, task: Task, walk: &Walk<Backend>, ids: &[i32]) -> (Walked, Vec<String>) {
    let before = stored(connection);
    task.keyring().scope(|| {
        let (walked, mut wrong) = match walk.run(connection, |_| {}) {
            Ok(walked) => (walked, Vec::new()),
            Err(error) => (Walked::default(), vec![format!("the walk ended: {error}")]),
        };
        let after = stored(connection);
        let named: Vec<i32> = walked.bad.iter().map(|row| row.key.to_string().parse().unwrap()).collect();
        for id in ids {
            let is_as_it_was = before.get(id) == after.get(id);
            let times = named.iter().filter(|named| *named == id).count();
            let found = match (is_as_it_was, is_meant(connection, task, *id, &after), times) {
                (false, false, _) => "was lost",
                (true, _, 0) if is_due(task, &before[id]) => "was left, and is not named",
                (false, true, 1..) => "was written, and is named",
                (_, _, 2..) => "is named twice",
                _ => continue,
            };
            wrong.push(format!("row {id} {found}"));
        }
        if walked.missed > 0 {
            wrong.push(format!("{} missed", walked.missed));
        }
        (walked, wrong)
    })
}

/// Whether the row holds what the task is to write.
fn is_meant(connection: &mut Database, task: Task, id: i32, after: &Stored) -> bool {
    let Some((Some(value), _)) = after.get(&id) else { return false };
    if task == Task::Decrypt {
        return *value == text(id);
    }
    let read = faulty::table.find(id).select(faulty::value).first::<Value>(connection);
    read.is_ok_and(|read| read.0 == text(id)) && (task == Task::Rotate || is_indexed(connection, id))
}

/// Whether the index of the row is that of its value.
fn is_indexed(connection: &mut Database, id: i32) -> bool {
    let walked = BlindIndexes::<Backend>::new::<Columns>().verify().run(connection, |_| {}).unwrap();
    walked.bad.iter().all(|row| row.key.to_string() != id.to_string())
}

/// Whether the task has something to do for a row that holds this.
fn is_due(task: Task, (value, index): &(Option<String>, Option<Vec<u8>>)) -> bool {
    let value = value.as_deref().unwrap_or_default();
    let is_encrypted = value.starts_with("ed1:");
    match task {
        Task::Encrypt => !is_encrypted,
        Task::Rotate => is_encrypted && !value.starts_with(&format!("ed1:{}", key(2).id())),
        Task::Reindex => is_encrypted && index.is_none(),
        Task::Decrypt => is_encrypted,
    }
}

/// Runs every task against every effect at this time, each on a table that is as the task expects it. Returns what is
/// wrong, and how many there were.
fn every_task_against(
    fault: impl Fn(Effect, Timing, Column) -> Fault,
    timing: Timing,
    settings: impl Fn(Walk<Backend>) -> Walk<Backend>,
) -> (Vec<String>, u32) {
    let mut connection = connect();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (effect, column) in EFFECTS.into_iter().flat_map(|effect| COLUMNS.map(|column| (effect, column))) {
        let fault = fault(effect, timing, column);
        if !fault.makes_sense() || faults::sql(&fault).is_none() {
            continue;
        }
        for task in TASKS.into_iter().filter(|task| task.concerns(column)) {
            prepare(&mut connection, task);
            install(&mut connection, &fault);
            let (walked, mut found) = run(&mut connection, task, &settings(task.walk().batch_size(4)), &IDS);
            let without_fault = IDS.iter().filter(|id| fault.is_harmless() || !fault.hits(**id)).count();
            if walked.written < without_fault as u64 {
                found.push(format!("only {} rows were written", walked.written));
            }
            wrong.extend(
                found.into_iter().map(|found| format!("{task:?} {effect:?} {timing:?} {column:?}: {found}")),
            );
            count += 1;
        }
    }
    (wrong, count)
}

const IDS: [i32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Makes a table in which the task has something to do in every row.
fn prepare(connection: &mut Database, task: Task) {
    make_table(connection, &IDS);
    if task != Task::Encrypt {
        encrypt_all(connection);
    }
    if task == Task::Reindex {
        connection.batch_execute("UPDATE faulty SET value_index = NULL").unwrap();
    }
}

fn assert_none((wrong, count): (Vec<String>, u32)) {
    assert!(wrong.is_empty(), "of {count} walks, some went wrong:\n{}", wrong.join("\n"));
}

fn each_third(effect: Effect, timing: Timing, column: Column) -> Fault {
    Fault { effect, timing, column, modulus: 3, remainder: 0 }
}

macro_rules! timings {
    ($($name:ident: $timing:ident;)+) => {$(
        #[test]
        fn $name() {
            assert_none(every_task_against(each_third, Timing::$timing, |walk| walk));
        }
    )+};
}

timings! {
    nothing_is_lost_to_a_trigger_before_the_update: Before;
    nothing_is_lost_to_a_trigger_after_the_update: After;
    nothing_is_lost_to_a_trigger_of_one_column: AfterColumn;
    nothing_is_lost_to_a_trigger_of_the_statement: AfterStatement;
    nothing_is_lost_to_a_deferred_trigger: Deferred;
    nothing_is_lost_to_a_rule: Rule;
    nothing_is_lost_to_a_temporary_trigger: Temporary;
}

#[test]
fn nothing_is_lost_in_walks_that_share() {
    for timing in TIMINGS {
        assert_none(every_task_against(each_third, timing, Walk::share));
    }
}

#[test]
fn nothing_is_lost_where_every_row_is_hit() {
    let each = |effect, timing, column| Fault { effect, timing, column, modulus: 1, remainder: 0 };
    for timing in TIMINGS {
        assert_none(every_task_against(each, timing, |walk| walk));
    }
}

/// There are savepoints in place of transactions then.
#[test]
fn nothing_is_lost_in_a_transaction_of_the_callers() {
    let mut wrong = Vec::new();
    for timing in TIMINGS {
        wrong.extend(in_a_transaction_against(timing));
    }
    assert_none((wrong, 0));
}

fn in_a_transaction_against(timing: Timing) -> Vec<String> {
    let mut connection = connect();
    let mut wrong = Vec::new();
    for (effect, task) in EFFECTS.into_iter().flat_map(|effect| TASKS.map(|task| (effect, task))) {
        let fault = each_third(effect, timing, Column::Value);
        // It ends the transaction that is not ours.
        if effect == Effect::RaiseRollback || faults::sql(&fault).is_none() {
            continue;
        }
        prepare(&mut connection, task);
        install(&mut connection, &fault);
        let found = connection.transaction(|connection| {
            let (_, found) = run(connection, task, &task.walk().batch_size(4), &IDS);
            QueryResult::Ok((found, stored(connection)))
        });
        let found = match found {
            Ok((found, inside)) if inside == stored(&mut connection) => found,
            Ok(_) => vec!["the commit changed rows".to_owned()],
            Err(error) => vec![format!("the commit failed: {error}")],
        };
        wrong.extend(found.into_iter().map(|found| format!("{task:?} {effect:?} {timing:?}: {found}")));
    }
    wrong
}

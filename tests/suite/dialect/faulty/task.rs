//! The walks through the table, and what must be true afterwards.

use diesel::prelude::*;
use encrypted_diesel::Keyring;
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, Walk, Walked};

use super::super::behaviour::key;
use super::super::{Backend, Database};
use super::table::{Columns, Stored, Truth, Value, faulty, old_keyring, stored};
use super::{Column, Fault, Timing};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Task {
    Encrypt,
    Rotate,
    Reindex,
    Decrypt,
}

pub(super) const TASKS: [Task; 4] = [Task::Encrypt, Task::Rotate, Task::Reindex, Task::Decrypt];

impl Task {
    pub(in super::super) fn walk(self) -> Walk<Backend> {
        let column = EncryptedColumn::new::<faulty::value, Columns>();
        match self {
            Self::Encrypt => column.encrypt(),
            Self::Rotate => column.rotate(),
            Self::Reindex => BlindIndexes::new::<Columns>().reindex(),
            Self::Decrypt => column.decrypt(),
        }
    }

    /// Whether what happens to the column matters to it. A rotation leaves the index to `reindex`.
    pub(super) fn concerns(self, column: Column) -> bool {
        column == Column::Value || matches!(self, Self::Encrypt | Self::Reindex)
    }

    /// The keyring under which it has something to do for every row, if the rows were written under the old one.
    pub(in super::super) fn keyring(self) -> Keyring {
        if self == Self::Encrypt {
            return old_keyring();
        }
        let new = Keyring::new(key(2)).with_retired(key(1)).unwrap();
        new.with_index_key(key(102)).unwrap().with_index_key(key(101)).unwrap()
    }

    /// Whether it has something to do for a row that holds this.
    fn is_due(self, (value, index): &(Option<String>, Option<Vec<u8>>)) -> bool {
        let value = value.as_deref().unwrap_or_default();
        let is_encrypted = value.starts_with("ed1:");
        match self {
            Self::Encrypt => !is_encrypted,
            Self::Rotate => is_encrypted && !value.starts_with(&format!("ed1:{}", key(2).id())),
            Self::Reindex => is_encrypted && index.is_none(),
            Self::Decrypt => is_encrypted,
        }
    }

    /// Whether the row holds what the task is to write.
    fn is_done(self, connection: &mut Database, id: i32, text: &str, after: &Stored) -> bool {
        let Some((Some(value), _)) = after.get(&id) else { return false };
        if self == Self::Decrypt {
            return value == text;
        }
        let read = faulty::table.find(id).select(faulty::value).first::<Value>(connection);
        read.is_ok_and(|read| read.0 == text) && (self == Self::Rotate || is_indexed(connection, id))
    }
}

/// Whether the index of the row is that of its value.
fn is_indexed(connection: &mut Database, id: i32) -> bool {
    let walked = BlindIndexes::<Backend>::new::<Columns>().verify().run(connection, |_| {}).unwrap();
    walked.bad.iter().all(|row| row.key.to_string() != id.to_string())
}

/// Runs a task under its keyring, and returns what is wrong: each row is to be either as it was, and named, or as it
/// was meant to be.
pub(in super::super) fn run(
    connection: &mut Database,
    task: Task,
    walk: &Walk<Backend>,
    truth: &Truth,
) -> (Walked, Vec<String>) {
    let before = stored(connection);
    task.keyring().scope(|| {
        let (walked, mut wrong) = match walk.run(connection, |_| {}) {
            Ok(walked) => (walked, Vec::new()),
            Err(error) => (Walked::default(), vec![format!("the walk ended: {error}")]),
        };
        let after = stored(connection);
        let named: Vec<i32> = walked.bad.iter().map(|row| row.key.to_string().parse().unwrap()).collect();
        for (id, text) in truth {
            let is_as_it_was = before.get(id) == after.get(id);
            let times = named.iter().filter(|named| *named == id).count();
            let found = match (is_as_it_was, task.is_done(connection, *id, text, &after), times) {
                (false, false, _) => "was lost",
                (true, _, 0) if task.is_due(&before[id]) => "was left, and is not named",
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

/// Whether the walk was refused before anything was written, as it is where a rule runs instead of updates.
pub(super) fn is_refused(fault: &Fault, wrong: &[String]) -> bool {
    fault.timing == Timing::Rule
        && wrong.iter().any(|found| found.starts_with("the walk ended"))
        && !wrong.iter().any(|found| found.contains("was lost"))
}

//! Rows that are worked on a batch at a time: keys are rotated, plaintext is encrypted, indexes are made
//! anew, and all of it is verified.

use encrypted_diesel::Error;
use encrypted_diesel::maintenance::{BadRow, Batch, BlindIndexes, EncryptedColumn, Problem, RowKey};

use super::*;

mod decrypt;
mod encrypt;
mod filled_from;
mod indexes;
mod primary_keys;
mod rotate;
mod status;
mod verify;

/// Whatever a whole walk through a table comes to.
#[derive(Debug, Default, PartialEq)]
pub(in super::super) struct Walked {
    pub(in super::super) read: usize,
    pub(in super::super) written: usize,
    pub(in super::super) missed: usize,
    pub(in super::super) bad: Vec<BadRow>,
}

/// Walks to the end of the table, in steps of `batch`.
pub(in super::super) fn walk(mut batch: impl FnMut(Option<&RowKey>) -> QueryResult<Batch>) -> Walked {
    let (mut walked, mut last) = (Walked::default(), None);
    loop {
        let Batch { read, written, missed, bad, last: reached } = batch(last.as_ref()).unwrap();
        walked.read += read;
        walked.written += written;
        walked.missed += missed;
        walked.bad.extend(bad);
        last = reached;
        if last.is_none() {
            return walked;
        }
    }
}

fn shown(bad: &[BadRow]) -> Vec<String> {
    bad.iter().map(|row| row.key.to_string()).collect()
}

fn text_column() -> EncryptedColumn<Backend> {
    EncryptedColumn::of::<samples::text, EncryptedText>()
}

/// Inserts samples of these texts, under the keyring at hand.
fn insert_samples(connection: &mut Database, ids: std::ops::RangeInclusive<i32>) {
    for id in ids {
        let value = EncryptedText::from(&*format!("text {id}"));
        diesel::insert_into(samples::table)
            .values((samples::id.eq(id), samples::text.eq(&value), samples::bytes.eq(&value)))
            .execute(connection)
            .unwrap();
    }
}

fn texts(connection: &mut Database) -> Vec<(i32, Option<String>)> {
    samples::table.select((samples::id, samples::text)).order(samples::id).load(connection).unwrap()
}

fn put(connection: &mut Database, id: i32, stored: &str) {
    diesel::update(raw_samples::table.find(id))
        .set(raw_samples::text.eq(stored))
        .execute(connection)
        .unwrap();
}

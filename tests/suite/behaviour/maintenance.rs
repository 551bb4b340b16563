//! Walks: keys are rotated, plaintext is encrypted, indexes are rebuilt, and everything is verified.

use encrypted_diesel::Error;
use encrypted_diesel::maintenance::{BadRow, BlindIndexes, EncryptedColumn, Problem, Walk, WalkConnection};

use super::*;

mod declared;
mod decrypt;
mod encrypt;
mod encrypt_indexes;
mod filled_from;
mod indexes;
mod only_where;
mod primary_keys;
mod rotate;
mod status;
pub(in super::super) mod survey;
mod verify;
mod walks;

/// The outcome of a whole walk that nothing stopped.
#[derive(Debug, Default, PartialEq)]
pub(in super::super) struct Walked {
    pub(in super::super) read: usize,
    pub(in super::super) written: usize,
    pub(in super::super) missed: usize,
    pub(in super::super) bad: Vec<BadRow>,
}

/// Runs a whole walk. Its totals must be those of its batches.
pub(in super::super) fn walk<Conn>(connection: &mut Conn, walk: Walk<Backend>) -> Walked
where
    Conn: WalkConnection<Backend = Backend>,
{
    let mut batches = Walked::default();
    let mut pass = 0;
    let walked = walk.run(connection, |batch| {
        if batch.pass != pass {
            batches = Walked { written: batches.written, ..Walked::default() };
            pass = batch.pass;
        }
        batches.read += batch.read;
        batches.written += batch.written;
        batches.missed += batch.missed;
        batches.bad.extend(batch.bad.iter().cloned());
    });
    let walked = walked.unwrap();
    let count = |rows: u64| usize::try_from(rows).unwrap();
    let totals = Walked {
        read: count(walked.read),
        written: count(walked.written),
        missed: count(walked.missed),
        bad: walked.bad,
    };
    assert_eq!((&totals, count(walked.left), walked.stopped), (&batches, totals.bad.len(), false));
    totals
}

fn shown(bad: &[BadRow]) -> Vec<String> {
    bad.iter().map(|row| row.key.to_string()).collect()
}

fn text_column() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<samples::text, EncryptedText>()
}

/// Inserts samples with these ids, under the current keyring.
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

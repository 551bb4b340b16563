//! From one index key to the next: how far it is, and one step of it.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::maintenance::{Batch, BlindIndexes, RowKey};

use crate::models::{EmailColumns, PhoneColumns};

/// Rows that are read and written in one transaction.
const BATCH: usize = 150;

/// Counts of indexed values, two for each account: its address and its phone number.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Progress {
    /// With indexes under the key that writes.
    pub current: u64,
    /// With an index under another key of the list.
    pub outdated: u64,
    /// With an index under no key of the list: a search misses the account.
    pub mismatched: u64,
}

fn indexes() -> [BlindIndexes<Sqlite>; 2] {
    [BlindIndexes::new::<EmailColumns>(), BlindIndexes::new::<PhoneColumns>()]
}

/// Compares every index with its value.
pub(crate) fn progress(connection: &mut SqliteConnection) -> QueryResult<Progress> {
    let mut progress = Progress::default();
    for indexes in indexes() {
        let mismatched = indexes.verify().run(connection, |_| {})?.left;
        let planned = indexes.reindex().dry_run().run(connection, |_| {})?;
        progress.current += planned.read - planned.written;
        progress.outdated += planned.written - mismatched;
        progress.mismatched += mismatched;
    }
    Ok(progress)
}

/// Reindexes the accounts that follow the row `after`. Without a need to look on between batches, one call does it
/// all: `indexes.reindex().run(connection, |_| {})`.
pub(crate) fn batch(connection: &mut SqliteConnection, after: Option<&RowKey>) -> QueryResult<Batch> {
    let [emails, phones] = indexes().map(|indexes| indexes.reindex().batch_size(BATCH));
    emails.batch(connection, after)?;
    phones.batch(connection, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;
    use crate::people;

    fn with_members(test: impl FnOnce(&mut SqliteConnection, &Keys)) {
        let keys = Keys::generate().unwrap();
        let mut connection = crate::open(":memory:").unwrap();
        keys.deploy("old").unwrap().scope(|| {
            crate::accounts::import(&mut connection, &people::members()).unwrap();
        });
        test(&mut connection, &keys);
    }

    const VALUES: u64 = 2 * people::MEMBERS as u64;

    fn progress_under(keys: &Keys, list: &str, connection: &mut SqliteConnection) -> [u64; 3] {
        let Progress { current, outdated, mismatched } =
            keys.deploy(list).unwrap().scope(|| progress(connection)).unwrap();
        [current, outdated, mismatched]
    }

    #[test]
    fn every_row_is_reindexed_once() {
        with_members(|connection, keys| {
            let mut written = Vec::new();
            keys.deploy("new,old").unwrap().scope(|| {
                let mut last = None;
                loop {
                    let batch = batch(connection, last.as_ref()).unwrap();
                    written.push(batch.written);
                    last = batch.last;
                    if last.is_none() {
                        break;
                    }
                }
            });
            assert_eq!(written, [150, 150, 100]);
            assert_eq!(progress_under(keys, "new", connection), [VALUES, 0, 0]);
        });
    }

    #[test]
    fn values_are_counted_by_the_key_of_their_indexes() {
        with_members(|connection, keys| {
            assert_eq!(progress_under(keys, "old,new", connection), [VALUES, 0, 0]);
            assert_eq!(progress_under(keys, "new,old", connection), [0, VALUES, 0]);
            assert_eq!(progress_under(keys, "new", connection), [0, 0, VALUES]);

            keys.deploy("new,old").unwrap().scope(|| batch(connection, None)).unwrap();
            assert_eq!(progress_under(keys, "new,old", connection), [300, VALUES - 300, 0]);
        });
    }

    #[test]
    fn a_wrong_index_makes_a_value_mismatched() {
        with_members(|connection, keys| {
            diesel::sql_query("UPDATE accounts SET phone_index = email_index WHERE id = 7")
                .execute(connection)
                .unwrap();
            assert_eq!(progress_under(keys, "old", connection), [VALUES - 1, 0, 1]);
        });
    }
}

//! From one index key to the next: how far it is, and the step itself.

use diesel::prelude::*;
use encrypted_diesel::IndexState;

use crate::Result;
use crate::models::Account;
use crate::schema::accounts;

/// Rows that are read and written back in one transaction.
const LOT: i64 = 150;

/// How many rows have which indexes.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Progress {
    /// Under the key that writes.
    pub current: usize,
    /// Under another key of the list.
    pub outdated: usize,
    /// Under no key of the list: a search misses them.
    pub mismatched: usize,
}

/// Compares each row's indexes with its values.
pub(crate) fn progress(connection: &mut SqliteConnection) -> Result<Progress> {
    type Indexes = (Vec<u8>, Vec<u8>, Vec<u8>);
    let rows: Vec<(Account, Indexes)> = accounts::table
        .select((
            Account::as_select(),
            (accounts::email_index, accounts::phone_index, accounts::phone_last_four),
        ))
        .load(connection)?;

    let mut progress = Progress::default();
    for (account, (email, phone, last_four)) in rows {
        let [email] = account.email.index_states([Some(&email)])?;
        let [phone, last_four] = account.phone.index_states([Some(&phone), Some(&last_four)])?;
        let states = [email, phone, last_four];
        if states == [IndexState::Current; 3] {
            progress.current += 1;
        } else if states.contains(&IndexState::Mismatched) {
            progress.mismatched += 1;
        } else {
            progress.outdated += 1;
        }
    }
    Ok(progress)
}

/// Reads the rows that follow the id `after`, and writes them back, as they are, under the keys of today.
/// Returns the last id, or none when there was no row left.
pub(crate) fn lot(connection: &mut SqliteConnection, after: i32) -> QueryResult<Option<i32>> {
    // Immediate, so that no change made meanwhile is lost.
    connection.immediate_transaction(|connection| {
        let lot: Vec<Account> = accounts::table
            .filter(accounts::id.gt(after))
            .select(Account::as_select())
            .order(accounts::id)
            .limit(LOT)
            .load(connection)?;
        for account in &lot {
            diesel::update(account).set(account).execute(connection)?;
        }
        Ok(lot.last().map(|account| account.id))
    })
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

    fn progress_under(keys: &Keys, list: &str, connection: &mut SqliteConnection) -> [usize; 3] {
        let Progress { current, outdated, mismatched } =
            keys.deploy(list).unwrap().scope(|| progress(connection)).unwrap();
        [current, outdated, mismatched]
    }

    #[test]
    fn every_row_is_written_again_once() {
        with_members(|connection, keys| {
            let mut ends = Vec::new();
            keys.deploy("new,old").unwrap().scope(|| {
                while let Some(last) = lot(connection, ends.last().copied().unwrap_or(0)).unwrap() {
                    ends.push(last);
                }
            });
            assert_eq!(ends, [150, 300, 400]);
            assert_eq!(progress_under(keys, "new", connection), [people::MEMBERS, 0, 0]);
        });
    }

    #[test]
    fn rows_are_counted_by_the_key_of_their_indexes() {
        with_members(|connection, keys| {
            let members = people::MEMBERS;
            assert_eq!(progress_under(keys, "old,new", connection), [members, 0, 0]);
            assert_eq!(progress_under(keys, "new,old", connection), [0, members, 0]);
            assert_eq!(progress_under(keys, "new", connection), [0, 0, members]);

            keys.deploy("new,old").unwrap().scope(|| lot(connection, 0)).unwrap();
            assert_eq!(progress_under(keys, "new,old", connection), [150, members - 150, 0]);
        });
    }

    #[test]
    fn one_foreign_index_makes_a_row_mismatched() {
        with_members(|connection, keys| {
            diesel::sql_query("UPDATE accounts SET phone_index = email_index WHERE id = 7")
                .execute(connection)
                .unwrap();
            assert_eq!(progress_under(keys, "old", connection), [people::MEMBERS - 1, 0, 1]);
        });
    }
}

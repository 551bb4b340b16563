//! The application: plain Diesel, with `matches` in place of `eq`.

use diesel::dsl::exists;
use diesel::prelude::*;
use encrypted_diesel::EncryptedExpressionMethods;

use crate::models::{Account, Email, LastFour, NewAccount, Phone};
use crate::schema::accounts;

pub(crate) enum SignUp {
    Done(Account),
    /// Another account has this address, perhaps in another letter case.
    Taken,
}

/// The accounts that the help desk's index finds.
pub(crate) struct Hits {
    pub meant: Vec<Account>,
    /// Their numbers end in other digits, which happen to have the same digest.
    pub by_chance: Vec<Account>,
}

/// Deletes all rows.
pub(crate) fn clear(connection: &mut SqliteConnection) -> QueryResult<usize> {
    diesel::delete(accounts::table).execute(connection)
}

/// Inserts several accounts at once.
pub(crate) fn import(connection: &mut SqliteConnection, accounts: &[NewAccount]) -> QueryResult<usize> {
    diesel::insert_into(accounts::table).values(accounts).execute(connection)
}

/// Checks whether the address is taken and, if not, inserts the account.
///
/// The transaction is immediate: on SQLite, nobody else can write from its beginning on.
pub(crate) fn sign_up(connection: &mut SqliteConnection, account: &NewAccount) -> QueryResult<SignUp> {
    connection.immediate_transaction(|connection| {
        let same_address = accounts::table.filter(accounts::email_index.matches(&account.email));
        if diesel::select(exists(same_address)).get_result(connection)? {
            return Ok(SignUp::Taken);
        }
        insert(connection, account).map(SignUp::Done)
    })
}

/// Inserts an account without the check. The database refuses an address that it already has, unless that one's
/// index is under another key.
pub(crate) fn insert(connection: &mut SqliteConnection, account: &NewAccount) -> QueryResult<Account> {
    diesel::insert_into(accounts::table)
        .values(account)
        .returning(Account::as_returning())
        .get_result(connection)
}

/// Finds an account by its address, as typed.
pub(crate) fn by_email(connection: &mut SqliteConnection, typed: &str) -> QueryResult<Option<Account>> {
    accounts::table
        .filter(accounts::email_index.matches(Email(typed.into())))
        .select(Account::as_select())
        .first(connection)
        .optional()
}

/// Finds the accounts with this phone number.
pub(crate) fn by_phone(connection: &mut SqliteConnection, typed: &str) -> QueryResult<Vec<Account>> {
    accounts::table
        .filter(accounts::phone_index.matches(Phone(typed.into())))
        .select(Account::as_select())
        .order(accounts::id)
        .load(connection)
}

/// Finds the accounts whose phone number ends in these four digits.
pub(crate) fn by_last_four(connection: &mut SqliteConnection, typed: &str) -> QueryResult<Hits> {
    let term = LastFour(typed.into());
    let found = accounts::table
        .filter(accounts::phone_last_four.matches(&term))
        .select(Account::as_select())
        .order(accounts::id)
        .load(connection)?;
    let (meant, by_chance) = found.into_iter().partition(|account: &Account| account.phone.is_match(&term));
    Ok(Hits { meant, by_chance })
}

/// All accounts.
pub(crate) fn all(connection: &mut SqliteConnection) -> QueryResult<Vec<Account>> {
    accounts::table.select(Account::as_select()).order(accounts::id).load(connection)
}

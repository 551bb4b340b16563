//! Checks that every account can be found.

use diesel::prelude::*;
use encrypted_diesel::ExposeSecret;

use crate::Result;
use crate::accounts::{self, Hits};
use crate::models::Account;

/// Counts the accounts that are found by their address, typed in capitals.
pub(super) fn count_by_email(connection: &mut SqliteConnection) -> QueryResult<usize> {
    let mut count = 0;
    for account in accounts::all(connection)? {
        let typed = account.email.0.expose_secret().to_uppercase();
        let found = accounts::by_email(connection, &typed)?;
        count += usize::from(found.is_some_and(|found| found.id == account.id));
    }
    Ok(count)
}

/// The results of one help desk search for each account.
#[derive(Default)]
pub(super) struct Searches {
    /// Searches that found the account.
    pub successful: usize,
    /// Rows that the index found and `is_match` dropped.
    pub false_hits: usize,
    /// The first search with a false hit: the digits and the accounts found.
    pub example: Option<(String, Hits)>,
}

pub(super) fn search_by_last_four(connection: &mut SqliteConnection) -> QueryResult<Searches> {
    let mut searches = Searches::default();
    for account in accounts::all(connection)? {
        let typed = last_four(&account);
        let hits = accounts::by_last_four(connection, &typed)?;
        searches.successful += usize::from(hits.meant.iter().any(|found| found.id == account.id));
        searches.false_hits += hits.by_chance.len();
        if searches.example.is_none() && !hits.by_chance.is_empty() {
            searches.example = Some((typed, hits));
        }
    }
    Ok(searches)
}

/// The digits that the caller says.
pub(super) fn last_four(account: &Account) -> String {
    let digits: Vec<_> = account.phone.0.expose_secret().chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

/// An error unless all were found.
pub(super) fn all_of(found: usize, all: usize) -> Result<String> {
    if found == all {
        Ok(format!("{found} of {all}"))
    } else {
        Err(format!("only {found} of {all} found").into())
    }
}

//! Whether everybody is found again.

use diesel::prelude::*;
use encrypted_diesel::ExposeSecret;

use crate::Result;
use crate::accounts::{self, Hits};
use crate::models::Account;

/// How many are found by their address, typed in capitals.
pub(super) fn count_by_email(connection: &mut SqliteConnection) -> QueryResult<usize> {
    let mut count = 0;
    for account in accounts::all(connection)? {
        let typed = account.email.0.expose_secret().to_uppercase();
        let found = accounts::by_email(connection, &typed)?;
        count += usize::from(found.is_some_and(|found| found.id == account.id));
    }
    Ok(count)
}

/// One search of the help desk for each account.
#[derive(Default)]
pub(super) struct Searches {
    /// In which the account was found.
    pub successful: usize,
    /// Rows that the index found and `is_match` dropped.
    pub false_hits: usize,
    /// What was typed, and what was found, in the first search with a false hit.
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

/// As the caller says it.
pub(super) fn last_four(account: &Account) -> String {
    let digits: Vec<_> = account.phone.0.expose_secret().chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(4)..].iter().collect()
}

/// Fails unless all were found.
pub(super) fn all_of(found: usize, all: usize) -> Result<String> {
    if found == all {
        Ok(format!("{found} of {all}"))
    } else {
        Err(format!("only {found} of {all} found").into())
    }
}

//! The steps for unique values of `encrypted_diesel::guide::search`.

use diesel::prelude::*;

use super::log_in::show_query;
use super::sign_up::{refuse, welcome};
use super::without_check::{self, Verdict};
use super::{everybody, everybody::all_of};
use crate::keys::Keys;
use crate::people::{ADA, MINA, NOUR, Person};
use crate::reindex::{self, Progress};
use crate::{Result, accounts, at_rest, print};

pub(crate) fn rotation(connection: &mut SqliteConnection, keys: &Keys) -> Result<()> {
    print::entry(
        "in this story",
        "old and new stand for 64 hex digits each, and a deployment is a Keyring::scope. In yours, restart the \
         application with FIELD_INDEX_KEY as shown, and leave FIELD_ENCRYPTION_KEY as it is",
    );
    step("before", "FIELD_INDEX_KEY=old");
    keys.deploy("old")?.scope(|| check(connection))?;

    step("step 1", "FIELD_INDEX_KEY=old,new on all instances: write under the old key, search under both");
    keys.deploy("old,new")?.scope(|| both_search(connection))?;
    keys.deploy("old")?.scope(|| not_yet_restarted(connection, "old", MINA))?;

    step("step 2", "FIELD_INDEX_KEY=new,old on all instances: write under the new key, search under both");
    keys.deploy("new,old")?.scope(|| new_writes(connection))?;
    keys.deploy("old,new")?.scope(|| not_yet_restarted(connection, "old,new", NOUR))?;
    keys.deploy("new")?.scope(|| too_early(connection))?;

    step(
        "step 3",
        "FIELD_INDEX_KEY=new,old still: rebuild the indexes in batches while the application runs",
    );
    keys.deploy("new,old")?.scope(|| reindex(connection))?;

    step("step 4", "FIELD_INDEX_KEY=new on all instances: nothing needs the old key any more");
    keys.deploy("new")?.scope(|| new_alone(connection))
}

fn step(label: &str, text: &str) {
    println!();
    print::entry(label, text);
}

fn both_search(connection: &mut SqliteConnection) -> Result<()> {
    show_query();
    welcome(connection, MINA)?;
    refuse(connection, ADA)?;
    check(connection)?;
    print::entry("false hits", "there are more: with two keys, each search term has two digests");
    Ok(())
}

fn new_writes(connection: &mut SqliteConnection) -> Result<()> {
    welcome(connection, NOUR)?;
    refuse(connection, NOUR)?;
    refuse(connection, ADA)?;
    match without_check::insert(connection, &ADA.again())? {
        Verdict::Accepted => print::entry(
            "without the check",
            "the database accepts it (rolled back here): it cannot see that digests under two keys are of the \
             same address. Until step 3 is done, only the check refuses",
        ),
        Verdict::Refused(reason) => return Err(reason.into()),
    }
    check(connection)
}

fn reindex(connection: &mut SqliteConnection) -> Result<()> {
    let mut last = None;
    loop {
        let batch = reindex::batch(connection, last.as_ref())?;
        print::entry("batch", &format!("{} accounts read, {} of them reindexed", batch.read, batch.written));
        refuse(connection, MINA)?;
        check(connection)?;
        last = batch.last;
        if last.is_none() {
            break;
        }
    }
    match reindex::progress(connection)? {
        Progress { outdated: 0, mismatched: 0, .. } => Ok(()),
        left => Err(format!("not all indexes were rebuilt: {left:?}").into()),
    }
}

fn new_alone(connection: &mut SqliteConnection) -> Result<()> {
    refuse(connection, ADA)?;
    match without_check::insert(connection, &ADA.again())? {
        Verdict::Refused(reason) => {
            print::entry("without the check", &format!("the database refuses it again: {reason}"));
        }
        Verdict::Accepted => return Err("the database accepted an address twice".into()),
    }
    check(connection)
}

/// Searches as an instance that still runs with the setting of the step before.
fn not_yet_restarted(connection: &mut SqliteConnection, setting: &str, person: Person) -> Result<()> {
    let account = accounts::by_email(connection, person.email)?
        .ok_or_else(|| format!("an instance with {setting} does not find {}", person.email))?;
    print::entry(
        "not yet restarted",
        &format!("an instance that still has {setting} also finds the new account {}", account.id),
    );
    Ok(())
}

/// Counts what would be found without step 3.
fn too_early(connection: &mut SqliteConnection) -> Result<()> {
    let all = accounts::all(connection)?.len();
    let found = everybody::count_by_email(connection)?;
    let Progress { mismatched, .. } = reindex::progress(connection)?;
    print::entry(
        "too early",
        &format!(
            "with new alone, {found} of {all} accounts would be found, and {mismatched} indexed values would not match"
        ),
    );
    Ok(())
}

/// Checks that everybody is found, and counts the indexes by key.
fn check(connection: &mut SqliteConnection) -> Result<()> {
    let all = accounts::all(connection)?.len();
    let by_email = all_of(everybody::count_by_email(connection)?, all)?;
    let searches = everybody::search_by_last_four(connection)?;
    let by_last_four = all_of(searches.successful, all)?;
    let false_hits = searches.false_hits;
    print::entry(
        "found",
        &format!(
            "{by_email} by address, {by_last_four} by last four digits, {false_hits} false hits dropped"
        ),
    );
    let Progress { current, outdated, mismatched } = reindex::progress(connection)?;
    print::entry(
        "indexed values",
        &format!("{current} current, {outdated} outdated, {mismatched} mismatched"),
    );
    let ada = accounts::by_email(connection, ADA.email)?.ok_or("Ada was not found")?;
    let index = at_rest::account(connection, ada.id)?.email_index;
    print::entry("the file holds", &format!("{index} for {}", ADA.email));
    Ok(())
}

//! The steps are those of `encrypted_diesel::search`, "Unique values".

use diesel::prelude::*;

use super::log_in::show_query;
use super::sign_up::{refuse, welcome};
use super::without_a_look::{self, Verdict};
use super::{everybody, everybody::all_of};
use crate::keys::Keys;
use crate::people::{ADA, MINA, NOUR, Person};
use crate::reindex::{self, Progress};
use crate::{Result, accounts, at_rest, print};

pub(crate) fn rotation(connection: &mut SqliteConnection, keys: &Keys) -> Result<()> {
    print::entry(
        "in this story",
        "old and new stand for 64 hex digits each, and a deployment is a Keyring::scope. Yours is a start of \
         the application with FIELD_INDEX_KEY as it is shown; FIELD_ENCRYPTION_KEY stays as it was",
    );
    step("before", "FIELD_INDEX_KEY=old");
    keys.deploy("old")?.scope(|| check(connection))?;

    step("step 1", "FIELD_INDEX_KEY=old,new on all instances: the old key writes, both are searched");
    keys.deploy("old,new")?.scope(|| both_search(connection))?;
    keys.deploy("old")?.scope(|| not_yet_restarted(connection, "old", MINA))?;

    step("step 2", "FIELD_INDEX_KEY=new,old on all instances: the new key writes, both are searched");
    keys.deploy("new,old")?.scope(|| new_writes(connection))?;
    keys.deploy("old,new")?.scope(|| not_yet_restarted(connection, "old,new", NOUR))?;
    keys.deploy("new")?.scope(|| too_early(connection))?;

    step("step 3", "FIELD_INDEX_KEY=new,old still: re-index, lot by lot, while the application runs");
    keys.deploy("new,old")?.scope(|| reindex(connection))?;

    step("step 4", "FIELD_INDEX_KEY=new on all instances: no row needs the old key any more");
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
    print::entry("false hits", "more of them: while there are two keys, each term has two digests");
    Ok(())
}

fn new_writes(connection: &mut SqliteConnection) -> Result<()> {
    welcome(connection, NOUR)?;
    refuse(connection, NOUR)?;
    refuse(connection, ADA)?;
    match without_a_look::insert(connection, &ADA.again())? {
        Verdict::LetIn => print::entry(
            "without a look",
            "the database lets it in (taken back here), since it does not see that two digests under two keys \
             are one address. Until step 3 is done, the look alone refuses",
        ),
        Verdict::Refused(reason) => return Err(reason.into()),
    }
    check(connection)
}

fn reindex(connection: &mut SqliteConnection) -> Result<()> {
    let mut after = 0;
    while let Some(last) = reindex::lot(connection, after)? {
        print::entry("lot", &format!("accounts to {last}, read and written back"));
        refuse(connection, MINA)?;
        check(connection)?;
        after = last;
    }
    match reindex::progress(connection)? {
        Progress { outdated: 0, mismatched: 0, .. } => Ok(()),
        left => Err(format!("not all rows were written again: {left:?}").into()),
    }
}

fn new_alone(connection: &mut SqliteConnection) -> Result<()> {
    refuse(connection, ADA)?;
    match without_a_look::insert(connection, &ADA.again())? {
        Verdict::Refused(reason) => {
            print::entry("without a look", &format!("the database refuses it again: {reason}"));
        }
        Verdict::LetIn => return Err("the database took an address twice".into()),
    }
    check(connection)
}

/// What an instance finds that still runs with the setting of the step before.
fn not_yet_restarted(connection: &mut SqliteConnection, setting: &str, person: Person) -> Result<()> {
    let account = accounts::by_email(connection, person.email)?
        .ok_or_else(|| format!("an instance with {setting} does not find {}", person.email))?;
    print::entry(
        "not yet restarted",
        &format!("an instance that still has {setting} finds the new account {} as well", account.id),
    );
    Ok(())
}

/// What would be found if step 3 were left out.
fn too_early(connection: &mut SqliteConnection) -> Result<()> {
    let all = accounts::all(connection)?.len();
    let found = everybody::count_by_email(connection)?;
    let Progress { mismatched, .. } = reindex::progress(connection)?;
    print::entry(
        "too early",
        &format!("with new alone, {found} of {all} would be found, and {mismatched} rows be mismatched"),
    );
    Ok(())
}

/// That everybody is found, and under which key; both sides.
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
    print::entry("rows", &format!("{current} current, {outdated} outdated, {mismatched} mismatched"));
    let ada = accounts::by_email(connection, ADA.email)?.ok_or("Ada was not found")?;
    let index = at_rest::account(connection, ada.id)?.email_index;
    print::entry("the file holds", &format!("{index} for {}", ADA.email));
    Ok(())
}

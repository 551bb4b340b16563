use diesel::prelude::*;
use encrypted_diesel::ExposeSecret;

use super::everybody;
use crate::accounts::Hits;
use crate::models::Account;
use crate::people::ADA;
use crate::{Result, accounts, at_rest, print};

pub(crate) fn help_desk(connection: &mut SqliteConnection) -> Result<()> {
    let ada = accounts::by_last_four(connection, "12-34")?.meant;
    print::entry("asked for", &format!("12-34: {}", addresses(&ada)));
    let household = accounts::by_phone(connection, ADA.phone)?;
    print::entry("the whole number", &format!("{}: {}", ADA.phone, addresses(&household)));

    let all = accounts::all(connection)?.len();
    let searches = everybody::search_by_last_four(connection)?;
    let (typed, hits) = searches.example.ok_or("no two numbers share a digest by chance")?;
    print::entry("asked for", &format!("{typed}: the index also finds an account by chance"));
    show(connection, &hits)?;

    print::entry(
        "everybody",
        &format!("{} found in one search each", everybody::all_of(searches.successful, all)?),
    );
    print::entry(
        "false hits",
        &format!("{} in {all} searches: decrypted, caught by is_match, and dropped", searches.false_hits),
    );
    Ok(())
}

fn addresses(accounts: &[Account]) -> String {
    accounts.iter().map(|account| account.email.0.expose_secret().as_str()).collect::<Vec<_>>().join(", ")
}

fn show(connection: &mut SqliteConnection, hits: &Hits) -> QueryResult<()> {
    println!();
    print::row("account", "the application sees", "the file holds");
    let meant = hits.meant.iter().map(|account| (account, "right"));
    let by_chance = hits.by_chance.iter().map(|account| (account, "a false hit, dropped"));
    for (account, what) in meant.chain(by_chance) {
        let index = at_rest::account(connection, account.id)?.phone_last_four;
        let phone = account.phone.0.expose_secret();
        print::row(&account.id.to_string(), phone, &format!("phone_last_four {index}   {what}"));
    }
    println!();
    Ok(())
}

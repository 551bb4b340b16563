//! An account as the application sees it, beside what the file holds.

use diesel::prelude::*;
use encrypted_diesel::ExposeSecret;

use crate::models::Account;
use crate::{at_rest, print};

pub(super) fn show(connection: &mut SqliteConnection, account: &Account) -> QueryResult<()> {
    let raw = at_rest::account(connection, account.id)?;
    println!();
    print::row("column", "the application sees", "the file holds");
    print::row("email", account.email.0.expose_secret(), &print::shortened(&raw.email));
    print::row("email_index", "", &raw.email_index);
    print::row("phone", account.phone.0.expose_secret(), &print::shortened(&raw.phone));
    print::row("phone_index", "", &raw.phone_index);
    print::row(
        "phone_last_four",
        "",
        &format!("{} (12 bits, padded with zeros to whole bytes)", raw.phone_last_four),
    );
    println!();
    Ok(())
}

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::{EncryptedExpressionMethods, ExposeSecret};

use crate::models::Email;
use crate::people::ADA;
use crate::schema::accounts::dsl;
use crate::{Result, accounts, at_rest, print};

pub(crate) fn log_in(connection: &mut SqliteConnection) -> Result<()> {
    for typed in [ADA.email, "ada@example.org", "  ADA@EXAMPLE.ORG "] {
        let account = accounts::by_email(connection, typed)?.ok_or("Ada cannot log in")?;
        let email = account.email.0.expose_secret();
        print::entry("typed", &format!("{typed:?}: account {}, {email}", account.id));
    }
    match accounts::by_email(connection, "ada@example.com")? {
        None => print::entry("typed", r#""ada@example.com": nobody"#),
        Some(_) => return Err("somebody else was found".into()),
    }

    let ada = accounts::by_email(connection, ADA.email)?.ok_or("Ada cannot log in")?;
    show_query();
    let index = at_rest::account(connection, ada.id)?.email_index;
    print::entry("the file holds", &format!("{index}: the query looks for this, not for an address"));
    Ok(())
}

/// Prints the SQL that the database gets.
pub(super) fn show_query() {
    let query = dsl::accounts.filter(dsl::email_index.matches(Email(ADA.email.into()))).select(dsl::id);
    print::entry("the query", &diesel::debug_query::<Sqlite, _>(&query).to_string());
}

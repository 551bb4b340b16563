use diesel::prelude::*;
use encrypted_diesel::ExposeSecret;

use super::both_sides;
use super::without_a_look::{self, Verdict};
use crate::accounts::SignUp;
use crate::models::Account;
use crate::people::{ADA, Person, THEO};
use crate::{Result, accounts, people, print};

pub(crate) fn sign_up(connection: &mut SqliteConnection) -> Result<()> {
    let ada = welcome(connection, ADA)?;
    welcome(connection, THEO)?;
    refuse(connection, ADA)?;
    match without_a_look::insert(connection, &ADA.again())? {
        Verdict::Refused(reason) => {
            print::entry("without a look", &format!("the database refuses it as well: {reason}"));
        }
        Verdict::LetIn => return Err("the database took an address twice".into()),
    }
    both_sides::show(connection, &ada)?;
    print::entry("", "email_index is a keyed digest of ada@example.org, and it is UNIQUE.");
    let members = accounts::import(connection, &people::members())?;
    print::entry("a crowd", &format!("{members} members more, from Member.000@Example.org on"));
    Ok(())
}

/// Signs up somebody who is not there yet.
pub(super) fn welcome(connection: &mut SqliteConnection, person: Person) -> Result<Account> {
    match accounts::sign_up(connection, &person.account())? {
        SignUp::Done(account) => {
            print::entry("sign-up", &format!("{}: welcome, your account is {}", person.email, account.id));
            Ok(account)
        }
        SignUp::Taken => Err(format!("{} is taken", person.email).into()),
    }
}

/// Signs up somebody who is there already, in another spelling.
pub(super) fn refuse(connection: &mut SqliteConnection, person: Person) -> Result<()> {
    let again = person.again();
    let typed = again.email.0.expose_secret();
    match accounts::sign_up(connection, &again)? {
        SignUp::Taken => {
            print::entry("sign-up", &format!("{typed}: there is an account with this address. Log in?"));
            Ok(())
        }
        SignUp::Done(_) => Err(format!("{typed} has two accounts").into()),
    }
}

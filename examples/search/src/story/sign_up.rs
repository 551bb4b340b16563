use diesel::prelude::*;
use encrypted_diesel::ExposeSecret;

use super::both_sides;
use super::without_check::{self, Verdict};
use crate::accounts::SignUp;
use crate::models::Account;
use crate::people::{ADA, Person, THEO};
use crate::{Result, accounts, people, print};

pub(crate) fn sign_up(connection: &mut SqliteConnection) -> Result<()> {
    let ada = welcome(connection, ADA)?;
    welcome(connection, THEO)?;
    refuse(connection, ADA)?;
    match without_check::insert(connection, &ADA.again())? {
        Verdict::Refused(reason) => {
            print::entry("without the check", &format!("the database also refuses it: {reason}"));
        }
        Verdict::Accepted => return Err("the database accepted an address twice".into()),
    }
    both_sides::show(connection, &ada)?;
    print::entry("", "email_index is a keyed digest of ada@example.org, and it is UNIQUE.");
    let members = accounts::import(connection, &people::members())?;
    print::entry("a crowd", &format!("{members} more members, from Member.000@Example.org on"));
    Ok(())
}

/// Signs up somebody new.
pub(super) fn welcome(connection: &mut SqliteConnection, person: Person) -> Result<Account> {
    match accounts::sign_up(connection, &person.account())? {
        SignUp::Done(account) => {
            print::entry("sign-up", &format!("{}: welcome, your account is {}", person.email, account.id));
            Ok(account)
        }
        SignUp::Taken => Err(format!("{} is taken", person.email).into()),
    }
}

/// Tries to sign up again with an address that is taken, in capitals.
pub(super) fn refuse(connection: &mut SqliteConnection, person: Person) -> Result<()> {
    let again = person.again();
    let typed = again.email.0.expose_secret();
    match accounts::sign_up(connection, &again)? {
        SignUp::Taken => {
            print::entry("sign-up", &format!("{typed}: this address already has an account. Log in?"));
            Ok(())
        }
        SignUp::Done(_) => Err(format!("{typed} has two accounts").into()),
    }
}

//! Release 3: writes encrypted addresses with their index.

use std::process::ExitCode;

use adoption::Release;
use adoption::adopting::{Email, EmailColumns, find, init, list, refuse_taken, users};
use diesel::prelude::*;

fn add(connection: &mut SqliteConnection, email: &str) -> QueryResult<i32> {
    connection.immediate_transaction(|connection| {
        refuse_taken(connection, None, email)?;
        diesel::insert_into(users::table)
            .values(EmailColumns::new(Email(email.into())))
            .returning(users::id)
            .get_result(connection)
    })
}

fn change(connection: &mut SqliteConnection, id: i32, email: &str) -> QueryResult<usize> {
    connection.immediate_transaction(|connection| {
        refuse_taken(connection, Some(id), email)?;
        diesel::update(users::table.find(id)).set(EmailColumns::new(Email(email.into()))).execute(connection)
    })
}

fn main() -> ExitCode {
    Release { migrations: 2, init, add, find, change, list }.main()
}

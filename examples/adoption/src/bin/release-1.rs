//! Release 1: addresses are plaintext.

use std::process::ExitCode;

use adoption::{Release, User};
use diesel::prelude::*;

mod schema {
    diesel::table! {
        users (id) {
            id -> Integer,
            email -> Text,
        }
    }
}
use schema::users;

fn add(connection: &mut SqliteConnection, email: &str) -> QueryResult<i32> {
    diesel::insert_into(users::table)
        .values(users::email.eq(email))
        .returning(users::id)
        .get_result(connection)
}

fn find(connection: &mut SqliteConnection, typed: &str) -> QueryResult<Option<User>> {
    users::table.filter(users::email.eq(typed)).first(connection).optional()
}

fn change(connection: &mut SqliteConnection, id: i32, email: &str) -> QueryResult<usize> {
    diesel::update(users::table.find(id)).set(users::email.eq(email)).execute(connection)
}

fn list(connection: &mut SqliteConnection) -> QueryResult<Vec<User>> {
    users::table.order(users::id).load(connection)
}

fn main() -> ExitCode {
    Release { migrations: 1, init: || Ok(()), add, find, change, list }.main()
}

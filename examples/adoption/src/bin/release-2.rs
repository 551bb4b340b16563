//! Release 2: also reads and finds encrypted addresses, and still writes plaintext, which release 1 can read.

use std::process::ExitCode;

use adoption::Release;
use adoption::adopting::{find, init, list, refuse_taken};
use diesel::prelude::*;

/// The same table, as release 1 sees it.
mod plaintext {
    diesel::table! {
        users (id) {
            id -> Integer,
            email -> Text,
            email_index -> Nullable<Binary>,
        }
    }
}
use plaintext::users;

fn add(connection: &mut SqliteConnection, email: &str) -> QueryResult<i32> {
    connection.immediate_transaction(|connection| {
        refuse_taken(connection, None, email)?;
        diesel::insert_into(users::table)
            .values(users::email.eq(email))
            .returning(users::id)
            .get_result(connection)
    })
}

fn change(connection: &mut SqliteConnection, id: i32, email: &str) -> QueryResult<usize> {
    connection.immediate_transaction(|connection| {
        refuse_taken(connection, Some(id), email)?;
        // Clear the index: it belongs to the old address.
        diesel::update(users::table.find(id))
            .set((users::email.eq(email), users::email_index.eq(None::<Vec<u8>>)))
            .execute(connection)
    })
}

fn main() -> ExitCode {
    Release { migrations: 2, init, add, find, change, list }.main()
}

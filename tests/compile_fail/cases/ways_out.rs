//@require-annotations-for-level: ERROR
// The message of a filter on a randomized column says what to do instead.

use diesel::prelude::*;
use encrypted_diesel::{EncryptedExpressionMethods, EncryptedText};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    users (id) {
        id -> Integer,
        email -> EncryptedText,
    }
}

fn eq() {
    users::table.filter(users::email.eq(EncryptedText::default())); //~ ERROR: cannot be compared with a value
    //~^ NOTE: add a `BlindIndex` column or make it `DeterministicText`
}

fn matches() {
    users::email.matches(EncryptedText::default()); //~ ERROR: cannot be searched
    //~^ NOTE: add a `BlindIndex` column or make the column `DeterministicText`, and search that
}

fn main() {}

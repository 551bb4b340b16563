// `matches` is allowed where its column is, and nowhere else.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    users (id) {
        id -> Integer,
        team_id -> Integer,
        email_index -> BlindIndex,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    teams (id) {
        id -> Integer,
        owner_index -> BlindIndex,
    }
}

diesel::joinable!(users -> teams (team_id));
diesel::allow_tables_to_appear_in_same_query!(users, teams);

#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
struct Email(String);

fn owner() -> Email {
    Email(String::new())
}

fn filter_by_another_table(connection: &mut SqliteConnection) {
    users::table.select(users::id).filter(teams::owner_index.matches(owner())).load::<i32>(connection); //~ ERROR: type mismatch resolving
}

fn of_another_table() {
    users::table.select(teams::owner_index.matches(owner())); //~ ERROR: cannot select
    //~^ ERROR: type mismatch resolving
}

fn of_a_table_that_may_have_no_row() {
    users::table.left_join(teams::table).select(teams::owner_index.matches(owner())); //~ ERROR: type mismatch resolving
    //~^ ERROR: cannot select
}

fn beside_groups() {
    users::table.group_by(users::team_id).select(users::email_index.matches(owner())); //~ ERROR: type mismatch resolving
}

fn main() {}

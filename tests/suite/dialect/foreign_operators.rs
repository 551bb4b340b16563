//! An operator that somebody else defined does not answer a search.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::EncryptedExpressionMethods;

use super::behaviour::search::{self, accounts};

#[test]
fn a_search_calls_the_operators_of_postgres() {
    search::with_accounts(|connection| {
        // Its own schema is the first of the search path, as `public` may be.
        connection
            .batch_execute(
                "CREATE FUNCTION never(bytea, bytea) RETURNS bool LANGUAGE sql AS 'SELECT false';
                 CREATE FUNCTION never(text, text) RETURNS bool LANGUAGE sql AS 'SELECT false';
                 CREATE OPERATOR = (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = never);
                 CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = never);
                 SELECT set_config('search_path', current_schema() || ', pg_catalog', false)",
            )
            .unwrap();
        let never = diesel::sql_query("SELECT 1 AS one FROM accounts WHERE email_index = email_index");
        assert_eq!(never.execute(connection), Ok(0), "plain SQL calls them");

        assert_eq!(search::find(connection, "ada@example.org"), Some(1));
        let by_code = accounts::table.filter(accounts::code.matches(search::Code("C-2".into())));
        assert_eq!(by_code.select(accounts::id).load::<i32>(connection), Ok(vec![2]));
    });
}

//! `matches` is a filter like any other.

use diesel::connection::Connection as _;
use diesel::dsl::{count_star, exists, not, select};

use super::*;

#[test]
fn or_and_not() {
    with_accounts(|connection| {
        let ids = accounts::table.select(accounts::id).order(accounts::id);
        let (ada, eve) = (email("ada@example.org"), email("eve@example.org"));
        let either = ids
            .filter(accounts::email_index.matches(&ada))
            .or_filter(accounts::email_index.matches(&eve))
            .load::<i32>(connection);
        assert_eq!(either, Ok(vec![1, 3]));
        let both = ids
            .filter(accounts::email_index.matches(&ada).and(accounts::email_index.matches(&eve)))
            .load::<i32>(connection);
        assert_eq!(both, Ok(vec![]));
        let others = ids.filter(not(accounts::email_index.matches(&ada))).load::<i32>(connection);
        assert_eq!(others, Ok(vec![2, 3]));
        let none = ids.filter(not(accounts::email_index.matches_any::<Email>([]))).load::<i32>(connection);
        assert_eq!(none, Ok(vec![1, 2, 3]));
    });
}

#[test]
fn boxed_queries() {
    with_accounts(|connection| {
        let search = |address: Option<&str>| {
            let mut query = accounts::table.select(accounts::id).order(accounts::id).into_boxed::<Backend>();
            if let Some(address) = address {
                query = query.filter(accounts::email_index.matches(email(address)));
            }
            query
        };
        assert_eq!(search(Some("eve@example.org")).load::<i32>(connection), Ok(vec![3]));
        assert_eq!(search(None).load::<i32>(connection), Ok(vec![1, 2, 3]));
    });
}

#[test]
fn boxed_conditions() {
    with_accounts(|connection| {
        type Condition =
            Box<dyn BoxableExpression<accounts::table, Backend, SqlType = diesel::sql_types::Bool>>;
        let condition: Condition = Box::new(accounts::email_index.matches(email("bob@example.org")));
        assert_eq!(
            accounts::table.filter(condition).select(accounts::id).load::<i32>(connection),
            Ok(vec![2])
        );
    });
}

#[test]
fn exists_and_count() {
    with_accounts(|connection| {
        let there = |address: &str| {
            select(exists(accounts::table.filter(accounts::email_index.matches(email(address)))))
        };
        assert_eq!(there("BOB@example.org").get_result(connection), Ok(true));
        assert_eq!(there("nobody@example.org").get_result(connection), Ok(false));
        let count = accounts::table
            .filter(accounts::email_index.matches_any(["ada@example.org", "eve@example.org"].map(email)))
            .count()
            .get_result::<i64>(connection);
        assert_eq!(count, Ok(2));
    });
}

/// A condition can be selected, to see by which one a row was found.
#[test]
fn a_condition_in_a_select() {
    with_accounts(|connection| {
        let found = accounts::table
            .select((accounts::id, accounts::email_index.matches(email("eve@example.org"))))
            .order(accounts::id)
            .load::<(i32, bool)>(connection);
        assert_eq!(found, Ok(vec![(1, false), (2, false), (3, true)]));
    });
}

#[test]
fn updates_and_deletes_of_what_matches() {
    with_accounts(|connection| {
        let bob = accounts::table.filter(accounts::email_index.matches(email("Bob@example.org")));
        assert_eq!(diesel::update(bob).set(accounts::code.eq(code("new"))).execute(connection), Ok(1));
        assert_eq!(load_account(connection, 2).code, code("new"));

        let ada = accounts::table.filter(accounts::email_index.matches(email("ada@example.org")));
        assert_eq!(diesel::delete(ada).execute(connection), Ok(1));
        let deleted = diesel::delete(accounts::table)
            .filter(accounts::email_index.matches(email("eve@example.org")))
            .execute(connection);
        assert_eq!(deleted, Ok(1));
        assert_eq!(accounts::table.select(accounts::id).load::<i32>(connection), Ok(vec![2]));
    });
}

#[test]
fn joins_on_indexes_of_one_context() {
    with_accounts(|connection| {
        let invitations = [(1, "BOB@example.org"), (2, "new@example.org"), (3, "bob@example.org")]
            .map(|(id, address)| Invitation { id, email: email(address).into(), code: None });
        diesel::insert_into(invitations::table).values(invitations.to_vec()).execute(connection).unwrap();

        let joined = invitations::table
            .left_join(accounts::table.on(accounts::email_index.eq(invitations::email_index)))
            .select((invitations::id, Option::<Account>::as_select()))
            .order(invitations::id)
            .load::<(i32, Option<Account>)>(connection)
            .unwrap();
        let accounts: Vec<_> =
            joined.iter().map(|(id, account)| (*id, account.as_ref().map(|account| account.id))).collect();
        assert_eq!(accounts, [(1, Some(2)), (2, None), (3, Some(2))]);

        let of_bob = invitations::table
            .inner_join(accounts::table.on(accounts::email_index.eq(invitations::email_index)))
            .filter(accounts::email_index.matches(email("bob@example.org")))
            .select((Invitation::as_select(), Account::as_select()))
            .order(invitations::id)
            .load::<(Invitation, Account)>(connection)
            .unwrap();
        assert_eq!(of_bob.len(), 2);
        assert_eq!(of_bob[0].0, invitations[0]);
        assert_eq!(of_bob[1].1, account(2, "bob@example.org"));
    });
}

#[test]
fn aliases_are_searched_as_their_table() {
    with_accounts(|connection| {
        let others = diesel::alias!(accounts as others);
        let found = others
            .filter(others.field(accounts::email_index).matches(email("ada@example.org")))
            .select(others.field(accounts::id))
            .load::<i32>(connection);
        assert_eq!(found, Ok(vec![1]));
    });
}

#[test]
fn grouped_by_its_index_a_value_is_counted() {
    with_accounts(|connection| {
        let again = [(1, "ada@example.org"), (2, "ADA@example.org"), (3, "bob@example.org")]
            .map(|(id, address)| Invitation { id, email: email(address).into(), code: None });
        diesel::insert_into(invitations::table).values(again.to_vec()).execute(connection).unwrap();
        let counts = invitations::table
            .group_by(invitations::email_index)
            .select(count_star())
            .order(count_star().desc())
            .load::<i64>(connection);
        assert_eq!(counts, Ok(vec![2, 1]));
    });
}

#[test]
fn find_or_create() {
    fn id_of(connection: &mut Database, address: &str, id: i32) -> i32 {
        connection
            .transaction(|connection| {
                let found = accounts::table
                    .filter(accounts::email_index.matches(email(address)))
                    .select(accounts::id)
                    .first(connection)
                    .optional()?;
                match found {
                    Some(found) => QueryResult::Ok(found),
                    None => {
                        diesel::insert_into(accounts::table)
                            .values(account(id, address))
                            .execute(connection)?;
                        Ok(id)
                    }
                }
            })
            .unwrap()
    }
    with_accounts(|connection| {
        assert_eq!(id_of(connection, "ADA@example.org", 9), 1);
        assert_eq!(id_of(connection, "new@example.org", 9), 9);
        assert_eq!(id_of(connection, "New@example.org", 10), 9);
    });
}

#[test]
fn rows_of_raw_sql_are_read_by_name() {
    #[derive(QueryableByName)]
    #[diesel(table_name = accounts, check_for_backend(Backend))]
    struct Contact {
        #[diesel(embed)]
        phone: PhoneColumns,
        #[diesel(embed)]
        email: EmailColumns,
    }
    with_accounts(|connection| {
        let contacts =
            diesel::sql_query("SELECT email, phone FROM accounts ORDER BY id").load::<Contact>(connection);
        let contacts = contacts.unwrap();
        assert_eq!(contacts[0].email.0, "Ada@Example.org");
        assert_eq!(contacts[0].phone, phone("(030) 1234-6789"));
        assert_eq!(contacts[1].phone, None.into());
    });
}

#[test]
fn a_query_shows_neither_term_nor_digest() {
    ring(&[1]).scope(|| {
        let query = accounts::table
            .filter(accounts::email_index.matches(email("ada@example.org")))
            .filter(accounts::code.matches(code("C-1001")));
        let shown = diesel::debug_query::<Backend, _>(&query).to_string() + &format!("{query:?}");
        assert!(shown.contains("[REDACTED]"), "{shown}");
        let insert = diesel::insert_into(accounts::table).values(account(1, "ada@example.org"));
        let shown = shown + &diesel::debug_query::<Backend, _>(&insert).to_string();
        for secret in ["ada", "example", "C-1001", "97, 100, 97", "ed1d", "0x"] {
            assert!(!shown.to_lowercase().contains(&secret.to_lowercase()), "{secret}: {shown}");
        }
    });
}

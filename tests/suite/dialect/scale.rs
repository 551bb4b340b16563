//! 100,000 rows: hits, false hits, and query plans.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, Indexed};

use super::behaviour::search::{Email, EmailColumns, accounts, email, ring};
use super::{Backend, Database, connect};

const ROWS: i32 = 100_000;
const BITS: u32 = 12;

/// The same table, with a number whose index has 12 bits.
#[derive(Encrypted)]
#[encrypted(context = "accounts.number", index(normalize(digits), bits = 12))]
struct Number(String);

type NumberColumns = Indexed<Option<Number>, accounts::phone, accounts::phone_last_four>;

#[derive(Encrypted)]
#[encrypted(context = "codes")]
struct Code(String);

#[derive(Insertable)]
#[diesel(table_name = accounts)]
struct Row {
    id: i32,
    #[diesel(embed)]
    email: EmailColumns,
    #[diesel(embed)]
    number: NumberColumns,
    code: Code,
}

fn number(n: i32) -> Number {
    Number(format!("No. {n:06}"))
}

fn address(id: i32) -> String {
    format!("{id}@example.org")
}

fn filled() -> Database {
    let mut connection = connect();
    connection
        .transaction(|connection| {
            for first in (0..ROWS).step_by(1_000) {
                let rows: Vec<_> = (first..first + 1_000)
                    .map(|id| Row {
                        id,
                        email: email(&address(id)).into(),
                        number: Some(number(id)).into(),
                        code: Code(format!("C-{id}")),
                    })
                    .collect();
                diesel::insert_into(accounts::table).values(rows).execute(connection)?;
            }
            connection.batch_execute("CREATE INDEX accounts_number ON accounts (phone_last_four)")
        })
        .unwrap();
    connection.batch_execute(super::ANALYZE).unwrap();
    connection
}

/// A query with `EXPLAIN` in front of it.
#[derive(QueryId)]
struct Explained<Q>(Q);

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Explained<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        pass.push_sql(super::EXPLAIN);
        self.0.walk_ast(pass)
    }
}

impl<Q> Query for Explained<Q> {
    type SqlType = super::PlanSqlType;
}

impl<Q> RunQueryDsl<Database> for Explained<Q> {}

fn assert_uses(index: &str, connection: &mut Database, query: impl QueryFragment<Backend> + QueryId) {
    let plan: Vec<super::PlanRow> = Explained(query).load(connection).unwrap();
    let plan = format!("{plan:?}").replace("\\\"", "\"").replace("\\n", "\n");
    assert!(super::uses(&plan, index), "without {index}:\n{plan}");
}

#[test]
fn each_value_is_found_and_no_other_by_the_index() {
    let (one_key, two_keys) = (ring(&[1]), ring(&[2, 1]));
    let mut connection = one_key.scope(filled);

    for ring in [&one_key, &two_keys] {
        ring.scope(|| {
            let of = |id: i32| accounts::table.filter(accounts::email_index.matches(email(&address(id))));
            let with_code = accounts::table.filter(accounts::code.matches(Code("C-77".into())));
            assert_uses("accounts_email_index", &mut connection, of(77).select(accounts::email));
            assert_uses("accounts_email_index", &mut connection, of(77).into_boxed::<Backend>());
            assert_uses(super::CODE_INDEX, &mut connection, with_code.select(accounts::email));
            assert_uses(
                "accounts_email_index",
                &mut connection,
                accounts::table
                    .filter(accounts::email_index.matches_any([1, 2, 3].map(|id| email(&address(id)))))
                    .select(accounts::email),
            );
            for id in (0..ROWS).step_by(997) {
                assert_eq!(of(id).select(accounts::id).load::<i32>(&mut connection), Ok(vec![id]));
            }
            assert_eq!(of(ROWS).select(accounts::id).load::<i32>(&mut connection), Ok(vec![]));
        });
    }

    one_key.scope(|| {
        for first in (0..ROWS).step_by(1_000) {
            let ids: Vec<_> = (first..first + 1_000).collect();
            let found = accounts::table
                .filter(accounts::email_index.matches_any(ids.iter().map(|id| email(&address(*id)))))
                .select((accounts::id, accounts::email))
                .order(accounts::id)
                .load::<(i32, Email)>(&mut connection)
                .unwrap();
            assert!(found.iter().map(|(id, _)| id).eq(&ids), "{first}");
            assert!(found.iter().all(|(id, found)| found.0 == address(*id)), "{first}");
        }
    });
}

#[test]
fn a_truncated_index_finds_about_as_many_too_much_as_it_should() {
    const SEARCHES: i32 = 500;
    ring(&[1]).scope(|| {
        let mut connection = filled();
        let of = |n: i32| accounts::table.filter(accounts::phone_last_four.matches(number(n)));
        assert_uses("accounts_number", &mut connection, of(77).select(accounts::phone));

        let mut false_hits = 0;
        for n in (0..ROWS).step_by((ROWS / SEARCHES) as usize) {
            let mut found = of(n)
                .select((accounts::id, accounts::phone))
                .load::<(i32, NumberColumns)>(&mut connection)
                .unwrap();
            let all = found.len();
            found.retain(|(_, found)| found.is_match(&number(n)));
            false_hits += all - found.len();
            assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [n]);
        }
        // Each of the other rows is found with a probability of 2^-12: 24.4 in a search. The sum of 500 nearly
        // independent searches has a standard deviation below 1 %.
        let expected = f64::from(ROWS - 1) / f64::from(1 << BITS) * f64::from(SEARCHES);
        let ratio = false_hits as f64 / expected;
        assert!((0.95..1.05).contains(&ratio), "{false_hits} false hits, {expected} expected");
    });
}

//! Every way of writing a value writes its indexes.

use super::*;

#[test]
fn inserts_by_value_by_reference_and_by_column() {
    let mut connection = connect();
    ring(&[1]).scope(|| {
        let insert = |connection: &mut Database, address: &str, id: i32| match id % 4 {
            0 => diesel::insert_into(accounts::table).values(account(id, address)).execute(connection),
            1 => diesel::insert_into(accounts::table).values(&account(id, address)).execute(connection),
            2 => diesel::insert_into(accounts::table)
                .values((
                    accounts::id.eq(id),
                    EmailColumns::new(email(address)),
                    phone("12 345"),
                    accounts::code.eq(code(address)),
                ))
                .execute(connection),
            _ => {
                let (email, code) = (EmailColumns::new(email(address)), code(address));
                diesel::insert_into(accounts::table)
                    .values((accounts::id.eq(id), &email, accounts::code.eq(&code)))
                    .execute(connection)
            }
        };
        for id in 0..4 {
            insert(&mut connection, &format!("{id}@example.org"), id).unwrap();
            assert_eq!(find(&mut connection, &format!("{id}@EXAMPLE.org")), Some(id));
        }
        assert_all_current(&mut connection, 4);
    });
}

#[test]
fn a_borrowed_value_is_written_without_a_copy() {
    #[derive(Insertable, AsChangeset)]
    #[diesel(table_name = accounts)]
    struct Borrowed<'a> {
        id: i32,
        #[diesel(embed)]
        email: Indexed<&'a Email, accounts::email, accounts::email_index>,
        code: &'a Code,
    }

    let mut connection = connect();
    ring(&[1]).scope(|| {
        let (address, code) = (email("Ada@example.org"), code("C-1"));
        let borrowed = Borrowed { id: 1, email: (&address).into(), code: &code };
        diesel::insert_into(accounts::table).values(&borrowed).execute(&mut connection).unwrap();
        assert_eq!(find(&mut connection, "ada@example.org"), Some(1));
        assert_eq!(states(&mut connection, 1), CURRENT);
        diesel::update(accounts::table.find(1)).set(borrowed).execute(&mut connection).unwrap();
        assert_eq!(load_account(&mut connection, 1).email.0, "Ada@example.org");
    });
}

#[test]
fn a_batch_is_indexed_row_by_row() {
    let mut connection = connect();
    ring(&[1]).scope(|| {
        let accounts: Vec<_> = (0..1_000)
            .map(|id| Account {
                phone: (id % 3 > 0).then(|| Phone(format!("{id:07}"))).into(),
                ..account(id, &format!("{id}@example.org"))
            })
            .collect();
        let (owned, borrowed) = (accounts[..500].to_vec(), &accounts[500..].to_vec());
        assert_eq!(diesel::insert_into(accounts::table).values(owned).execute(&mut connection), Ok(500));
        assert_eq!(diesel::insert_into(accounts::table).values(borrowed).execute(&mut connection), Ok(500));
        for id in [0, 1, 499, 500, 999] {
            assert_eq!(find(&mut connection, &format!("{id}@example.org")), Some(id));
        }
        assert_all_current(&mut connection, 1_000);
    });
}

#[test]
fn a_model_as_a_changeset_moves_the_index_with_the_value() {
    with_accounts(|connection| {
        let changed = Account { phone: phone("555 1234"), ..account(2, "robert@example.org") };
        diesel::update(&changed).set(&changed).execute(connection).unwrap();
        assert_eq!(load_account(connection, 2), changed);
        assert_eq!(find(connection, "bob@example.org"), None);
        assert_eq!(find(connection, "robert@example.org"), Some(2));
        assert_all_current(connection, 3);

        let changed = Account { phone: None.into(), ..changed };
        diesel::update(accounts::table.find(2)).set(changed).execute(connection).unwrap();
        assert_eq!(load_account(connection, 2).phone, None.into());
        assert_all_current(connection, 3);
    });
}

#[test]
fn a_value_is_set_by_itself_with_its_index() {
    with_accounts(|connection| {
        diesel::update(accounts::table.find(1))
            .set(EmailColumns::new(email("augusta@example.org")))
            .execute(connection)
            .unwrap();
        assert_eq!(find(connection, "augusta@example.org"), Some(1));

        let king = EmailColumns::new(email("king@example.org"));
        diesel::update(accounts::table.find(1))
            .set((&king, accounts::code.eq(code("king"))))
            .execute(connection)
            .unwrap();
        assert_eq!(find(connection, "king@example.org"), Some(1));
        assert_all_current(connection, 3);
    });
}

#[derive(AsChangeset, Default)]
#[diesel(table_name = accounts)]
struct Change {
    #[diesel(embed)]
    email: Option<EmailColumns>,
    #[diesel(embed)]
    phone: Option<PhoneColumns>,
    code: Option<Code>,
}

#[test]
fn a_changeset_skips_sets_and_clears() {
    with_accounts(|connection| {
        let before = load_account(connection, 1);
        let change = Change { phone: Some(phone("1")), ..Change::default() };
        diesel::update(accounts::table.find(1)).set(&change).execute(connection).unwrap();
        assert_eq!(load_account(connection, 1), Account { phone: phone("1"), ..before.clone() });

        let change = Change { phone: Some(None.into()), code: Some(code("new")), email: None };
        diesel::update(accounts::table.find(1)).set(change).execute(connection).unwrap();
        assert_eq!(
            load_account(connection, 1),
            Account { phone: None.into(), code: code("new"), ..before.clone() }
        );

        let change = Change { email: Some(email("other@example.org").into()), ..Change::default() };
        diesel::update(accounts::table.find(1)).set(&change).execute(connection).unwrap();
        assert_eq!(find(connection, "other@example.org"), Some(1));
        assert_eq!(find(connection, "ada@example.org"), None);
        assert_all_current(connection, 3);
    });
}

/// Comparing value and index shows when raw SQL changed one of them.
#[test]
fn a_value_or_an_index_that_was_moved_is_seen() {
    with_accounts(|connection| {
        diesel::sql_query("UPDATE accounts SET phone_index = email_index WHERE id = 1")
            .execute(connection)
            .unwrap();
        assert_eq!(states(connection, 1), [IndexState::Current, IndexState::Mismatched, IndexState::Current]);
        diesel::sql_query("UPDATE accounts SET phone = NULL WHERE id = 3").execute(connection).unwrap();
        assert_eq!(
            states(connection, 3),
            [IndexState::Current, IndexState::Mismatched, IndexState::Mismatched]
        );
        diesel::sql_query("UPDATE accounts SET phone = email, phone_index = NULL WHERE id = 2")
            .execute(connection)
            .unwrap();
        let foreign = accounts::table.find(2).select(accounts::phone).first::<Option<Phone>>(connection);
        assert_refused!(foreign, Error::DecryptionFailed);
    });
}

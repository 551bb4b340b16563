//! Two accounts cannot have the same e-mail address.

use super::*;

#[test]
fn an_address_is_taken_in_any_spelling() {
    with_accounts(|connection| {
        let again = account(9, " ADA@example.ORG ");
        assert_taken!(diesel::insert_into(accounts::table).values(&again).execute(connection));
        assert_taken!(
            diesel::update(accounts::table.find(2))
                .set(EmailColumns::new(email("Eve@example.org")))
                .execute(connection)
        );
        assert_eq!(load_account(connection, 2), account(2, "bob@example.org"), "nothing of it was written");
        assert_eq!(find(connection, "bob@example.org"), Some(2));
    });
}

#[test]
fn rotating_the_encryption_key_does_not_touch_it() {
    with_accounts(|connection| {
        let rotated = Keyring::new(key(2)).with_retired(key(1)).unwrap().with_index_key(key(101)).unwrap();
        rotated.scope(|| {
            let again = account(9, "ada@example.org");
            assert_taken!(diesel::insert_into(accounts::table).values(&again).execute(connection));

            let ada = load_account(connection, 1);
            diesel::update(&ada).set(&ada).execute(connection).unwrap();
            assert_taken!(diesel::insert_into(accounts::table).values(&again).execute(connection));
            assert_eq!(find(connection, "ada@example.org"), Some(1));
        });
        let done = Keyring::new(key(2)).with_index_key(key(101)).unwrap();
        done.scope(|| assert_eq!(find(connection, "ada@example.org"), Some(1)));
    });
}

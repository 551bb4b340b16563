//! A missing key is an error, in searches and in writes.

use super::*;

#[test]
fn without_an_index_key_neither_a_search_nor_a_write() {
    let mut connection = connect();
    let ada = account(1, "ada@example.org");
    ring(&[1]).scope(|| diesel::insert_into(accounts::table).values(&ada).execute(&mut connection).unwrap());

    Keyring::new(key(1)).scope(|| {
        let search = accounts::table.filter(accounts::email_index.matches(email("ada@example.org")));
        assert_refused!(search.select(accounts::id).load::<i32>(&mut connection), Error::NoIndexKey);
        let bob = account(2, "bob@example.org");
        assert_refused!(
            diesel::insert_into(accounts::table).values(&bob).execute(&mut connection),
            Error::NoIndexKey
        );
        assert_refused!(diesel::update(&ada).set(&ada).execute(&mut connection), Error::NoIndexKey);
        assert_eq!(accounts::table.count().get_result(&mut connection), Ok(1_i64));
        assert_eq!(load_account(&mut connection, 1), ada, "reading needs no index key");
        assert_eq!(
            accounts::table.filter(accounts::code.matches(code("C-1"))).count().get_result(&mut connection),
            Ok(1_i64),
            "nor does a deterministic column"
        );
    });
}

#[test]
fn without_a_keyring_the_error_says_so() {
    let mut connection = connect();
    let search = accounts::table.filter(accounts::email_index.matches(email("ada@example.org")));
    assert_refused!(search.select(accounts::id).load::<i32>(&mut connection), Error::NotInitialized);
    let search = accounts::table.filter(accounts::code.matches(code("C-1")));
    assert_refused!(search.select(accounts::id).load::<i32>(&mut connection), Error::NotInitialized);
}

/// A value whose bytes are not text cannot be normalized.
#[test]
fn bytes_are_not_taken_for_text() {
    #[derive(Encrypted)]
    #[encrypted(context = "accounts.email", index(normalize(trim)))]
    struct Bytes(Vec<u8>);

    let mut connection = connect();
    ring(&[1]).scope(|| {
        let write = diesel::insert_into(accounts::table).values((
            accounts::id.eq(1),
            Indexed::<Bytes, accounts::email, accounts::email_index>::new(Bytes(vec![0xFF])),
            accounts::code.eq(code("C-1")),
        ));
        assert_refused!(write.execute(&mut connection), Error::InvalidValue { .. });
        let search = accounts::table.filter(accounts::email_index.matches(Bytes(vec![0xFF])));
        assert_refused!(search.select(accounts::id).load::<i32>(&mut connection), Error::InvalidValue { .. });
    });
}

/// Nor is a value with several indexes written without them.
#[test]
fn bytes_are_not_taken_for_text_in_several_indexes_either() {
    #[derive(Encrypted)]
    #[encrypted(context = "accounts.phone", index(normalize(trim)), index(by = LastFour))]
    struct Bytes(Vec<u8>);

    with_accounts(|connection| {
        let phone = Indexed::<_, accounts::phone, (accounts::phone_index, accounts::phone_last_four)>::new(
            Bytes(vec![0xFF]),
        );
        let write = diesel::update(accounts::table.find(1)).set(&phone);
        assert_refused!(write.execute(connection), Error::InvalidValue { .. });
        assert_eq!(states(connection, 1), CURRENT);
    });
}

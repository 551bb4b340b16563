//! One application for several databases, through Diesel's `MultiConnection`.

use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::{
    Encrypted, EncryptedBinary, EncryptedExpressionMethods, EncryptedText, EncryptedVarchar, Error, Indexed,
    Key, Keyring,
};

use crate::{mysql, postgres, sqlite};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedVarchar,
        notes -> Nullable<EncryptedText>,
        ssn -> EncryptedText,
        photo -> Nullable<EncryptedBinary>,
    }
}

#[derive(diesel::MultiConnection)]
enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MysqlConnection),
}

// The one line that an application adds.
encrypted_diesel::multi_backend!(MultiBackend: diesel::sqlite::Sqlite, diesel::pg::Pg, diesel::mysql::Mysql);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "patients.ssn")]
struct Ssn(String);

#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone, Debug, PartialEq)]
#[diesel(table_name = patients, check_for_backend(MultiBackend))]
struct Patient {
    id: i32,
    name: EncryptedVarchar<40>,
    notes: Option<EncryptedText>,
    ssn: Ssn,
    photo: Option<EncryptedBinary>,
}

fn connections() -> [AnyConnection; 3] {
    [
        AnyConnection::Sqlite(sqlite::connect()),
        AnyConnection::Postgres(postgres::connect()),
        AnyConnection::Mysql(mysql::connect()),
    ]
}

fn patient(id: i32) -> Patient {
    Patient {
        id,
        name: "Ada".try_into().unwrap(),
        notes: (id == 1).then(|| "allergic".into()),
        ssn: Ssn("123-45-6789".into()),
        photo: Some([0xFF].as_slice().into()),
    }
}

#[test]
fn an_application_on_any_database() {
    for mut connection in connections() {
        let connection = &mut connection;
        Keyring::new(Key::generate().unwrap()).scope(|| {
            diesel::insert_into(patients::table).values(&patient(1)).execute(connection).unwrap();
            diesel::insert_into(patients::table).values(patient(2)).execute(connection).unwrap();
            let read =
                patients::table.order(patients::id).select(Patient::as_select()).load(connection).unwrap();
            assert_eq!(read, [patient(1), patient(2)]);

            diesel::update(patients::table.find(1))
                .set((
                    patients::notes.eq(None::<EncryptedText>),
                    patients::name.eq(Encrypted::new("Augusta")),
                ))
                .execute(connection)
                .unwrap();
            let changed = Patient { photo: None, ..patient(2) };
            diesel::update(patients::table.find(2)).set(&changed).execute(connection).unwrap();

            let bare = patients::table
                .find(1)
                .select((patients::name, patients::notes, patients::photo))
                .first::<(String, Option<String>, Option<Vec<u8>>)>(connection);
            assert_eq!(bare, Ok(("Augusta".into(), None, Some(vec![0xFF]))));
            let without = patients::table.filter(patients::notes.is_null()).count().get_result(connection);
            assert_eq!(without, Ok(2_i64));
        });
    }
}

#[test]
fn errors_are_told_apart_through_a_multi_connection() {
    for mut connection in connections() {
        let connection = &mut connection;
        let written = diesel::insert_into(patients::table).values(&patient(1)).execute(connection);
        assert!(matches!(Error::from_diesel(&written.unwrap_err()), Some(Error::NotInitialized)));

        Keyring::new(Key::generate().unwrap()).scope(|| {
            diesel::insert_into(patients::table).values(&patient(1)).execute(connection).unwrap();
        });
        let read = Keyring::new(Key::generate().unwrap())
            .scope(|| patients::table.select(Patient::as_select()).first(connection));
        assert!(matches!(Error::from_diesel(&read.unwrap_err()), Some(Error::UnknownKey { .. })));
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    accounts (id) {
        id -> Integer,
        email -> EncryptedText,
        email_index -> BlindIndex,
        phone -> Nullable<EncryptedText>,
        phone_index -> Nullable<BlindIndex>,
        code -> DeterministicText,
    }
}

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "accounts.email", index(normalize(trim, lowercase)))]
struct Email(String);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "accounts.code")]
struct Code(String);

fn code(text: &str) -> Code {
    Code(text.into())
}

type PhoneColumns = Indexed<Option<Email>, accounts::phone, accounts::phone_index>;

#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone, Debug, PartialEq)]
#[diesel(table_name = accounts, check_for_backend(MultiBackend))]
struct Account {
    id: i32,
    #[diesel(embed)]
    email: Indexed<Email, accounts::email, accounts::email_index>,
    #[diesel(embed)]
    phone: PhoneColumns,
    code: Code,
}

#[test]
fn searches_on_any_database() {
    let index_keys = || [1, 2].map(|n| Key::from([n; Key::LEN]));
    let ring = |keys: Vec<Key>| {
        keys.into_iter()
            .fold(Keyring::new(Key::from([9; Key::LEN])), |ring, key| ring.with_index_key(key).unwrap())
    };
    for mut connection in connections() {
        let connection = &mut connection;
        let ada = Account {
            id: 1,
            email: Email("Ada@example.org".into()).into(),
            phone: None.into(),
            code: code("C-1"),
        };
        let [old, new] = index_keys();
        ring(vec![old]).scope(|| {
            diesel::insert_into(accounts::table).values(&ada).execute(connection).unwrap();
        });
        let [old, _] = index_keys();
        ring(vec![new, old]).scope(|| {
            let found = accounts::table
                .filter(accounts::email_index.matches(Email(" ada@EXAMPLE.org".into())))
                .filter(accounts::code.matches(code("C-1")))
                .filter(accounts::phone_index.is_null())
                .select(Account::as_select())
                .load(connection)
                .unwrap();
            assert_eq!(found, std::slice::from_ref(&ada));

            let changed = Account { phone: Some(Email("x".into())).into(), ..ada };
            diesel::update(accounts::table.find(1)).set(&changed).execute(connection).unwrap();
            let index = accounts::table
                .filter(accounts::phone_index.matches_any([Email("X".into())]))
                .select(accounts::phone_index)
                .first::<Option<Vec<u8>>>(connection)
                .unwrap();
            assert_eq!(index.unwrap().len(), 16);
        });
    }
}

/// A `MultiConnection` is not walked as such: the connection of each variant is.
#[test]
fn a_column_is_walked_on_any_database() {
    macro_rules! encrypt {
        ($connection:ident) => {
            EncryptedColumn::new::<accounts::phone, PhoneColumns>().encrypt().run($connection, |_| {})
        };
    }

    let ring = Keyring::new(Key::from([1; Key::LEN])).with_index_key(Key::from([2; Key::LEN])).unwrap();
    for mut connection in connections() {
        ring.scope(|| {
            let ada = Account {
                id: 1,
                email: Email("Ada@example.org".into()).into(),
                phone: None.into(),
                code: code("C-1"),
            };
            diesel::insert_into(accounts::table).values(&ada).execute(&mut connection).unwrap();
            let plaintext = "UPDATE accounts SET phone = 'x@example.org'";
            diesel::sql_query(plaintext).execute(&mut connection).unwrap();

            let walked = match &mut connection {
                AnyConnection::Sqlite(connection) => encrypt!(connection),
                AnyConnection::Postgres(connection) => encrypt!(connection),
                AnyConnection::Mysql(connection) => encrypt!(connection),
            };
            assert_eq!(walked.unwrap().written, 1);
            let found = accounts::table
                .filter(accounts::phone_index.matches(Email("X@example.org".into())))
                .select(Account::as_select())
                .load(&mut connection);
            assert_eq!(found, Ok(vec![Account { phone: Some(Email("x@example.org".into())).into(), ..ada }]));
        });
    }
}

fn found(connection: &mut AnyConnection, address: &str) -> Vec<i32> {
    accounts::table
        .filter(accounts::email_index.matches(Email(address.into())))
        .select(accounts::id)
        .load(connection)
        .unwrap()
}

/// Each variant has its own form of a search: an array on PostgreSQL, placeholders elsewhere.
#[test]
fn many_values_are_searched_for_as_on_the_variant_itself() {
    let index_key = |n| Key::from([n; Key::LEN]);
    let ring = Keyring::new(index_key(1)).with_index_key(index_key(2)).unwrap();
    let ring = ring.with_index_key(index_key(3)).unwrap();
    for mut connection in connections() {
        let takes_any_number = matches!(connection, AnyConnection::Postgres(_));
        let connection = &mut connection;
        ring.scope(|| {
            let ada = Account {
                id: 1,
                email: Email("7@example.org".into()).into(),
                phone: None.into(),
                code: code("C-1"),
            };
            diesel::insert_into(accounts::table).values(&ada).execute(connection).unwrap();
            let any = |count: usize| {
                let many = (0..count).map(|n| Email(format!("{n}@example.org")));
                accounts::table.filter(accounts::email_index.matches_any(many)).select(accounts::id)
            };
            assert_eq!(any(5_000).load(connection), Ok(vec![1]));
            match any(40_000).load::<i32>(connection) {
                Ok(ids) if takes_any_number => assert_eq!(ids, [1]),
                Err(error) if !takes_any_number => {
                    assert!(
                        matches!(Error::from_diesel(&error), Some(Error::SearchTooLarge { .. })),
                        "{error:?}"
                    );
                }
                other => panic!("{other:?}"),
            }
        });
    }
}

#[test]
fn a_statement_that_was_shown_elsewhere_uses_the_keys_at_hand() {
    let key = |n| Key::from([n; Key::LEN]);
    let [here, elsewhere] = [1, 2].map(|n| Keyring::new(key(n)).with_index_key(key(n + 2)).unwrap());
    for mut connection in connections() {
        let ada =
            Account { id: 1, email: Email("ada@x.org".into()).into(), phone: None.into(), code: code("C-1") };
        let insert = diesel::insert_into(accounts::table).values(ada);
        elsewhere.scope(|| drop(diesel::debug_query::<diesel::pg::Pg, _>(&insert).to_string()));
        here.scope(|| insert.execute(&mut connection)).unwrap();
        assert_eq!(here.scope(|| found(&mut connection, "ADA@x.org")), [1]);
        assert!(elsewhere.scope(|| found(&mut connection, "ADA@x.org")).is_empty());
    }
}

//! Searches: blind indexes and deterministic columns.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use encrypted_diesel::blind_index::{IndexOf, IndexSpec};
use encrypted_diesel::maintenance::{BlindIndexes, EncryptedColumn, IndexedColumns, Problem, RowKey};
use encrypted_diesel::{EncryptedExpressionMethods, Error, Indexed, Keyring};

use super::maintenance::{Walked, walk};
use super::*;

mod blind_index;
mod compound;
mod deterministic;
mod errors;
mod index_rotation;
mod keyrings;
mod many_values;
mod null;
mod queries;
mod several_indexes;
mod uniqueness;
mod writing;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    accounts (id) {
        id -> Integer,
        email -> EncryptedText,
        email_index -> BlindIndex,
        phone -> Nullable<EncryptedText>,
        phone_index -> Nullable<BlindIndex>,
        phone_last_four -> Nullable<BlindIndex>,
        code -> DeterministicText,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    invitations (id) {
        id -> Integer,
        email -> EncryptedText,
        email_index -> BlindIndex,
        code -> Nullable<DeterministicText>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    people (id) {
        id -> Integer,
        name -> EncryptedVarchar,
        born -> Nullable<EncryptedText>,
        name_and_born -> Nullable<BlindIndex>,
        name_index -> BlindIndex,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, invitations);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "accounts.email", index(normalize(trim, lowercase)))]
pub(in super::super) struct Email(pub(in super::super) String);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "accounts.phone", index(normalize(nfkc, digits)), index(by = LastFour))]
pub(in super::super) struct Phone(pub(in super::super) String);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "accounts.phone.last_four", index(normalize(nfkc, digits, last(4)), bits = 12))]
pub(in super::super) struct LastFour(pub(in super::super) String);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "codes")]
pub(in super::super) struct Code(pub(in super::super) String);

pub(in super::super) type EmailColumns = Indexed<Email, accounts::email, accounts::email_index>;
pub(in super::super) type PhoneColumns =
    Indexed<Option<Phone>, accounts::phone, (accounts::phone_index, accounts::phone_last_four)>;

#[derive(Identifiable, Queryable, Selectable, Insertable, AsChangeset, Clone, Debug, PartialEq)]
#[diesel(table_name = accounts, check_for_backend(Backend))]
pub(in super::super) struct Account {
    pub(in super::super) id: i32,
    #[diesel(embed)]
    pub(in super::super) email: EmailColumns,
    #[diesel(embed)]
    pub(in super::super) phone: PhoneColumns,
    pub(in super::super) code: Code,
}

#[derive(Queryable, Selectable, Insertable, Clone, Debug, PartialEq)]
#[diesel(table_name = invitations, check_for_backend(Backend))]
struct Invitation {
    id: i32,
    #[diesel(embed)]
    email: Indexed<Email, invitations::email, invitations::email_index>,
    code: Option<Code>,
}

pub(in super::super) fn email(text: &str) -> Email {
    Email(text.into())
}

fn phone(text: &str) -> PhoneColumns {
    Some(Phone(text.into())).into()
}

fn code(text: &str) -> Code {
    Code(text.into())
}

pub(in super::super) fn account(id: i32, address: &str) -> Account {
    Account { id, email: email(address).into(), phone: None.into(), code: code(&format!("C-{id}")) }
}

/// A keyring of encryption key 1 and these index keys, the first of them primary.
pub(in super::super) fn ring(index_keys: &[u8]) -> Keyring {
    index_keys.iter().fold(Keyring::new(key(1)), |ring, n| ring.with_index_key(key(100 + n)).unwrap())
}

/// Runs `test` with a keyring and a database of three accounts.
pub(in super::super) fn with_accounts(test: impl FnOnce(&mut Database)) {
    let mut connection = connect();
    ring(&[1]).scope(|| {
        let accounts = vec![
            Account { phone: phone("(030) 1234-6789"), ..account(1, "Ada@Example.org") },
            account(2, "bob@example.org"),
            Account { phone: phone("+44 20 7946 0000"), ..account(3, "eve@example.org") },
        ];
        diesel::insert_into(accounts::table).values(&accounts).execute(&mut connection).unwrap();
        test(&mut connection);
    });
}

pub(in super::super) fn load_account(connection: &mut Database, id: i32) -> Account {
    accounts::table.find(id).select(Account::as_select()).first(connection).unwrap()
}

/// The account with this address.
pub(in super::super) fn find(connection: &mut Database, address: &str) -> Option<i32> {
    let found = accounts::table
        .filter(accounts::email_index.matches(email(address)))
        .select(accounts::id)
        .load(connection)
        .unwrap();
    assert!(found.len() <= 1, "{found:?}");
    found.first().copied()
}

/// The ids of the accounts whose phone numbers end in these digits.
fn ending_in(connection: &mut Database, digits: &str) -> Vec<i32> {
    accounts::table
        .filter(accounts::phone_last_four.matches(LastFour(digits.into())))
        .select(accounts::id)
        .order(accounts::id)
        .load(connection)
        .unwrap()
}

/// Whether a search binds all its values as one array, which only PostgreSQL has.
fn has_arrays() -> bool {
    std::any::type_name::<Backend>().ends_with("::Pg")
}

/// How a stored index relates to its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum IndexState {
    /// What would be written today.
    Current,
    /// Under a retired key or a previous context: found by searches.
    Outdated,
    /// Not the index of the value.
    Mismatched,
}

/// The states of the indexes of an account: e-mail address, phone number, last four digits.
pub(in super::super) fn states(connection: &mut Database, id: i32) -> [IndexState; 3] {
    /// The phone number, as if it had only the first of its indexes.
    #[derive(Encrypted)]
    #[encrypted(context = "accounts.phone", index(normalize(nfkc, digits)))]
    struct Whole(String);

    /// The phone number, as if it had only the second.
    #[derive(Encrypted)]
    #[encrypted(context = "accounts.phone", index(by = LastFour))]
    struct Ending(String);

    let email = state::<EmailColumns>(connection, id);
    let phone = [
        state::<Indexed<Option<Whole>, accounts::phone, accounts::phone_index>>(connection, id),
        state::<Indexed<Option<Ending>, accounts::phone, accounts::phone_last_four>>(connection, id),
    ];

    let both = BlindIndexes::new::<PhoneColumns>();
    let first = phone.iter().position(|state| *state == IndexState::Mismatched);
    assert_eq!(mismatched(connection, &both, id), first);
    assert_eq!(is_current(connection, &both, id), phone == [IndexState::Current; 2]);
    [email, phone[0], phone[1]]
}

/// The state of the one index of `X`, in one row.
fn state<X: IndexedColumns<Backend>>(connection: &mut Database, id: i32) -> IndexState {
    let index = BlindIndexes::new::<X>();
    match (mismatched(connection, &index, id), is_current(connection, &index, id)) {
        (Some(_), false) => IndexState::Mismatched,
        (None, false) => IndexState::Outdated,
        (None, true) => IndexState::Current,
        (Some(_), true) => panic!("a wrong index would be kept"),
    }
}

/// The first index that is not that of the row's value.
pub(in super::super) fn mismatched(
    connection: &mut Database,
    indexes: &BlindIndexes<Backend>,
    id: i32,
) -> Option<usize> {
    let batch = indexes.verify().batch_size(1).batch(connection, before(id).as_ref()).unwrap();
    assert_eq!((batch.read, batch.written), (1, 0));
    match &batch.bad[..] {
        [] => None,
        [row] if row.key.to_string() == id.to_string() => match row.problem {
            Problem::Index(position) => Some(position),
            ref other => panic!("{other}"),
        },
        rows => panic!("{rows:?}"),
    }
}

/// Whether the indexes of a row are those that would be written today.
fn is_current(connection: &mut Database, indexes: &BlindIndexes<Backend>, id: i32) -> bool {
    let batch = indexes.reindex().dry_run().batch_size(1).batch(connection, before(id).as_ref()).unwrap();
    assert_eq!((batch.read, batch.bad.len()), (1, 0));
    batch.written == 0
}

/// The position just before the row with this id.
fn before(id: i32) -> Option<RowKey> {
    Some([(id - 1).to_string()].into_iter().collect())
}

/// Asserts that there are this many accounts, and that all their indexes are current.
fn assert_all_current(connection: &mut Database, accounts: usize) {
    for indexes in [BlindIndexes::new::<EmailColumns>(), BlindIndexes::new::<PhoneColumns>()] {
        let expected = Walked { read: accounts, ..Walked::default() };
        assert_eq!(walk(connection, indexes.verify()), expected);
        assert_eq!(walk(connection, indexes.reindex().dry_run()), expected);
    }
}

pub(in super::super) const CURRENT: [IndexState; 3] = [IndexState::Current; 3];

/// Asserts that the database refused a duplicate value.
macro_rules! assert_taken {
    ($result:expr) => {
        match $result {
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            other => panic!("not refused as taken: {other:?}"),
        }
    };
}
use assert_taken;

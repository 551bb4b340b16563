//@check-pass
// Every kind of value that can have an index.

use diesel::prelude::*;
use encrypted_diesel::sql_types::EncryptedText;
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, Indexed};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        ssn -> EncryptedText,
        ssn_index -> BlindIndex,
        ssn_last_four -> BlindIndex,
        email -> Nullable<EncryptedText>,
        email_index -> Nullable<BlindIndex>,
        last_name -> EncryptedText,
        born -> Nullable<EncryptedText>,
        person_index -> Nullable<BlindIndex>,
        last_name_index -> BlindIndex,
        blood_group -> DeterministicText,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "patients.ssn", previous_contexts = ["patient.ssn"])]
#[encrypted(index(by = LastFour), index(normalize(digits)))]
struct Ssn(String);

#[derive(Encrypted)]
#[encrypted(context = "patients.ssn_last_four", index(normalize(digits, last(4)), bits = 16))]
struct LastFour(String);

#[derive(Encrypted)]
#[encrypted(context = "patients.ssn", index(normalize(digits)))]
struct SsnRef<'a>(&'a str);

#[derive(Encrypted)]
#[encrypted(context = "patients.email", index(normalize(trim, nfkc, lowercase, trim)))]
struct Email(String);

mod names {
    pub(crate) fn without_title(name: &str) -> String {
        name.trim_start_matches("Dr. ").to_owned()
    }
}

#[derive(Encrypted)]
#[encrypted(
    context = "patients.last_name",
    sql_type = EncryptedText,
    index(normalize(with(names::without_title), with(Self::first_word), alphanumeric, first(20))),
)]
struct LastName(String);

impl LastName {
    fn first_word(name: &str) -> String {
        name.split(' ').next().unwrap_or_default().to_owned()
    }
}

#[derive(Encrypted)]
#[encrypted(context = "patients.born", index)]
struct Year<T>(T);

#[derive(Encrypted)]
#[encrypted(context = "patients.person", index(bits = 64))]
struct Person {
    #[encrypted(index)]
    last_name: LastName,
    born: Option<Year<i32>>,
}

#[derive(Encrypted)]
#[encrypted(context = "patients.both", index)]
struct Both<'a, T>(SsnRef<'a>, Year<T>);

#[derive(Encrypted, Clone, Copy)]
#[encrypted(text, context = "patients.blood_group", index)]
enum BloodGroup {
    A,
}

impl std::fmt::Display for BloodGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("A")
    }
}

impl std::str::FromStr for BloodGroup {
    type Err = ();

    fn from_str(_: &str) -> Result<Self, ()> {
        Ok(Self::A)
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
struct Patient {
    id: i32,
    #[diesel(embed)]
    ssn: Indexed<Ssn, patients::ssn, (patients::ssn_last_four, patients::ssn_index)>,
    #[diesel(embed)]
    email: Indexed<Option<Email>, patients::email, patients::email_index>,
    #[diesel(embed)]
    person: Indexed<
        Person,
        (patients::last_name, patients::born),
        (patients::person_index, patients::last_name_index),
    >,
}

fn main() {
    let connection = &mut SqliteConnection::establish("").unwrap();
    let by_ssn = patients::ssn_index.matches(SsnRef("123-45-6789"));
    let found = patients::table.filter(by_ssn).select(Patient::as_select()).first(connection).unwrap();
    let _ = diesel::insert_into(patients::table).values(&found).execute(connection);
    let _ = diesel::update(patients::table).set(&found).execute(connection);
    let _ = diesel::insert_into(patients::table).values(vec![found]).execute(connection);

    let _ = patients::table.filter(patients::last_name_index.matches_any([LastName("Lovelace".into())]));
    let _ = patients::table.filter(patients::ssn_index.matches(Year(1815)));
    let _ = patients::table.filter(patients::ssn_index.matches(Both(SsnRef("123-45-6789"), Year(1815))));
    let _ = patients::table.filter(patients::ssn_index.matches(BloodGroup::A));
    let _ = patients::table.filter(patients::blood_group.matches(BloodGroup::A));
}

// Searches that would miss rows, and writes that would leave out an index.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, EncryptedText, Indexed};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    users (id) {
        id -> Integer,
        name -> EncryptedText,
        notes -> Nullable<EncryptedText>,
        email -> EncryptedText,
        email_index -> BlindIndex,
        phone_index -> Nullable<BlindIndex>,
        code -> DeterministicText,
        token -> Nullable<DeterministicText>,
    }
}

use users::{code, email, email_index, name, notes, phone_index, table, token};

#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(trim, lowercase)), index(by = Domain))]
struct Email(String);

#[derive(Encrypted)]
#[encrypted(context = "users.email.domain", index(normalize(lowercase)))]
struct Domain(String);

#[derive(Encrypted)]
#[encrypted(context = "users.name")]
struct Name(String);

fn an_email() -> Email {
    Email(String::new())
}

fn text() -> EncryptedText {
    EncryptedText::default()
}

// The message of `matches` on a column that cannot be searched names both alternatives.

fn randomised() {
    name.matches(text()); //~ ERROR: `encrypted_diesel::sql_types::EncryptedText` cannot be searched
}

fn randomised_nullable() {
    notes.matches_any([an_email()]); //~ ERROR: `encrypted_diesel::sql_types::EncryptedText` cannot be searched
    //~^ ERROR: cannot be searched
}

fn plain() {
    users::id.matches(an_email()); //~ ERROR: the method `matches` exists for struct `columns::id`, but its trait bounds were not satisfied
}

fn without_an_index() {
    email_index.matches(Name(String::new())); //~ ERROR: a blind index of `Name` cannot be searched for a `Name`
}

fn text_in_an_index() {
    email_index.matches(text()); //~ ERROR: cannot be searched for a `Encrypted<String>`
}

fn str_in_an_index() {
    phone_index.matches("ada@example.org"); //~ ERROR: cannot be searched for a `str`
    //~^ ERROR: cannot be searched for a `&str`
}

fn float_in_a_deterministic_column() {
    code.matches(Encrypted::new(1.0_f64)); //~ ERROR: equal values of `f64` may have different plaintext forms
    //~^ ERROR: `f64` has no context of its own
}

fn float_written_into_a_deterministic_column(connection: &mut SqliteConnection) {
    diesel::update(table).set(code.eq(Encrypted::new(1.0_f64))).execute(connection); //~ ERROR: equal values of `f64` may have different plaintext forms
    //~^ ERROR: `f64` has no context of its own
}

// A comparison with one ciphertext would not find the value under every key.

fn eq_deterministic() {
    table.filter(code.eq(text())); //~ ERROR: `encrypted_diesel::sql_types::DeterministicText` cannot be compared with a value
}

fn eq_any_deterministic() {
    table.filter(code.eq_any([text()])); //~ ERROR: cannot be compared with a value
}

fn eq_nullable_deterministic() {
    table.filter(token.eq(text())); //~ ERROR: cannot be compared with a value
}

fn eq_blind_index() {
    table.filter(email_index.eq(an_email())); //~ ERROR: `encrypted_diesel::sql_types::BlindIndex` cannot be compared with a value
}

fn eq_any_blind_index() {
    table.filter(phone_index.eq_any([an_email()])); //~ ERROR: cannot be compared with a value
}

// A value and its indexes are written together.

fn value_alone() {
    diesel::update(table).set(email.eq(an_email())); //~ ERROR: `Email: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
}

fn value_alone_in_a_nullable_column() {
    diesel::update(table).set(notes.eq(an_email())); //~ ERROR: `Email: AsExpression<diesel::sql_types::Nullable<encrypted_diesel::sql_types::EncryptedText>>` is not satisfied
}

fn optional_value_alone(connection: &mut SqliteConnection) {
    diesel::update(table).set(notes.eq(Some(an_email()))).execute(connection); //~ ERROR: `Email` and its blind index are written together
}

fn index_alone(connection: &mut SqliteConnection) {
    diesel::update(table).set(email_index.eq(an_email())).execute(connection); //~ ERROR: `Email` and its blind index are written together
}

fn bytes_in_an_index() {
    diesel::update(table).set(email_index.eq(vec![0_u8; 16])); //~ ERROR: `Vec<u8>: AsExpression<encrypted_diesel::sql_types::BlindIndex>` is not satisfied
    //~^ ERROR: Vec<u8>
}

#[derive(Insertable)]
#[diesel(table_name = users)]
struct Alone {
    email: Email, //~ ERROR: `Email: AsExpression<encrypted_diesel::sql_types::EncryptedText>` is not satisfied
    notes: Option<Email>, //~ ERROR: `Email: AsExpression<diesel::sql_types::Nullable<encrypted_diesel::sql_types::EncryptedText>>` is not satisfied
}

fn too_few_index_columns(value: Indexed<Email, email, email_index>) {
    diesel::insert_into(table).values(value); //~ ERROR: are not the index columns of this value
}

fn too_many_index_columns(value: Indexed<Domain, email, (email_index, phone_index)>) {
    diesel::insert_into(table).values(value); //~ ERROR: `(columns::email_index, columns::phone_index): Column` is not satisfied
    //~^ ERROR: is not the SQL type of a blind index
}

fn no_index_column(value: Indexed<Domain, email, name>) {
    diesel::insert_into(table).values(value); //~ ERROR: is not the SQL type of a blind index
}

fn no_index(value: Indexed<Name, name, email_index>) {
    diesel::insert_into(table).values(value); //~ ERROR: `Name` does not have a blind index
}

fn main() {}

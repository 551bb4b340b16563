// A deterministic column holds values of one type, whose context is part of each ciphertext. A value without a context
// would be another one in every row.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, EncryptedText, EncryptedVarchar};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    devices (id) {
        id -> Integer,
        token -> DeterministicText,
        spare -> Nullable<DeterministicText>,
    }
}

use devices::{spare, table, token};

#[derive(Encrypted)]
#[encrypted(context = "devices.token")]
struct Token(String);

/// Has its field's context.
#[derive(Encrypted)]
struct Outer<T>(T);

#[derive(Encrypted)]
struct WithoutContext(String);

#[derive(Encrypted)]
#[encrypted(text)]
struct Text(u32);

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Text {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

fn found() {
    table.filter(token.matches(Token("t".into())));
    table.filter(token.matches(Outer(Encrypted::new(&Token("t".into())))));
    table.filter(spare.matches_any([Token("t".into())]));
}

fn str() {
    token.matches("t"); //~ ERROR: `str` has no context of its own
    //~^ ERROR: `&str` has no context of its own
}

fn string() {
    token.matches(String::new()); //~ ERROR: `String` has no context of its own
}

fn reference() {
    spare.matches(&String::new()); //~ ERROR: `String` has no context of its own
}

fn number() {
    token.matches(7_i64); //~ ERROR: `i64` has no context of its own
}

fn text() {
    token.matches(EncryptedText::from("t")); //~ ERROR: `String` has no context of its own
}

fn texts() {
    spare.matches_any(["t1", "t2"].map(EncryptedText::from)); //~ ERROR: `String` has no context of its own
}

fn varchar(text: EncryptedVarchar<9>) {
    token.matches(text); //~ ERROR: EncryptedVarchar<9>` has no context of its own
}

fn derived_without_a_context() {
    token.matches(WithoutContext(String::new())); //~ ERROR: `String` has no context of its own
}

fn derived_around_a_value_without_a_context() {
    token.matches(Outer(7_u8)); //~ ERROR: `u8` has no context of its own
}

fn derived_from_display() {
    token.matches(Text(7)); //~ ERROR: `Text` has no context of its own
}

// What cannot be searched for is not written either.

fn inserted(connection: &mut SqliteConnection) {
    diesel::insert_into(table).values(token.eq(EncryptedText::from("t"))).execute(connection); //~ ERROR: `String` has no context of its own
}

fn updated(connection: &mut SqliteConnection) {
    diesel::update(table).set(spare.eq(Some(Encrypted::new(7_i32)))).execute(connection); //~ ERROR: `i32` has no context of its own
}

fn main() {}

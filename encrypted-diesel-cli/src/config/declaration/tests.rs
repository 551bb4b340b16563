use super::model::Located;
use super::*;
use crate::error::Error;

mod arbitrary;
mod check;
mod good;
mod select;
mod wrong;

const FILE: &str = "encrypted-diesel.toml";

/// A valid file with every setting.
const GOOD: &str = r#"
[tables.users]
primary-key = "id"

[tables.users.columns.email]
sql-type = "EncryptedText"
context = "users.email"
previous-contexts = ["people.email", ""]
from = "email_plain"

[tables.users.columns.birthday]
sql-type = "EncryptedVarchar"
value = "date"
context = "users.birthday"

[tables.users.columns.avatar]
sql-type = "EncryptedBinary"

[tables.users.columns.account]
sql-type = "DeterministicText"
value = "uuid"

[tables.users.indexes.email_index]
of = "email"
normalize = ["trim", "lowercase", "nfkc", "digits", "alphanumeric", "first( 4 )", "last(3)"]

[tables.users.indexes.email_short]
of = ["email"]
context = "users.email_short"
bits = 0x1_0

[tables.users.indexes.both]
of = ["birthday", "email"]
context = "users.both"
previous-contexts = "people.both"
normalize = { email = ["trim"], birthday = [] }

[tables."app.visits"]
primary-key = ["tenant", "id"]
columns.price = { sql-type = "EncryptedText", value = "decimal" }
"#;

fn parse(text: &str) -> Result<Declaration, Error> {
    Declaration::parse(FILE.to_owned(), text.as_bytes())
}

fn good() -> Declaration {
    parse(GOOD).unwrap()
}

fn names<'a>(names: impl IntoIterator<Item = &'a Located<&'static str>>) -> Vec<&'static str> {
    names.into_iter().map(|name| name.value).collect()
}

//! The rows that are written and read. Each shows by itself whether it is right.

use diesel::prelude::*;
use encrypted_diesel::{Encrypted, Indexed};

pub(crate) const PEOPLE: i32 = 2_000;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    people (id) {
        id -> Integer,
        note -> EncryptedText,
        email -> EncryptedText,
        email_index -> BlindIndex,
    }
}

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "people.note")]
pub(crate) struct Note(String);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "people.email", index(normalize(trim, lowercase)))]
pub(crate) struct Email(String);

pub(crate) type EmailColumns = Indexed<Email, people::email, people::email_index>;

#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone, Debug, PartialEq)]
#[diesel(table_name = people)]
pub(crate) struct Person {
    pub(crate) id: i32,
    note: Note,
    #[diesel(embed)]
    email: EmailColumns,
}

impl Person {
    /// The row after this many writes. All its values follow from these two numbers.
    pub(crate) fn new(id: i32, writes: u64) -> Self {
        let length = (u64::from(id.unsigned_abs()) + writes) * 7 % 500;
        let note = format!("{id} written {writes} times {}", "x".repeat(length as usize));
        Self { id, note: Note(note), email: email(id).into() }
    }

    /// How many times it was written, if its values are right.
    pub(crate) fn writes(&self) -> u64 {
        let number = self.note.0.split(' ').nth(2).and_then(|number| number.parse().ok());
        let writes = number.expect("a note of ours");
        // The values, which only a test shows.
        assert!(*self == Self::new(self.id, writes), "{}: {} of {}", self.id, self.note.0, self.email.0);
        writes
    }
}

pub(crate) fn email(id: i32) -> Email {
    Email(format!("Person-{id}@example.org"))
}

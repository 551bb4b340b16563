//! Values that are written and read through SQLite, which sees neither plaintext nor keys.

use std::fmt::Write;

use diesel::prelude::*;
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::plaintext::{Plaintext, PlaintextWriter};
use encrypted_diesel::{
    Encrypted, EncryptedBinary, EncryptedExpressionMethods, EncryptedText, Error, Indexed,
};
use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

use crate::secret::Masked;
use crate::work::text;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    samples (id) {
        id -> Integer,
        text -> Nullable<EncryptedText>,
        bytes -> Nullable<EncryptedBinary>,
        searched -> Nullable<DeterministicText>,
        term -> Nullable<EncryptedText>,
        term_index -> Nullable<BlindIndex>,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "memory.index", index(normalize(trim, lowercase)))]
struct Term(EncryptedText);

#[derive(Encrypted, PartialEq)]
#[encrypted(context = "memory.searched")]
struct Searched(EncryptedText);

/// Has no size hint, and is written one character at a time.
struct ByCharacter(Zeroizing<String>);

impl Plaintext for ByCharacter {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.0.chars().try_for_each(|c| out.write_char(c)).map_err(|_| Error::invalid_value::<Self>())
    }

    fn size_hint(&self) -> usize {
        0
    }
}

pub(crate) fn run(texts: &[&Masked], envelopes: &[&Masked]) {
    let connection = &mut SqliteConnection::establish(":memory:").unwrap();
    let create = "CREATE TABLE samples (id INTEGER PRIMARY KEY, text, bytes, searched, term, term_index)";
    diesel::sql_query(create).execute(connection).unwrap();

    let value = || EncryptedText::from(text(texts[0]).as_str());
    let searched = || Searched(value());
    diesel::insert_into(samples::table)
        .values((samples::id.eq(1), samples::text.eq(value()), samples::searched.eq(searched())))
        .execute(connection)
        .unwrap();
    diesel::update(samples::table)
        .set(samples::bytes.eq(EncryptedBinary::from(text(texts[0]).as_bytes())))
        .execute(connection)
        .unwrap();
    let read = samples::table
        .select((samples::text, samples::bytes, samples::searched))
        .filter(samples::searched.matches(searched()))
        .first::<(Option<EncryptedText>, Option<EncryptedBinary>, Option<Searched>)>(connection)
        .unwrap();
    assert!(read.0 == Some(value()) && read.2 == Some(searched()));
    drop(read);

    // Text that is not a number is neither shown nor kept.
    let numbers = samples::table.select(samples::text).load::<Option<Encrypted<i32>>>(connection);
    assert!(numbers.is_err());
    let secrets = samples::table.select(samples::text).load::<Option<Encrypted<SecretString>>>(connection);
    assert_eq!(secrets.unwrap().len(), 1);

    let by_character = Encrypted::new(ByCharacter(text(texts[0])));
    diesel::update(samples::table).set(samples::text.eq(by_character)).execute(connection).unwrap();
    let letters = EncryptedColumn::new::<samples::text, EncryptedText>();
    assert_eq!(letters.verify().batch_size(10).batch(connection, None).unwrap().bad.len(), 0);

    read_envelope(connection, envelopes[0]);

    let term = || Term(EncryptedText::from(text(texts[1]).as_str()));
    diesel::insert_into(samples::table)
        .values((samples::id.eq(3), Indexed::<Term, samples::term, samples::term_index>::from(term())))
        .execute(connection)
        .unwrap();
    let found = samples::table.filter(samples::term_index.matches(term())).count().get_result(connection);
    assert_eq!(found, Ok(1_i64));
}

fn read_envelope(connection: &mut SqliteConnection, envelope: &Masked) {
    let mut bytes = vec![0; envelope.len()];
    envelope.reveal(&mut bytes);
    diesel::sql_query("INSERT INTO samples (id, bytes) VALUES (2, ?)")
        .bind::<diesel::sql_types::Binary, _>(bytes)
        .execute(connection)
        .unwrap();
    let read = samples::table.find(2).select(samples::bytes);
    let mut value = read.first::<Option<EncryptedBinary>>(connection).unwrap().unwrap().into_inner();
    assert_eq!(value.len(), 32);
    value.zeroize();
}

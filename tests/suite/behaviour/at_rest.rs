//! The contents of the database, as a dump shows them.

use super::*;

const PLAINTEXT: &str = "PLAINTEXT-AT-REST";
const CONTROL: &str = "CONTROL-AT-REST";

/// Writes rows that `tests/all-backends` looks for in a dump of the server: it must find `CONTROL`, and must
/// not find `PLAINTEXT`.
#[test]
fn rows_for_a_dump() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let patient = Patient {
            id: 1,
            name: PLAINTEXT.try_into().unwrap(),
            notes: Some(PLAINTEXT.into()),
            ssn: Ssn(PLAINTEXT.into()),
            photo: Some(PLAINTEXT.as_bytes().into()),
        };
        diesel::insert_into(patients::table).values(&patient).execute(&mut connection).unwrap();
        let change = Patient { notes: Some(format!("{PLAINTEXT}, changed").into()), ..patient };
        diesel::update(patients::table.find(1)).set(&change).execute(&mut connection).unwrap();
        seal(&mut connection, PLAINTEXT);
    });
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(2), raw_samples::text.eq(CONTROL)))
        .execute(&mut connection)
        .unwrap();
}

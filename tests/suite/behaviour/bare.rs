//! Plain fields in models, and borrowed values in inserts.

use std::borrow::Cow;

use super::*;

#[test]
fn bare_types_can_be_read() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&ada()).execute(&mut connection).unwrap();
        let read = patients::table
            .select((patients::name, patients::notes, patients::photo))
            .first::<(String, Option<String>, Option<Vec<u8>>)>(&mut connection)
            .unwrap();
        let expected = (
            "Ada Lovelace".into(),
            Some("allergic to penicillin".into()),
            Some(vec![0xFF, 0xD8, 0x00, 0x80]),
        );
        assert_eq!(read, expected);
    });
}

/// A bare `String` has the empty context, so it cannot read a value of another one.
#[test]
fn bare_types_do_not_open_another_context() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&ada()).execute(&mut connection).unwrap();
        let read = patients::table.select(patients::ssn).first::<String>(&mut connection);
        assert_refused!(read, encrypted_diesel::Error::DecryptionFailed);
    });
}

#[derive(Insertable)]
#[diesel(table_name = patients)]
struct PlainPatient {
    id: i32,
    #[diesel(serialize_as = EncryptedText)]
    name: String,
    #[diesel(serialize_as = Ssn)]
    ssn: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = patients, check_for_backend(Backend))]
struct ReadPatient {
    #[diesel(deserialize_as = EncryptedVarchar<40>)]
    name: String,
    #[diesel(deserialize_as = Ssn)]
    ssn: String,
}

#[derive(Insertable)]
#[diesel(table_name = visits)]
struct PlainVisit {
    id: i32,
    patient_id: i32,
    #[diesel(serialize_as = Encrypted<chrono::NaiveDate>)]
    diagnosis: chrono::NaiveDate,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = visits, check_for_backend(Backend))]
struct ReadVisit {
    #[diesel(deserialize_as = Encrypted<chrono::NaiveDate>)]
    diagnosis: chrono::NaiveDate,
}

impl From<String> for Ssn {
    fn from(number: String) -> Self {
        Self(number)
    }
}

impl From<Ssn> for String {
    fn from(ssn: Ssn) -> Self {
        ssn.0
    }
}

#[test]
fn serialize_as_and_deserialize_as_keep_plain_fields() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let patient = PlainPatient { id: 1, name: "Ada".into(), ssn: "123".into() };
        diesel::insert_into(patients::table).values(patient).execute(&mut connection).unwrap();
        let read = patients::table.select(ReadPatient::as_select()).first(&mut connection).unwrap();
        assert_eq!((read.name.as_str(), read.ssn.as_str()), ("Ada", "123"));

        let date = chrono::NaiveDate::MAX;
        let visit = PlainVisit { id: 1, patient_id: 1, diagnosis: date };
        diesel::insert_into(visits::table).values(visit).execute(&mut connection).unwrap();
        let read = visits::table.select(ReadVisit::as_select()).first(&mut connection).unwrap();
        assert_eq!(read.diagnosis, date);
    });
}

#[derive(Encrypted)]
#[encrypted(context = "patients.ssn")]
struct SsnRef<'a>(&'a str);

#[derive(Insertable)]
#[diesel(table_name = patients)]
struct BorrowedPatient<'a> {
    id: i32,
    name: Encrypted<&'a str>,
    notes: Option<Encrypted<Cow<'a, str>>>,
    ssn: SsnRef<'a>,
    photo: Option<Encrypted<&'a [u8]>>,
}

#[test]
fn borrowed_values_can_be_written() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let patient = BorrowedPatient {
            id: 1,
            name: Encrypted::new("Ada Lovelace"),
            notes: Some(Encrypted::new("allergic to penicillin".into())),
            ssn: SsnRef("123-45-6789"),
            photo: Some(Encrypted::new(&[0xFF, 0xD8, 0x00, 0x80])),
        };
        diesel::insert_into(patients::table).values(&patient).execute(&mut connection).unwrap();
        assert_eq!(patients::table.first::<Patient>(&mut connection).unwrap(), ada());
    });
}

//! Ordinary Diesel queries.

use super::*;

/// Runs `test` with a keyring and a database of the two patients.
pub(in super::super) fn with_patients(test: impl FnOnce(&mut Database)) {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&vec![ada(), bob()]).execute(&mut connection).unwrap();
        test(&mut connection);
    });
}

pub(in super::super) fn load(connection: &mut Database, id: i32) -> Patient {
    patients::table.find(id).select(Patient::as_select()).first(connection).unwrap()
}

#[test]
fn insert_one_and_many() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&ada()).execute(&mut connection).unwrap();
        let many: Vec<_> = (2..1_002).map(|id| Patient { id, ..bob() }).collect();
        assert_eq!(diesel::insert_into(patients::table).values(&many).execute(&mut connection), Ok(1_000));
        let read = patients::table.order(patients::id).load::<Patient>(&mut connection).unwrap();
        assert_eq!(read[0], ada());
        assert_eq!(read[1..], many);
    });
}

#[test]
fn insert_ten_thousand_at_once() {
    with_patients(|connection| {
        let many: Vec<_> = (1..=10_000)
            .map(|id| Visit { id, patient_id: 1, diagnosis: format!("visit {id}").into() })
            .collect();
        assert_eq!(diesel::insert_into(visits::table).values(&many).execute(connection), Ok(10_000));
        assert!(visits::table.order(visits::id).load::<Visit>(connection).unwrap() == many);
    });
}

#[test]
fn insert_column_by_column() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let Patient { id, name, notes, ssn, photo } = ada();
        diesel::insert_into(patients::table)
            .values((
                patients::id.eq(id),
                patients::name.eq(name),
                patients::notes.eq(notes),
                patients::ssn.eq(ssn),
                patients::photo.eq(photo),
            ))
            .execute(&mut connection)
            .unwrap();
        assert_eq!(load(&mut connection, 1), ada());
    });
}

#[test]
fn update_one_column() {
    with_patients(|connection| {
        diesel::update(patients::table.find(2))
            .set(patients::notes.eq(EncryptedText::from("new")))
            .execute(connection)
            .unwrap();
        assert_eq!(load(connection, 2), Patient { notes: Some("new".into()), ..bob() });
        assert_eq!(load(connection, 1), ada());
    });
}

#[derive(AsChangeset, Default)]
#[diesel(table_name = patients)]
struct Change {
    name: Option<EncryptedVarchar<40>>,
    notes: Option<Option<EncryptedText>>,
    ssn: Option<Ssn>,
}

#[test]
fn a_changeset_skips_sets_and_clears() {
    with_patients(|connection| {
        let change = Change { ssn: Some(Ssn("1".into())), notes: Some(None), name: None };
        diesel::update(patients::table.find(1)).set(&change).execute(connection).unwrap();
        assert_eq!(load(connection, 1), Patient { ssn: Ssn("1".into()), notes: None, ..ada() });

        let change = Change { notes: Some(Some("back".into())), ..Change::default() };
        diesel::update(patients::table.find(1)).set(change).execute(connection).unwrap();
        assert_eq!(load(connection, 1).notes, Some("back".into()));
    });
}

#[test]
fn a_whole_model_is_a_changeset() {
    with_patients(|connection| {
        let changed = Patient { id: 2, photo: Some([1].as_slice().into()), ..ada() };
        diesel::update(&changed).set(&changed).execute(connection).unwrap();
        assert_eq!(load(connection, 2), changed);
    });
}

#[test]
fn left_join() {
    with_patients(|connection| {
        let visit = Visit { id: 1, patient_id: 1, diagnosis: "flu".into() };
        diesel::insert_into(visits::table).values(&visit).execute(connection).unwrap();
        let joined = patients::table
            .left_join(visits::table)
            .order(patients::id)
            .select((Patient::as_select(), Option::<Visit>::as_select()))
            .load::<(Patient, Option<Visit>)>(connection)
            .unwrap();
        assert_eq!(joined, [(ada(), Some(visit)), (bob(), None)]);
    });
}

#[test]
fn associations() {
    with_patients(|connection| {
        let visits = [1, 2, 1].into_iter().zip(1..).map(|(patient_id, id)| Visit {
            id,
            patient_id,
            diagnosis: format!("visit {id}").into(),
        });
        diesel::insert_into(visits::table).values(visits.collect::<Vec<_>>()).execute(connection).unwrap();
        let of_ada = Visit::belonging_to(&ada()).order(visits::id).load::<Visit>(connection).unwrap();
        assert_eq!(of_ada.iter().map(|visit| visit.id).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(of_ada[1].diagnosis, "visit 3".into());
    });
}

#[test]
fn boxed_queries() {
    with_patients(|connection| {
        let mut query = patients::table.select(Patient::as_select()).into_boxed::<Backend>();
        query = query.filter(patients::photo.is_not_null());
        assert_eq!(query.load(connection).unwrap(), [ada()]);
    });
}

#[derive(QueryableByName)]
#[diesel(table_name = patients, check_for_backend(Backend))]
struct Named {
    name: EncryptedVarchar<40>,
    notes: Option<String>,
}

#[test]
fn raw_sql_by_name() {
    with_patients(|connection| {
        let named = diesel::sql_query("SELECT notes, name FROM patients WHERE id = 1")
            .load::<Named>(connection)
            .unwrap();
        assert_eq!(named[0].name, ada().name);
        assert_eq!(named[0].notes.as_deref(), Some("allergic to penicillin"));
    });
}

#[test]
fn transactions_roll_back() {
    with_patients(|connection| {
        let rolled_back = connection.transaction(|connection| {
            diesel::update(patients::table)
                .set(patients::name.eq(Encrypted::new("gone")))
                .execute(connection)?;
            Err::<(), _>(diesel::result::Error::RollbackTransaction)
        });
        assert_eq!(rolled_back, Err(diesel::result::Error::RollbackTransaction));
        assert_eq!(load(connection, 1), ada());
    });
}

#[test]
fn find_count_and_delete() {
    with_patients(|connection| {
        assert_eq!(patients::table.find(2).first::<Patient>(connection).unwrap(), bob());
        diesel::delete(patients::table.find(2)).execute(connection).unwrap();
        assert_eq!(patients::table.count().get_result(connection), Ok(1_i64));
    });
}

//! Walks through some rows of a table, such as those of a tenant.

use super::*;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    by_two (a, b) { a -> BigInt, b -> Text, value -> EncryptedText }
}

diesel::table! {
    #[sql_name = "by_two"]
    raw_by_two (a, b) { a -> BigInt, b -> Text, value -> Text }
}

fn column() -> EncryptedColumn<Backend> {
    EncryptedColumn::new::<by_two::value, EncryptedText>()
}

/// Rows of the tenants 1 and 2, each under a keyring of its own.
fn tenants() -> Database {
    let mut connection = connect();
    for tenant in [1, 2] {
        Keyring::new(key(tenant)).scope(|| {
            for row in ["x", "y", "z"] {
                let row = (
                    by_two::a.eq(i64::from(tenant)),
                    by_two::b.eq(row),
                    by_two::value.eq(EncryptedText::from("value")),
                );
                diesel::insert_into(by_two::table).values(row).execute(&mut connection).unwrap();
            }
        });
    }
    connection
}

fn stored(connection: &mut Database, tenant: i64) -> Vec<String> {
    let rows = raw_by_two::table.filter(raw_by_two::a.eq(tenant)).order(raw_by_two::b);
    rows.select(raw_by_two::value).load(connection).unwrap()
}

#[test]
fn other_rows_are_neither_read_nor_written_nor_counted() {
    let mut connection = tenants();
    let before = stored(&mut connection, 2);
    let of_tenant = || column().only_where::<by_two::a>(1);
    Keyring::new(key(11)).with_retired(key(1)).unwrap().scope(|| {
        let rotated = walk(&mut connection, of_tenant().rotate().batch_size(2));
        assert_eq!((rotated.written, rotated.bad), (3, vec![]));
        let verified = walk(&mut connection, of_tenant().verify().batch_size(2));
        assert_eq!(verified, Walked { read: 3, ..Walked::default() });
        // All rows are those of two tenants, of which this keyring opens one.
        assert_eq!(walk(&mut connection, column().verify().batch_size(2)).bad.len(), 3);
    });
    let status = of_tenant().status(&mut connection).unwrap();
    assert_eq!((status.rows(), status.keys.into_iter().collect::<Vec<_>>()), (3, vec![(key(11).id(), 3)]));
    assert_eq!(column().status(&mut connection).unwrap().rows(), 6);
    assert_eq!(stored(&mut connection, 2), before);
}

#[test]
fn text_is_a_value_and_no_part_of_a_statement() {
    let mut connection = tenants();
    for (value, rows) in [("y", 2), ("Y' OR 'x' = 'x", 0), ("\\' OR TRUE -- ", 0), ("", 0)] {
        let status = column().only_where::<by_two::b>(value).status(&mut connection).unwrap();
        assert_eq!(status.rows(), rows, "{value}");
    }
}

#[test]
fn a_value_of_another_type_is_an_error() {
    let mut connection = tenants();
    let wrong = column().only_where::<by_two::a>("one");
    assert!(wrong.status(&mut connection).is_err());
    let walked = Keyring::new(key(1)).scope(|| wrong.rotate().run(&mut connection, |_| {}));
    assert!(walked.is_err());
}

#[test]
fn plaintext_of_other_rows_stays() {
    let mut connection = connect();
    for tenant in [1, 2] {
        let row = (raw_by_two::a.eq(tenant), raw_by_two::b.eq("x"), raw_by_two::value.eq("plain"));
        diesel::insert_into(raw_by_two::table).values(row).execute(&mut connection).unwrap();
    }
    Keyring::new(key(1)).scope(|| {
        let encrypted = walk(&mut connection, column().only_where::<by_two::a>(2).encrypt().batch_size(9));
        assert_eq!(encrypted, Walked { read: 1, written: 1, ..Walked::default() });
        assert_eq!(stored(&mut connection, 1), ["plain"]);
        let decrypted = walk(&mut connection, column().only_where::<by_two::a>(2).decrypt().batch_size(9));
        assert_eq!(decrypted.written, 1);
        assert_eq!(stored(&mut connection, 2), ["plain"]);
    });
}

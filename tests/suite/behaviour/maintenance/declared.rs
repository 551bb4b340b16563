//! Columns that an application knows only by name at run time.

use encrypted_diesel::blind_index::{IndexSpec, Normalizer};
use encrypted_diesel::maintenance::declared::{DeclaredIndex, DeclaredTable, KeyKind};
use encrypted_diesel::sql_types;
use encrypted_diesel::{EncryptedExpressionMethods, Indexed};

use super::super::search::{Email, find, invitations, ring, with_accounts};
use super::primary_keys::by_two;
use super::*;

fn samples_by_name() -> DeclaredTable {
    DeclaredTable::new("samples", [("id", KeyKind::Integer)])
}

#[test]
fn a_column_is_encrypted_rotated_verified_and_decrypted() {
    let mut connection = connect();
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::text.eq("123-45-6789")))
        .execute(&mut connection)
        .unwrap();
    let column = EncryptedColumn::<Backend>::declared::<sql_types::EncryptedText>(&samples_by_name(), "text")
        .with_values::<String>("patients.ssn", &[]);
    Keyring::new(key(1)).scope(|| assert_eq!(walk(&mut connection, column.encrypt()).written, 1));
    Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        assert_eq!(walk(&mut connection, column.rotate()).written, 1);
        assert!(column.status(&mut connection).unwrap().is_only_under(key(2).id()));
        let read = samples::table.select(samples::text).first::<Option<Ssn>>(&mut connection).unwrap();
        assert_eq!(read.unwrap().0, "123-45-6789");

        assert_eq!(walk(&mut connection, column.verify()), Walked { read: 1, ..Walked::default() });
        let elsewhere = column.clone().with_values::<String>("elsewhere", &[]);
        assert_eq!(walk(&mut connection, elsewhere.verify()).bad.len(), 1);
        // A value that moves to another context.
        let moved = column.clone().with_values::<String>("elsewhere", &["patients.ssn"]);
        assert_eq!(walk(&mut connection, moved.rotate()).written, 1);
        assert_eq!(walk(&mut connection, elsewhere.verify()).bad, []);

        assert_eq!(walk(&mut connection, elsewhere.decrypt()).written, 1);
    });
    assert_eq!(stored_text(&mut connection, 1), "123-45-6789");
}

#[test]
fn values_are_of_the_type_that_is_declared() {
    let mut connection = connect();
    for (id, text) in [(1, "007"), (2, "seven")] {
        diesel::insert_into(raw_samples::table)
            .values((raw_samples::id.eq(id), raw_samples::text.eq(text)))
            .execute(&mut connection)
            .unwrap();
    }
    new_keyring().scope(|| {
        let column = EncryptedColumn::declared::<sql_types::EncryptedText>(&samples_by_name(), "text")
            .with_values::<i32>("", &[]);
        assert_eq!(shown(&walk(&mut connection, column.encrypt()).bad), ["2"]);
        let read = samples::table.find(1).select(samples::text).first::<Option<String>>(&mut connection);
        assert_eq!(read, Ok(Some("7".to_owned())));
    });
}

#[test]
fn a_key_of_two_columns() {
    let mut connection = connect();
    Keyring::new(key(1)).scope(|| {
        for (a, b) in [(1, "x"), (1, "y"), (2, "x"), (3, "x"), (3, "y")] {
            let value = by_two::value.eq(EncryptedText::from("value"));
            diesel::insert_into(by_two::table)
                .values((by_two::a.eq(a), by_two::b.eq(b), value))
                .execute(&mut connection)
                .unwrap();
        }
    });
    let table = DeclaredTable::new("by_two", [("a", KeyKind::Integer), ("b", KeyKind::Text)]);
    let column = EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "value");
    Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        let walked = walk(&mut connection, column.rotate().batch_size(2));
        assert_eq!(walked, Walked { read: 5, written: 5, ..Walked::default() });
    });
    new_keyring().scope(|| {
        let walked = walk(&mut connection, column.verify());
        assert_eq!(shown(&walked.bad), ["1, x", "1, y", "2, x", "3, x", "3, y"]);
    });
}

#[test]
fn plaintext_in_another_column() {
    let mut connection = connect();
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::bounded.eq("text"), raw_samples::bytes.eq(vec![b'b'])))
        .execute(&mut connection)
        .unwrap();
    new_keyring().scope(|| {
        for (from, is_bytes, expected) in [("bounded", false, "text"), ("bytes", true, "b")] {
            let column = EncryptedColumn::declared::<sql_types::EncryptedText>(&samples_by_name(), "text")
                .encrypted_from(from, is_bytes);
            assert_eq!(column.status(&mut connection).unwrap().to_fill, 1);
            assert_eq!(walk(&mut connection, column.encrypt()).written, 1);
            assert_eq!(walk(&mut connection, column.verify()).bad, []);
            assert_eq!(texts(&mut connection), [(1, Some(expected.to_owned()))]);
            diesel::update(raw_samples::table)
                .set(raw_samples::text.eq(None::<String>))
                .execute(&mut connection)
                .unwrap();
        }
    });
}

const EMAIL: IndexSpec =
    IndexSpec::new("accounts.email").with_normalizers(&[Normalizer::Trim, Normalizer::Lowercase]);

#[test]
fn an_index_is_written_with_its_value() {
    with_accounts(|connection| {
        diesel::sql_query("UPDATE accounts SET email = 'King@example.org' WHERE id = 1")
            .execute(connection)
            .unwrap();
        assert_eq!(find(connection, "king@example.org"), None);
        let accounts = DeclaredTable::new("accounts", [("id", KeyKind::Integer)]);
        let emails = EncryptedColumn::declared::<sql_types::EncryptedText>(&accounts, "email")
            .with_values::<String>("accounts.email", &[])
            .with_index("email_index", EMAIL);
        assert_eq!(walk(connection, emails.encrypt()).written, 1);
        assert_eq!(find(connection, "king@example.org"), Some(1));

        Keyring::new(key(1)).scope(|| {
            let error = emails.encrypt().run(connection, |_| {}).unwrap_err();
            assert_eq!(Error::from_diesel(&error), Some(&Error::NoIndexKey));
        });
    });
}

/// Declared or not, an index is the same. This one covers the address and a code, one after the other.
#[test]
fn an_index_over_two_columns() {
    #[derive(Encrypted)]
    #[encrypted(context = "invitations.code", index)]
    struct Code(String);

    #[derive(Encrypted)]
    #[encrypted(context = "invitations.both", index)]
    struct Both {
        email: Email,
        code: Option<Code>,
    }

    const SPEC: IndexSpec = IndexSpec::new("invitations.both");

    let mut connection = connect();
    ring(&[1]).scope(|| {
        let email: Indexed<_, invitations::email, invitations::email_index> =
            Email("Ada@x.org".into()).into();
        diesel::insert_into(invitations::table)
            .values((invitations::id.eq(1), &email))
            .execute(&mut connection)
            .unwrap();
        diesel::sql_query("UPDATE invitations SET code = 'C-1'").execute(&mut connection).unwrap();

        let invitations = DeclaredTable::new("invitations", [("id", KeyKind::Integer)]);
        let column = |name, context| {
            EncryptedColumn::<Backend>::declared::<sql_types::EncryptedText>(&invitations, name)
                .with_values::<String>(context, &[])
        };
        let columns = [column("email", "accounts.email"), column("code", "invitations.code")];
        let parts = vec![SPEC.with_normalizers(&[Normalizer::Trim, Normalizer::Lowercase]), SPEC];
        let index = DeclaredIndex { name: "email_index", spec: SPEC, parts };
        let indexes = BlindIndexes::declared(&columns, vec![index]).unwrap();
        assert_eq!(walk(&mut connection, columns[1].encrypt()).written, 1);
        let walked = walk(&mut connection, indexes.verify());
        assert_eq!(walked.bad[0].problem, Problem::Index(0));
        assert_eq!(walk(&mut connection, indexes.reindex()).written, 1);
        assert_eq!(walk(&mut connection, indexes.verify()).bad, []);

        let both = Both { email: Email(" ADA@x.org".into()), code: Some(Code("C-1".into())) };
        let found = invitations::table.filter(invitations::email_index.matches(both)).select(invitations::id);
        assert_eq!(found.load::<i32>(&mut connection), Ok(vec![1]));
    });
    assert!(BlindIndexes::<Backend>::declared(&[], vec![]).is_none());
}

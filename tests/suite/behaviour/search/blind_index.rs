//! A value with one index.

use super::*;

#[test]
fn a_value_is_found_however_it_is_written() {
    with_accounts(|connection| {
        for written in ["Ada@Example.org", "ada@example.org", "  ADA@EXAMPLE.ORG\n"] {
            assert_eq!(find(connection, written), Some(1), "{written}");
        }
        for other in ["ada@example.or", "ada@example.orgg", "a da@example.org", ""] {
            assert_eq!(find(connection, other), None, "{other}");
        }
    });
}

#[test]
fn what_is_stored_is_the_original() {
    with_accounts(|connection| {
        assert_eq!(load_account(connection, 1).email.0, "Ada@Example.org");
        assert_eq!(format!("{:?}", load_account(connection, 1).email), "Email([REDACTED])");
        assert_eq!(load_account(connection, 1).phone, phone("(030) 1234-6789"));
        assert_ne!(load_account(connection, 1).phone, phone("030 1234 6789"), "equal by what is stored");
    });
}

#[test]
fn a_borrowed_value_is_found_as_an_owned_one() {
    with_accounts(|connection| {
        let ada = email("ada@example.org");
        let ids = |connection: &mut Database| {
            accounts::table
                .filter(accounts::email_index.matches(&ada))
                .filter(accounts::email_index.matches_any([&ada, &ada]))
                .select(accounts::id)
                .load::<i32>(connection)
        };
        assert_eq!(ids(connection), Ok(vec![1]));
    });
}

#[test]
fn any_of_several_is_found() {
    with_accounts(|connection| {
        let any = |connection: &mut Database, addresses: &[&str]| {
            accounts::table
                .filter(accounts::email_index.matches_any(addresses.iter().map(|address| email(address))))
                .select(accounts::id)
                .order(accounts::id)
                .load::<i32>(connection)
                .unwrap()
        };
        assert_eq!(any(connection, &["EVE@example.org", "nobody@example.org", "ada@example.org"]), [1, 3]);
        assert_eq!(any(connection, &["ada@example.org", "Ada@example.org"]), [1]);
        assert!(any(connection, &["nobody@example.org"]).is_empty());
        assert!(any(connection, &[]).is_empty());
    });
}

#[test]
fn a_row_is_found_by_its_own_value() {
    with_accounts(|connection| {
        let bob = load_account(connection, 2);
        let found = accounts::table
            .filter(accounts::email_index.matches(&bob.email))
            .select(accounts::id)
            .load::<i32>(connection);
        assert_eq!(found, Ok(vec![2]));
    });
}

/// It has the length that the type says, and contains no part of the value.
#[test]
fn an_index_is_a_digest() {
    with_accounts(|connection| {
        let (whole, cut) = accounts::table
            .find(1)
            .select((accounts::email_index, accounts::phone_last_four))
            .first::<(Vec<u8>, Option<Vec<u8>>)>(connection)
            .unwrap();
        assert_eq!(whole.len(), 16);
        let cut = cut.unwrap();
        assert_eq!(cut.len(), 2);
        assert_eq!(cut[1] & 0x0F, 0, "12 bits and no more");
    });
}

/// Under one index key, values have equal indexes if and only if they and their contexts are equal.
#[test]
fn the_context_is_in_the_index() {
    #[derive(Encrypted)]
    #[encrypted(context = "staff.email", index(normalize(trim, lowercase)))]
    struct StaffEmail(String);

    with_accounts(|connection| {
        let found = accounts::table
            .filter(accounts::email_index.matches(StaffEmail("ada@example.org".into())))
            .count()
            .get_result::<i64>(connection);
        assert_eq!(found, Ok(0));
    });
}

#[test]
fn a_derive_normalizes_as_it_says() {
    fn untitled(name: &str) -> String {
        name.trim_start_matches("Dr. ").to_owned()
    }

    #[derive(Encrypted)]
    #[encrypted(context = "staff.name", index(normalize(with(untitled), alphanumeric, first(6))))]
    struct StaffName(String);

    let digested = |name: &str| <StaffName as IndexOf<StaffName>>::input(&StaffName(name.into())).unwrap();
    let plain = IndexSpec::new("staff.name");
    for (name, kept) in [("Dr. O'Neill-Smith", "ONeill"), ("M. 1", "M1"), ("Lovelace", "Lovela")] {
        assert_eq!(digested(name), Some(plain.input(&kept).unwrap()), "{name}");
    }
}

#[test]
fn after_a_rename_the_old_context_is_found() {
    #[derive(Encrypted)]
    #[encrypted(
        context = "users.email",
        previous_contexts = ["accounts.email"],
        index(normalize(trim, lowercase))
    )]
    struct Renamed(String);

    with_accounts(|connection| {
        let found = accounts::table
            .filter(accounts::email_index.matches(Renamed("ada@example.org".into())))
            .select((accounts::id, accounts::email))
            .first::<(i32, Renamed)>(connection)
            .unwrap();
        assert_eq!((found.0, &*found.1.0), (1, "Ada@Example.org"));
    });
}

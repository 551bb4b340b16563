use super::*;
use crate::database::catalog::{Catalog, CatalogColumn, CatalogTable, Holds};
use crate::database::marker::Marker;

fn column(name: &str, declared: &str, holds: Holds) -> CatalogColumn {
    // `TEXT encrypted_text` has the type TEXT and a marker.
    let marker = declared.split_once(' ').and_then(|(_, word)| Marker::by_domain(word));
    CatalogColumn { name: name.to_owned(), declared: declared.to_owned(), holds, nullable: false, marker }
}

/// A database that matches [`GOOD`].
fn catalog() -> Catalog {
    use Holds::{Bytes, Integer, Other, Text, Uuid};
    let table = |schema: Option<&str>, name: &str, key: &[&str], columns| CatalogTable {
        schema: schema.map(str::to_owned),
        name: name.to_owned(),
        columns,
        primary_key: key.iter().map(|name| (*name).to_owned()).collect(),
        unique: Vec::new(),
    };
    let users = vec![
        column("id", "bigint", Integer),
        column("email", "TEXT encrypted_text", Text),
        column("email_plain", "TEXT", Text),
        column("birthday", "VARCHAR encrypted_varchar", Text),
        column("avatar", "BLOB", Bytes),
        column("account", "TEXT", Text),
        column("email_index", "BLOB blind_index", Bytes),
        column("email_short", "BLOB", Bytes),
        column("both", "BLOB", Bytes),
        column("created", "timestamp", Other),
    ];
    let visits =
        vec![column("id", "uuid", Uuid), column("tenant", "text", Text), column("price", "text", Text)];
    Catalog {
        tables: vec![
            table(None, "users", &["id"], users),
            table(Some("app"), "visits", &["id", "tenant"], visits),
            table(None, "visits", &[], Vec::new()),
        ],
    }
}

/// The errors for this file after a change to the database, without the file's name.
fn wrong(text: &str, change: impl FnOnce(&mut Catalog)) -> String {
    let mut catalog = catalog();
    change(&mut catalog);
    let checked = parse(text).unwrap().check(&catalog);
    checked.err().map(|error| error.to_string()).unwrap_or_default().replace("encrypted-diesel.toml:", "")
}

fn wrong_with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    wrong(&GOOD.replacen(from, to, 1), |_| {})
}

/// Replaces a column of `users`.
fn replace(new: CatalogColumn) -> impl FnOnce(&mut Catalog) {
    |catalog| {
        let mut columns = catalog.tables[0].columns.iter_mut();
        let old = columns.find(|column| column.name == new.name).unwrap();
        *old = new;
    }
}

#[test]
fn a_database_as_declared() {
    assert_eq!(wrong(GOOD, |_| {}), "");
}

#[test]
fn tables() {
    let without =
        |name: &'static str| move |catalog: &mut Catalog| catalog.tables.retain(|table| full(table) != name);
    fn full(table: &CatalogTable) -> String {
        format!("{}.{}", table.schema.as_deref().unwrap_or_default(), table.name)
    }
    assert_eq!(
        wrong(GOOD, without(".users")),
        "2:9: the database has no table `users`: it has app.visits, visits"
    );
    assert_eq!(
        wrong(GOOD, without("app.visits")),
        "38:9: the database has no table `app.visits`: did you mean `visits`?"
    );
    assert_eq!(
        wrong(GOOD, |catalog| catalog.tables.clear()),
        "2:9: the database has no table `users`: it has none\n\
         38:9: the database has no table `app.visits`: it has none"
    );
    let user = GOOD.replace("tables.users", "tables.user");
    assert_eq!(wrong(&user, |_| {}), "2:9: the database has no table `user`: did you mean `users`?");
    let schema = GOOD.replace("tables.users", "tables.\"public.users\"");
    assert_eq!(
        wrong(&schema, |_| {}),
        "2:9: the database has no table `public.users`: did you mean `users`?"
    );
    let upper = GOOD.replace("tables.users", "tables.USERS");
    assert_eq!(wrong(&upper, |_| {}), "2:9: the database has no table `USERS`: did you mean `users`?");
}

#[test]
fn columns_that_do_not_exist() {
    let columns = "its columns are id, email, email_plain, birthday, avatar, account, email_index, \
        email_short, \
                   both, created";
    for (from, to, expected) in [
        (
            "columns.avatar",
            "columns.portrait",
            format!("16:23: the table `users` has no column `portrait`: {columns}"),
        ),
        (
            "\"email_plain\"",
            "\"email_plian\"",
            "9:8: the table `users` has no column `email_plian`: \
            did you mean `email_plain`?"
                .to_owned(),
        ),
        (
            "indexes.both",
            "indexes.bth",
            "32:23: the table `users` has no column `bth`: did you mean `both`?".to_owned(),
        ),
        (
            "\"tenant\"",
            "\"tennant\"",
            "39:16: the table `app.visits` has no column `tennant`: \
            did you mean `tenant`?"
                .to_owned(),
        ),
    ] {
        assert_eq!(wrong_with(from, to), expected);
    }
}

#[test]
fn columns_of_another_stored_type() {
    use Holds::{Bytes, Other, Text};
    for (new, expected) in [
        (
            column("account", "BLOB", Bytes),
            "20:12: `users.account` is `BLOB` in the database, but DeterministicText is stored as text",
        ),
        (
            column("email", "json", Other),
            "6:12: `users.email` is `json` in the database, but EncryptedText is stored as text",
        ),
        (
            column("avatar", "", Text),
            "17:12: `users.avatar` is without a type in the database, but EncryptedBinary is stored as bytes",
        ),
        (
            column("both", "TEXT", Text),
            "32:23: `users.both` is `TEXT` in the database, but BlindIndex is stored as bytes",
        ),
        // The type contradicts the marker.
        (
            column("email", "BLOB encrypted_text", Bytes),
            "6:12: `users.email` is `BLOB encrypted_text` in the database, but EncryptedText is stored as \
             text",
        ),
    ] {
        assert_eq!(wrong(GOOD, replace(new)), expected);
    }
}

#[test]
fn columns_with_another_marker() {
    use Holds::{Bytes, Text};
    for (new, expected) in [
        (
            column("email", "VARCHAR encrypted_varchar", Text),
            "6:12: `users.email` is marked as EncryptedVarchar in the database, not as EncryptedText",
        ),
        (
            column("account", "TEXT encrypted_text", Text),
            "20:12: `users.account` is marked as EncryptedText in the database, not as DeterministicText",
        ),
        (
            column("avatar", "BLOB blind_index", Bytes),
            "17:12: `users.avatar` is marked as BlindIndex in the database, not as EncryptedBinary",
        ),
        (
            column("both", "BLOB encrypted_binary", Bytes),
            "32:23: `users.both` is marked as EncryptedBinary in the database, not as BlindIndex",
        ),
    ] {
        assert_eq!(wrong(GOOD, replace(new)), expected);
    }
}

#[test]
fn primary_keys() {
    assert_eq!(
        wrong_with("\"id\"", "[\"id\", \"email_plain\"]"),
        "3:16: (id, email_plain) does not identify the rows of `users`; primary key: (id); unique \
         indexes: none"
    );
    assert_eq!(
        wrong_with("[\"tenant\", \"id\"]", "\"id\""),
        "39:15: (id) does not identify the rows of `app.visits`; primary key: (id, tenant); unique \
         indexes: none"
    );
    assert_eq!(
        wrong_with("[\"tenant\", \"id\"]", "[\"tenants\", \"ids\"]"),
        "39:16: the table `app.visits` has no column `tenants`: did you mean `tenant`?\n\
         39:27: the table `app.visits` has no column `ids`: did you mean `id`?"
    );
    assert_eq!(wrong(GOOD, replace(column("id", "timestamp", Holds::Other))), "");
}

#[test]
fn a_unique_index_instead_of_the_primary_key() {
    let unique = |keys: &'static [&'static [&'static str]]| {
        move |catalog: &mut Catalog| {
            let list = |key: &&[&str]| key.iter().map(|name| (*name).to_owned()).collect();
            catalog.tables[0].primary_key.clear();
            catalog.tables[0].unique = keys.iter().map(list).collect();
        }
    };
    assert_eq!(wrong(GOOD, unique(&[&["email_plain"], &["id"]])), "");
    let two = GOOD.replacen("\"id\"", "[\"id\", \"email_plain\"]", 1);
    assert_eq!(wrong(&two, unique(&[&["email_plain", "id"]])), "");
    assert_eq!(
        wrong(&two, unique(&[&["email_plain", "id", "created"], &["id"]])),
        "3:16: (id, email_plain) does not identify the rows of `users`; primary key: none; \
         unique indexes: (email_plain, id, created), (id)"
    );
}

#[test]
fn a_part_of_the_key_that_may_be_null() {
    let nullable = |is_primary_key: bool| {
        move |catalog: &mut Catalog| {
            let table = &mut catalog.tables[0];
            table.columns[0] = CatalogColumn { nullable: true, ..column("id", "text", Holds::Text) };
            table.unique = vec![vec!["id".to_owned()]];
            if !is_primary_key {
                table.primary_key.clear();
            }
        }
    };
    assert_eq!(wrong(GOOD, nullable(true)), "");
    assert_eq!(
        wrong(GOOD, nullable(false)),
        "3:15: `users.id` can be NULL, and rows with NULL would not be found: make the column NOT NULL"
    );
}

#[test]
fn all_differences_are_reported_in_the_order_of_the_file() {
    let wrong = wrong(GOOD, |catalog| {
        catalog.tables.remove(1);
        let users = &mut catalog.tables[0];
        users.columns.retain(|column| !["both", "email_plain"].contains(&column.name.as_str()));
        users.columns[1].holds = Holds::Bytes;
        users.primary_key.clear();
    });
    let places: Vec<_> =
        wrong.lines().filter_map(|line| line.split_once(": ")).map(|(place, _)| place).collect();
    assert_eq!(places, ["3:15", "6:12", "9:8", "32:23", "38:9"], "{wrong}");
}

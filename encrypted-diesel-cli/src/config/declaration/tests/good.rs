use std::fs;

use super::*;

#[test]
fn tables_keep_the_order_of_the_file() {
    let declaration = good();
    assert_eq!(declaration.file, FILE);
    let [users, visits] = &declaration.tables[..] else { panic!("{declaration:?}") };

    assert_eq!((users.schema, users.name.value, users.full_name()), (None, "users", "users".to_owned()));
    assert_eq!((users.name.line, users.name.column), (2, 9));
    assert_eq!(names(&users.primary_key), ["id"]);
    assert_eq!((users.primary_key[0].line, users.primary_key[0].column), (3, 15));
    assert_eq!(
        names(users.columns.iter().map(|column| &column.name)),
        ["email", "birthday", "avatar", "account"]
    );
    assert_eq!(names(users.indexes.iter().map(|index| &index.name)), ["email_index", "email_short", "both"]);

    assert_eq!((visits.schema, visits.name.value), (Some("app"), "visits"));
    assert_eq!(visits.full_name(), "app.visits");
    assert_eq!(names(&visits.primary_key), ["tenant", "id"]);
    assert!(visits.indexes.is_empty());
}

#[test]
fn columns() {
    let declaration = good();
    let users = &declaration.tables[0].columns;
    let types: Vec<_> = users.iter().map(|column| (column.sql_type.value, column.value)).collect();
    assert_eq!(
        types,
        [
            (SqlType::EncryptedText, Value::Text),
            (SqlType::EncryptedVarchar, Value::Date),
            (SqlType::EncryptedBinary, Value::Bytes),
            (SqlType::DeterministicText, Value::Uuid),
        ]
    );
    let [email, birthday, avatar, _] = &users[..] else { panic!("{users:?}") };
    assert_eq!((email.sql_type.line, email.sql_type.column), (6, 12));
    assert_eq!((email.context, email.previous_contexts), ("users.email", &["people.email", ""][..]));
    assert_eq!(email.from.map(|from| from.value), Some("email_plain"));
    assert_eq!((birthday.context, birthday.previous_contexts), ("users.birthday", &[][..]));
    assert!(birthday.from.is_none());
    assert_eq!(avatar.context, "");
    assert_eq!(declaration.tables[1].columns[0].value, Value::Decimal);
}

/// The debug output of [`IndexSpec`](encrypted_diesel::IndexSpec) shows its fields.
#[test]
fn indexes() {
    let declaration = good();
    let [email, short, both] = &declaration.tables[0].indexes[..] else { panic!("{declaration:?}") };
    let normalizers = "[Trim, Lowercase, Nfkc, Digits, Alphanumeric, First(4), Last(3)]";
    assert_eq!(format!("{:?}", email.parts), format!("[Part {{ column: 0, normalizers: {normalizers} }}]"));
    assert_eq!(
        format!("{:?}", email.spec),
        format!(
            "IndexSpec {{ context: \"users.email\", previous_contexts: [\"people.email\", \"\"], bits: 128, \
             normalizers: {normalizers} }}"
        )
    );
    assert_eq!(
        format!("{short:?}"),
        "Index { name: Located { value: \"email_short\", line: 27, column: 23 }, \
         spec: IndexSpec { context: \"users.email_short\", previous_contexts: [], bits: 16, normalizers: [] \
             }, \
         parts: [Part { column: 0, normalizers: [] }] }"
    );
    assert_eq!(
        format!("{both:?}"),
        "Index { name: Located { value: \"both\", line: 32, column: 23 }, \
         spec: IndexSpec { context: \"users.both\", previous_contexts: [\"people.both\"], bits: 128, \
         normalizers: [] }, \
         parts: [Part { column: 1, normalizers: [] }, Part { column: 0, normalizers: [Trim] }] }"
    );
}

/// An index with a context of its own does not inherit the previous contexts of its column.
#[test]
fn previous_contexts_go_with_their_context() {
    let spec = |settings: &str| {
        let text = GOOD.replace("bits = 0x1_0", settings).replace("context = \"users.email_short\"\n", "");
        format!("{:?}", parse(&text).unwrap().tables[0].indexes[1].spec)
    };
    let expected = |context: &str, previous: &str| {
        format!(
            "IndexSpec {{ context: {context:?}, previous_contexts: {previous}, bits: 128, normalizers: [] }}"
        )
    };
    assert_eq!(spec(""), expected("users.email", "[\"people.email\", \"\"]"));
    assert_eq!(spec("previous-contexts = []"), expected("users.email", "[]"));
    assert_eq!(spec("context = \"a\""), expected("a", "[]"));
    assert_eq!(spec("context = \"users.email\""), expected("users.email", "[]"));
    assert_eq!(spec("context = \"a\"\nprevious-contexts = [\"b\"]"), expected("a", "[\"b\"]"));
}

#[test]
fn every_word_is_known() {
    for (word, value) in Value::WORDS {
        let text =
            GOOD.replace("\"date\"", &format!("{word:?}")).replace("\"birthday\", \"email\"", "\"email\"");
        let text = text.replace(", birthday = []", "");
        assert_eq!(parse(&text).unwrap().tables[0].columns[1].value, value);
        assert_eq!(value.word(), word);
        assert_eq!(format!("{value:?}").to_lowercase(), word);
    }
    for (word, sql_type) in SqlType::WORDS {
        let text = GOOD.replace("EncryptedVarchar", word);
        assert_eq!(parse(&text).unwrap().tables[0].columns[1].sql_type.value, sql_type);
        assert_eq!(format!("{sql_type:?}"), word);
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_accepted() {
    let declaration = parse(&format!("\u{feff}{}", GOOD.trim_start().replace('\n', "\r\n"))).unwrap();
    let [users, visits] = &declaration.tables[..] else { panic!("{declaration:?}") };
    assert_eq!((users.name.line, users.name.column), (1, 9));
    assert_eq!((visits.name.line, visits.name.column), (37, 9));
}

#[test]
fn the_file_is_named_by_the_path_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.toml");
    fs::write(&path, GOOD).unwrap();
    let declaration = Declaration::read(Some(path.clone())).unwrap();
    assert_eq!(declaration.file, path.display().to_string());
}

#[test]
fn a_file_that_does_not_exist() {
    let error = Declaration::read(Some("none.toml".into())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the file `none.toml` does not exist: `encrypted-diesel draft` prints a first draft"
    );
}

#[test]
fn places_are_known() {
    let known = |list: &str| {
        let file = parse(&GOOD.replacen(
            "primary-key = \"id\"",
            &format!("primary-key = \"id\"\nknown = {list}"),
            1,
        ));
        names(&file.unwrap().tables[0].known)
    };
    assert_eq!(known("\"history\""), ["history"]);
    assert_eq!(known("[\"trigger:a:b\", \"view:app.v\"]"), ["trigger:a:b", "view:app.v"]);
    assert!(good().tables[0].known.is_empty());
}

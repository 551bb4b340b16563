//! Refused files, with the place of each problem.

use super::*;

fn error(text: &str) -> String {
    match parse(text) {
        Ok(declaration) => panic!("no error: {declaration:?}"),
        Err(error) => error.to_string().replace("encrypted-diesel.toml:", ""),
    }
}

/// Each change to [`GOOD`], with the error that it causes.
#[track_caller]
fn refused(changes: &[(&str, &str, &str)]) {
    for (from, to, expected) in changes {
        assert!(GOOD.contains(from), "{from}");
        assert_eq!(error(&GOOD.replacen(from, to, 1)), *expected, "{from} -> {to}");
    }
}

const NO_TABLES: &str = "no tables: write [tables.users] with `primary-key = \"id\"`, and \
    [tables.users.columns.email] with `sql-type = \"EncryptedText\"`; \
    `encrypted-diesel draft` prints a first draft";

#[test]
fn files_without_tables() {
    for text in ["", "\n\n# nothing\n"] {
        assert_eq!(error(text), format!("1:1: {NO_TABLES}"));
    }
    assert_eq!(error("\n[tables]"), format!("2:1: {NO_TABLES}"));
    assert_eq!(error("tables = 3"), format!("1:10: {NO_TABLES}"));
    assert_eq!(error("[[tables]]\nusers = 3"), format!("1:1: {NO_TABLES}"));
}

/// The message is that of the crate toml, on one line.
#[test]
fn a_file_that_is_not_toml() {
    for (text, place) in [
        ("[tables.users", "1:14"),
        ("a = 1\nö = 2", "2:1"),
        ("a = \"ö\" b", "1:9"),
        ("[a]\n[a]", "2:2"),
        ("a = \"\n", "1:6"),
        ("a = [1", "1:7"),
    ] {
        let error = error(text);
        assert!(error.starts_with(&format!("{place}: not TOML: ")) && !error.contains('\n'), "{error}");
    }
    assert_eq!(error("a = 1\na = 2"), "2:1: not TOML: duplicate key");
}

#[test]
fn a_file_that_is_not_utf8() {
    let error = Declaration::parse(FILE.to_owned(), b"# \xC3\xB6\n# \xC3\xB6\xF6").unwrap_err();
    assert_eq!(error.to_string(), "encrypted-diesel.toml:2:4: this is not UTF-8: save the file as UTF-8");
}

/// Columns are counted in characters.
#[test]
fn places_after_non_ascii_letters() {
    let text = GOOD.replace("columns.price = {", "columns.\"prïçé€🦀\" = { sql = 1,");
    let expected =
        "40:23: unknown key `sql`: the known ones are sql-type, value, context, previous-contexts, from";
    assert_eq!(error(&text), expected);
}

#[test]
fn unknown_keys() {
    refused(&[
        ("\n[tables.users]", "x = 1\n[tables.users]", "1:1: unknown key `x`: the known ones are tables"),
        ("[tables.\"app.", "[tabels.\"app.", "38:2: unknown key `tabels`: the known ones are tables"),
        (
            "primary-key",
            "primary_key",
            "3:1: unknown key `primary_key`: the known ones are primary-key, columns, indexes, known",
        ),
        (
            "sql-type",
            "type",
            "6:1: unknown key `type`: the known ones are sql-type, value, context, previous-contexts, from",
        ),
        (
            "bits",
            "bit",
            "30:1: unknown key `bit`: the known ones are of, context, previous-contexts, bits, normalize",
        ),
        (
            "birthday = []",
            "brithday = []",
            "36:33: unknown key `brithday`: the known ones are birthday, email",
        ),
        // A table of a schema, without quotes.
        (
            "\"app.visits\"",
            "app.visits",
            "38:13: unknown key `visits`: the known ones are primary-key, columns, indexes, known",
        ),
    ]);
}

#[test]
fn unknown_words() {
    refused(&[
        (
            "\"EncryptedText\"",
            "\"encrypted_text\"",
            "6:12: unknown `encrypted_text`: the known ones are EncryptedText, EncryptedVarchar, EncryptedBinary, \
             DeterministicText",
        ),
        (
            "\"date\"",
            "\"datetime\"",
            "13:9: unknown `datetime`: the known ones are text, bytes, integer, boolean, float, decimal, date, \
             time, timestamp, timestamptz, uuid, json",
        ),
        (
            "\"trim\"",
            "\"upper\"",
            "25:14: unknown normalizer `upper`: the known ones are trim, lowercase, nfkc, digits, alphanumeric, \
             first(4), last(4)",
        ),
    ]);
}

#[test]
fn values_of_another_kind() {
    let text = "this must be a string: write it in quotes";
    let texts = "this must be a list of strings: write them in quotes, inside brackets";
    let column = "this must be a table; its keys are sql-type, value, context, previous-contexts, from";
    refused(&[
        ("\"EncryptedText\"", "1", &format!("6:12: {text}")),
        ("\"users.email\"", "1", &format!("7:11: {text}")),
        ("\"email_plain\"", "[]", &format!("9:8: {text}")),
        ("\"people.email\"", "1", &format!("8:22: {text}")),
        ("[\"people.email\", \"\"]", "1", &format!("8:21: {texts}")),
        ("\"id\"", "1", &format!("3:15: {texts}")),
        ("\"birthday\", \"email\"", "true, \"email\", \"birthday\"", &format!("33:7: {text}")),
        ("{ sql-type = \"EncryptedText\", value = \"decimal\" }", "1", &format!("40:17: {column}")),
        ("[\"trim\"]", "3", &format!("36:23: {texts}")),
    ]);
}

#[test]
fn tables() {
    let primary_key = "write `primary-key = \"id\"`, or a list of up to eight columns";
    let columns = "write [tables.users.columns.email] for a column `email`";
    let name = "this is not the name of a table: write `table` or `schema.table`";
    refused(&[
        ("primary-key = \"id\"", "", &format!("2:9: `users` has no `primary-key`: {primary_key}")),
        ("\"id\"", "[]", &format!("3:15: a primary key needs a column: {primary_key}")),
        ("\"id\"", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "3:15: a primary key can have at most 8 columns"),
        ("\"id\"", "[\"id\", \"id\"]", "3:22: `id` is listed already: remove it here"),
        ("\"app.visits\"", "\"\"", &format!("38:9: {name}")),
        ("\"app.visits\"", "\".visits\"", &format!("38:9: {name}")),
        ("\"app.visits\"", "\"app.\"", &format!("38:9: {name}")),
    ]);
    let users = "[tables.users]\nprimary-key = \"id\"\n";
    assert_eq!(error(users), format!("1:9: `users` has no `columns`: {columns}"));
    assert_eq!(error(&format!("{users}columns = 3")), format!("3:11: {columns}"));
    assert_eq!(error(&format!("{users}[tables.users.columns]")), format!("3:1: {columns}"));
    let indexes = "write [tables.\"app.visits\".indexes.email_index] for an index of `email`";
    assert_eq!(error(&format!("{GOOD}indexes = {{}}")), format!("41:11: {indexes}"));
}

/// The first dot is the schema's.
#[test]
fn a_name_with_two_dots() {
    let declaration = parse(&GOOD.replace("app.visits", "app.visits.old")).unwrap();
    let table = &declaration.tables[1];
    assert_eq!((table.schema, table.name.value), (Some("app"), "visits.old"));
}

#[test]
fn columns() {
    let canonical = "may have different plaintext forms, so a search for one form would miss the others: \
                     use EncryptedText";
    refused(&[
        (
            "sql-type = \"EncryptedText\"",
            "",
            "5:23: `email` has no `sql-type`: write `sql-type = \"EncryptedText\"`",
        ),
        ("\"uuid\"", "\"float\"", &format!("21:9: equal values of type float {canonical}")),
        ("\"uuid\"", "\"decimal\"", &format!("21:9: equal values of type decimal {canonical}")),
        ("\"uuid\"", "\"json\"", &format!("21:9: equal values of type json {canonical}")),
        (
            "\"people.email\"",
            "\"users.email\"",
            "8:22: this is the current context: remove it from this list",
        ),
        ("\"people.email\", \"\"", "\"a\", \"b\", \"a\"", "8:32: `a` is listed already: remove it here"),
        (
            "sql-type = \"EncryptedBinary\"",
            "sql-type = \"EncryptedBinary\"\nprevious-contexts = \"\"",
            "18:21: this is the current context: remove it from this list",
        ),
    ]);
}

#[test]
fn columns_with_two_uses() {
    refused(&[
        (
            "\"email_plain\"",
            "\"email\"",
            "9:8: `email` is an encrypted column, but `from` must name a plaintext column",
        ),
        (
            "\"email_plain\"",
            "\"avatar\"",
            "9:8: `avatar` is an encrypted column, but `from` must name a plaintext column",
        ),
        ("\"email_plain\"", "\"both\"", "9:8: `both` is an index, but `from` must name a plaintext column"),
        (
            "indexes.both",
            "indexes.avatar",
            "32:23: `avatar` is an encrypted column, so it cannot be an index",
        ),
        ("\"id\"", "\"avatar\"", "3:15: `avatar` is an encrypted column, so it cannot be in the primary key"),
        ("\"id\"", "[\"id\", \"both\"]", "3:22: `both` is an index, so it cannot be in the primary key"),
    ]);
}

#[test]
fn indexes() {
    let bits = "30:8: the number of bits of a blind index is from 8 to 256";
    let of = "write `of = \"email\"` for a column `email`, or a list of several";
    refused(&[
        ("of = \"email\"", "", &format!("23:23: `email_index` has no `of`: {of}")),
        ("[\"email\"]", "[]", &format!("28:6: an index needs a column: {of}")),
        (
            "\"birthday\", \"email\"",
            "\"email\", \"birthday\", \"email\"",
            "33:28: `email` is listed already: remove it here",
        ),
        (
            "[\"email\"]",
            "\"emails\"",
            "28:6: `emails` is not among this table's `columns`: did you mean `email`?",
        ),
        (
            "[\"email\"]",
            "\"both\"",
            "28:6: `both` is not among this table's `columns`: the declared columns are email, birthday, avatar, account",
        ),
        ("0x1_0", "7", bits),
        ("0x1_0", "257", bits),
        ("0x1_0", "-8", bits),
        ("0x1_0", "128.0", bits),
        ("0x1_0", "\"128\"", bits),
        ("0x1_0", "99999999999999999999", bits),
    ]);
    for bits in [8, 256] {
        parse(&GOOD.replace("0x1_0", &bits.to_string())).unwrap();
    }
}

#[test]
fn indexes_of_many_columns() {
    let of = |count| {
        let names: Vec<_> = (0..count).map(|number| format!("c{number}")).collect();
        let columns = names.iter().map(|name| format!("columns.{name}.sql-type = \"EncryptedText\"\n"));
        let columns = columns.collect::<String>();
        parse(&format!(
            "[tables.a]\nprimary-key = \"id\"\nindexes.i = {{ context = \"a\", of = {names:?} }}\n{columns}"
        ))
    };
    assert_eq!(of(6).unwrap().tables[0].indexes[0].parts.len(), 6);
    let expected = "encrypted-diesel.toml:3:35: an index can have at most 6 columns";
    assert_eq!(of(7).unwrap_err().to_string(), expected);
}

#[test]
fn indexes_without_a_context() {
    refused(&[
        (
            "context = \"users.both\"",
            "",
            "32:23: `both` has several columns, so it needs a context of its own: write the context that the \
             application uses",
        ),
        (
            "context = \"users.both\"",
            "context = \"\"",
            "32:23: `both` has several columns, so it needs a context of its own: write the context that the \
             application uses",
        ),
        (
            "of = [\"email\"]\ncontext = \"users.email_short\"",
            "of = \"avatar\"",
            "27:23: `email_short` needs a context, but `avatar` has none: write the context that the \
             application uses",
        ),
    ]);
}

#[test]
fn indexes_of_values_with_several_forms() {
    for value in ["float", "decimal", "json"] {
        let expected = format!(
            "33:7: equal values of type {value} may have different plaintext forms, and an index would find only \
             one of them: in the application, write `index(normalize(with(function)))` on the type, and maintain \
             the index with `encrypted_diesel::maintenance::BlindIndexes`"
        );
        let text = GOOD.replace("\"date\"", &format!("{value:?}"));
        assert_eq!(error(&text), expected);
        // A normalizer does not make their forms equal.
        assert_eq!(error(&text.replace("birthday = []", "birthday = [\"trim\"]")), expected);
    }
}

#[test]
fn normalizers() {
    let function = "25:14: only the application can call its functions: in the application, write \
        `index(normalize(with(function)))` on the type, and maintain the index with \
        `encrypted_diesel::maintenance::BlindIndexes`";
    let unknown = |text: &str| {
        format!(
            "25:14: unknown normalizer `{text}`: the known ones are trim, lowercase, nfkc, digits, alphanumeric, \
             first(4), last(4)"
        )
    };
    let characters = |text: &str| {
        format!("25:14: `{text}` needs a number of characters above 0, such as `first(4)` or `last(4)`")
    };
    for text in ["first", "first()", "first(0)", "first(-1)", "first(x)", "last", "last(4294967296)"] {
        refused(&[("\"trim\"", &format!("{text:?}"), &characters(text))]);
    }
    for text in ["", "Trim", "trim()", "first(4", "trim, lowercase"] {
        refused(&[("\"trim\"", &format!("{text:?}"), &unknown(text))]);
    }
    for text in ["with", "with(my::function)"] {
        refused(&[("\"trim\"", &format!("{text:?}"), function)]);
    }
    refused(&[(
        "{ email = [\"trim\"], birthday = [] }",
        "[\"trim\"]",
        "36:13: with several columns, each has its own normalizers: write `normalize = { birthday = [\"trim\"] }`",
    )]);
}

/// One line for each mistake.
#[test]
fn all_mistakes_are_reported_in_the_order_of_the_file() {
    let text = GOOD
        .replace("0x1_0", "1")
        .replace("\"id\"", "1")
        .replace("sql-type", "sqltype")
        .replace("email_plain", "email")
        .replace("of = \"email\"", "of = \"mail\"")
        .replace("context = \"users.both\"", "context = 1");
    let error = error(&text);
    let places: Vec<_> =
        error.lines().filter_map(|line| line.split_once(": ")).map(|(place, _)| place).collect();
    assert_eq!(
        places,
        ["3:15", "6:1", "9:8", "12:1", "17:1", "20:1", "24:6", "30:8", "34:11", "39:26", "40:19"],
        "{error}"
    );
}

#[test]
fn known_places() {
    let error = |list: &str| {
        error(&GOOD.replacen("primary-key = \"id\"", &format!("primary-key = \"id\"\nknown = {list}"), 1))
    };
    let places = "the known ones are history, row-security, triggers, trigger:NAME, rule:NAME, view:NAME, inherits:NAME, partition:NAME, \
                  publication:NAME, column:NAME, foreign-key:NAME, schema:NAME, index:NAME";
    for word in ["triggers:audit", "trigger", "trigger:", "histories", "history:now", ""] {
        assert_eq!(error(&format!("[{word:?}]")), format!("4:10: unknown place `{word}`: {places}"));
    }
    assert_eq!(error("[\"history\", \"history\"]"), "4:21: `history` is listed already: remove it here");
    assert_eq!(error("3"), "4:9: this must be a list of strings: write them in quotes, inside brackets");
}

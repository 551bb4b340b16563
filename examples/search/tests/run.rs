//! Runs the story as a newcomer does: in an empty folder, then again.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

const INDEX_OF_ADA: &str = "lower(hex(email_index)) FROM accounts WHERE id = 1";

const STEPS: [&str; 5] = ["before", "step 1", "step 2", "step 3", "step 4"];

fn search(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_search"));
    command.current_dir(folder);
    command
}

/// Runs it to the end, and returns what it printed.
fn success(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{stderr}");
    assert_eq!(stderr, "");
    String::from_utf8(stdout).unwrap()
}

fn failure(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

/// One run: what it printed, and what the database holds at the end.
struct Story {
    stdout: String,
    /// The number of rows, of different address indexes, and of different number indexes.
    counts: String,
    /// How many rows have the number of the first row.
    with_adas_number: String,
    email_lengths: String,
    index_of_ada: String,
}

static STORY: LazyLock<Story> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let stdout = success(&mut search(&folder));
    let database = &folder.path().join("search.db");
    Story {
        stdout,
        counts: value(
            database,
            "count(*) || ' ' || count(DISTINCT email_index) || ' ' || count(DISTINCT phone_index) FROM accounts",
        ),
        with_adas_number: value(
            database,
            "count(*) FROM accounts WHERE phone_index = (SELECT phone_index FROM accounts WHERE id = 1)",
        ),
        email_lengths: value(database, "min(length(email)) || ' to ' || max(length(email)) FROM accounts"),
        index_of_ada: value(database, INDEX_OF_ADA),
    }
});

/// The text with single spaces, because lines may wrap.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The chapter with this number.
fn chapter(stdout: &str, number: usize) -> String {
    let (_, text) = stdout.split_once(&format!("\n{number}. ")).unwrap();
    words(text.split(&format!("\n{}. ", number + 1)).next().unwrap())
}

/// The five parts of the rotation.
fn steps(stdout: &str) -> [String; 5] {
    let mut text = chapter(stdout, 5);
    let mut parts = STEPS.map(|step| {
        let (part, rest) = text.split_once(&format!("{step} FIELD_INDEX_KEY=")).unwrap();
        let part = part.to_owned();
        text = rest.to_owned();
        part
    });
    // Each was cut at the beginning of the next.
    parts.rotate_left(1);
    parts[4] = text;
    parts
}

/// Each part of `text` between the two.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

fn number_before(text: &str, after: &str) -> usize {
    text.split_once(after).unwrap().0.split(' ').next_back().unwrap().parse().unwrap()
}

fn contains(bytes: &[u8], wanted: &str) -> bool {
    bytes.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

fn assert_no_plaintext(database: &Path) {
    let bytes = fs::read(database).unwrap();
    // Parts of every address, of every number, and of the digits that are digested.
    for part in
        ["example.org", "member.", "+33 1 99 00", "+33 199-001-234", "+33 6 39 98", "3319900", "3363998"]
    {
        assert!(!contains(&bytes, part), "found {part}");
    }
    // A column's name is found, so the search works.
    assert!(contains(&bytes, "phone_last_four"));
}

/// One value of the database, read as any other program does.
fn value(database: &Path, selection: &str) -> String {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        value: String,
    }
    let connection = &mut SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let row: Row = diesel::sql_query(format!("SELECT CAST((SELECT {selection}) AS TEXT) AS value"))
        .get_result(connection)
        .unwrap();
    row.value
}

#[test]
fn runs_twice_from_an_empty_folder() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("search.db");

    let first = success(&mut search(&folder));
    assert!(words(&first).contains("migrations run: 1 old accounts deleted: 0"));
    assert_no_plaintext(&database);
    let first_index = value(&database, INDEX_OF_ADA);

    let second = success(&mut search(&folder));
    assert!(words(&second).contains("migrations run: 0 old accounts deleted: 404"));
    assert_no_plaintext(&database);
    assert_ne!(value(&database, INDEX_OF_ADA), first_index, "each run has its own keys");

    for stdout in [&first, &second] {
        assert!(stdout.lines().all(|line| line.chars().count() <= 100), "{stdout}");
        // An index has 32 hex digits, and a key 64.
        let longest = stdout.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
        assert_eq!(longest, Some(32), "{stdout}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing but the database");
}

#[test]
fn shows_what_the_application_and_the_file_hold() {
    let stdout = &STORY.stdout;
    let sign_up = chapter(stdout, 1);
    for expected in [
        "Ada@Example.org: welcome, your account is 1",
        "ADA@EXAMPLE.ORG: this address already has an account",
        "the database also refuses it: UNIQUE constraint failed: accounts.email_index",
        "email Ada@Example.org ed1:",
        "phone +33 1 99 00 12 34 ed1:",
        "400 more members",
    ] {
        assert!(sign_up.contains(expected), "no {expected:?} in\n{stdout}");
    }

    let log_in = chapter(stdout, 2);
    let stored = between(&sign_up, "characters) email_index ", " phone")[0];
    for expected in [
        r#""Ada@Example.org": account 1, Ada@Example.org"#,
        r#""ada@example.org": account 1, Ada@Example.org"#,
        r#"ADA@EXAMPLE.ORG ": account 1, Ada@Example.org"#,
        r#""ada@example.com": nobody"#,
        "`email_index` IN (?, ?, ?, ?, ?, ?, ?, ?)) -- binds: [[REDACTED], ",
        &format!("the file holds {stored}"),
    ] {
        assert!(log_in.contains(expected), "no {expected:?} in\n{stdout}");
    }

    let file_alone = chapter(stdout, 4);
    for expected in [
        // 402 addresses, one of them typed in lower case, and as many numbers, two of them with the same digits.
        "for 1606 strings",
        "0 found",
        "With another key: the value was encrypted under the key",
        "accounts 1 and 2 have the same phone number",
        "only 8 of them have the same last four digits",
        "71 to 80 characters",
        "digested under another index key: 0 accounts",
        "digested under the real one: 1 account",
    ] {
        assert!(file_alone.contains(expected), "no {expected:?} in\n{stdout}");
    }
    // These statements about the file are true.
    assert_eq!(STORY.counts, "404 404 403");
    assert_eq!(STORY.with_adas_number, "2");
    assert_eq!(STORY.email_lengths, "71 to 80");
}

#[test]
fn the_help_desk_drops_false_hits() {
    let stdout = &STORY.stdout;
    let help_desk = chapter(stdout, 3);

    assert!(help_desk.contains("12-34: Ada@Example.org, theo@example.org"), "{stdout}");
    assert!(help_desk.contains("+33 1 99 00 12 34: Ada@Example.org, theo@example.org"), "{stdout}");
    assert!(help_desk.contains("402 of 402 found in one search each"), "{stdout}");
    assert!(number_before(&help_desk, " in 402 searches") > 0);

    // One index, but different endings.
    let asked_for = between(&help_desk, "asked for ", ":")[1];
    let mut indexes = between(&help_desk, "phone_last_four ", " ");
    indexes.dedup();
    assert_eq!(indexes.len(), 1, "{stdout}");
    let rows: Vec<_> = stdout.lines().filter(|line| line.contains(" phone_last_four ")).collect();
    for (what, ends_alike) in [("right", true), ("a false hit, dropped", false)] {
        let rows: Vec<_> = rows.iter().filter(|row| row.ends_with(what)).collect();
        assert!(!rows.is_empty(), "{what}: {stdout}");
        for row in rows {
            let (phone, _) = row.split_once(" phone_last_four").unwrap();
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(digits.ends_with(asked_for), ends_alike, "{row}");
        }
    }
}

#[test]
fn everybody_is_found_while_the_index_key_changes() {
    let steps = steps(&STORY.stdout);

    // The step, its setting, the number of accounts, and the counts at its end: two indexed values per account.
    for (step, setting, all, rows) in [
        (0, "old found", 402, ["804 current, 0 outdated"].as_slice()),
        (1, "old,new on all", 403, &["806 current, 0 outdated"]),
        (2, "new,old on all", 404, &["2 current, 806 outdated"]),
        (
            3,
            "new,old still",
            404,
            &["302 current, 506 outdated", "602 current, 206 outdated", "808 current, 0 outdated"],
        ),
        (4, "new on all", 404, &["808 current, 0 outdated"]),
    ] {
        let text = &steps[step];
        assert!(text.starts_with(setting), "{step}: {text}");
        let found = format!("found {all} of {all} by address, {all} of {all} by last four digits");
        assert_eq!(text.matches(&found).count(), rows.len(), "{step}: {text}");
        assert_eq!(between(text, "indexed values ", ", 0 mismatched"), rows, "{step}");
    }
    // The same statement, however many keys there are.
    assert!(steps[1].contains("`email_index` IN (?, ?, ?, ?, ?, ?, ?, ?)"));
    assert!(steps[1].contains("still has old also finds the new account 403"));
    assert!(steps[2].contains("still has old,new also finds the new account 404"));
    assert!(steps[2].contains(
        "with new alone, 1 of 404 accounts would be found, and 806 indexed values would not match"
    ));
}

#[test]
fn no_address_is_taken_twice_while_the_index_key_changes() {
    let steps = steps(&STORY.stdout);

    let taken = "this address already has an account";
    for (step, refused) in [
        (1, ["ADA@EXAMPLE.ORG"].as_slice()),
        (2, &["NOUR@EXAMPLE.ORG", "ADA@EXAMPLE.ORG"]),
        (3, &["MINA@EXAMPLE.ORG", "MINA@EXAMPLE.ORG", "MINA@EXAMPLE.ORG"]),
        (4, &["ADA@EXAMPLE.ORG"]),
    ] {
        assert_eq!(steps[step].matches(taken).count(), refused.len(), "{step}");
        for address in refused {
            assert!(steps[step].contains(&format!("sign-up {address}: {taken}")), "{step}: {address}");
        }
    }
    // UNIQUE alone does not catch it between steps 2 and 3, but does again after step 4.
    assert!(steps[2].contains("without the check the database accepts it"));
    assert!(steps[4].contains("without the check the database refuses it again: UNIQUE constraint failed"));
}

#[test]
fn the_file_holds_the_index_of_the_key_that_wrote_it() {
    let indexes = steps(&STORY.stdout).map(|step| {
        between(&step, "the file holds ", " for Ada").into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    let (old, new) = (&indexes[0][0], &indexes[4][0]);
    assert_ne!(old, new);
    // Ada's row is in the first of three batches.
    let expected = [vec![old], vec![old], vec![old], vec![new; 3], vec![new]];
    assert_eq!(indexes.each_ref().map(|step| step.iter().collect::<Vec<_>>()), expected);
    assert_eq!(STORY.index_of_ada, *new);
}

#[test]
fn ignores_all_settings() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".env"), "not a setting").unwrap();
    success(search(&folder).env("FIELD_ENCRYPTION_KEY", "not a key").env("FIELD_INDEX_KEY", "not a key"));
}

#[test]
fn writes_where_the_argument_says() {
    let folder = TempDir::new().unwrap();
    success(search(&folder).arg("named.db"));

    assert_no_plaintext(&folder.path().join("named.db"));
    assert!(!folder.path().join("search.db").exists());
}

#[test]
fn leaves_a_file_that_is_not_a_database_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("letter.txt");
    fs::write(&file, "Dear Ada, this is not a database, however long one looks at it.").unwrap();
    let stderr = failure(search(&folder).arg("letter.txt"));

    assert!(stderr.contains("not a database"), "{stderr}");
    assert!(fs::read_to_string(&file).unwrap().starts_with("Dear Ada"));
}

#[test]
fn leaves_the_accounts_of_another_program_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bank.db");
    SqliteConnection::establish(file.to_str().unwrap())
        .unwrap()
        .batch_execute("CREATE TABLE accounts (balance INTEGER); INSERT INTO accounts VALUES (17)")
        .unwrap();
    let stderr = failure(search(&folder).arg("bank.db"));

    assert!(stderr.contains("table accounts already exists"), "{stderr}");
    assert_eq!(value(&file, "balance FROM accounts"), "17");
}

#[test]
fn refuses_other_arguments() {
    let folder = TempDir::new().unwrap();
    for arguments in [&["--help"][..], &["a.db", "b.db"]] {
        assert_eq!(failure(search(&folder).args(arguments)), "search: usage: search [DATABASE]\n");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

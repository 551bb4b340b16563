#![allow(clippy::unwrap_used, clippy::expect_used)]

use List::{Encryption, Index};
use Place::{First, Last};
use encrypted_diesel::key::KeyError;
use proptest::prelude::*;

use super::*;

const ENCRYPTION: &str = "FIELD_ENCRYPTION_KEY";
const INDEX: &str = "FIELD_INDEX_KEY";

/// The key to add.
fn new_key() -> Key {
    Key::from_hex(&"ab".repeat(32)).unwrap()
}

/// Replaces `NEW` and `K1` to `K3` with keys.
fn with_keys(text: &str) -> String {
    ["1", "2", "3"].iter().fold(text.replace("NEW", new_key().to_hex().expose_secret()), |text, digit| {
        text.replace(&format!("K{digit}"), &format!("{digit}a").repeat(32))
    })
}

fn add(text: &str, list: List, place: Place) -> Result<(String, usize), Problem> {
    change(&with_keys(text), list, &Change::add(&new_key(), place))
        .map(|(text, count)| (text.to_string(), count))
}

#[track_caller]
fn assert_becomes(text: &str, list: List, place: Place, expected: &str) {
    assert_eq!(add(text, list, place).unwrap().0, with_keys(expected), "{text}");
}

#[track_caller]
fn assert_refused(text: &str, list: List, problem: &Problem) {
    for place in [First, Last] {
        assert_eq!(add(text, list, place).unwrap_err().to_string(), problem.to_string(), "{text}");
    }
}

#[test]
fn a_missing_list_becomes_a_line_at_the_end() {
    for place in [First, Last] {
        assert_becomes("", Encryption, place, "FIELD_ENCRYPTION_KEY=NEW\n");
        assert_becomes("A=b\n", Index, place, "A=b\nFIELD_INDEX_KEY=NEW\n");
        assert_becomes("A=b", Encryption, place, "A=b\nFIELD_ENCRYPTION_KEY=NEW\n");
        assert_becomes("# a", Encryption, place, "# a\nFIELD_ENCRYPTION_KEY=NEW\n");
        assert_becomes("A=b\r\n", Encryption, place, "A=b\r\nFIELD_ENCRYPTION_KEY=NEW\r\n");
        assert_becomes("\n\n", Encryption, place, "\n\nFIELD_ENCRYPTION_KEY=NEW\n");
    }
}

#[test]
fn a_blank_list_is_filled() {
    for (before, after) in [
        ("", "NEW"),
        ("\n", "NEW\n"),
        ("\r\n", "NEW\r\n"),
        ("\nA=b\n", "NEW\nA=b\n"),
        (" \n", " NEW\n"),
        ("''\n", "'NEW'\n"),
        ("\"  \"\n", "\"NEW  \"\n"),
        (" # comment\n", "NEW # comment\n"),
        ("   # comment\n", "NEW   # comment\n"),
    ] {
        for place in [First, Last] {
            assert_becomes(&format!("{INDEX}={before}"), Index, place, &format!("{INDEX}={after}"));
        }
    }
}

/// `<` and `>` mark where the new key goes.
#[test]
fn only_the_list_changes() {
    for text in [
        "FIELD_INDEX_KEY=<K1>",
        "FIELD_INDEX_KEY=<K1,K2,K3>\n",
        "FIELD_INDEX_KEY=<K1>\r\nA=b\r\n",
        "FIELD_INDEX_KEY = <K1>  \n",
        "FIELD_INDEX_KEY\t=\t<K1>\t# comment\n",
        "  export FIELD_INDEX_KEY=<K1>\n",
        "export\tFIELD_INDEX_KEY=<K1>\n",
        "FIELD_INDEX_KEY='<K1, K2>'\n",
        "FIELD_INDEX_KEY=\"< K1 , K2> \" # comment, with commas\n",
        "FIELD_INDEX_KEY=<K1> # comment, with commas",
        "FIELD_INDEX_KEY='<K1,\nK2>\n'\nA=b\n",
        "#FIELD_INDEX_KEY=K2\n # FIELD_INDEX_KEY=K2\nFIELD_INDEX_KEY=<K1>\n",
        "FIELD_INDEX_KEYS=K2\nMY_FIELD_INDEX_KEY=K2\nexportFIELD_INDEX_KEY=K2\nFIELD_INDEX_KEY=<K1>\n",
        "A='\nFIELD_INDEX_KEY=K2\n'\nFIELD_INDEX_KEY=<K1>\nB=\"\nFIELD_INDEX_KEY=K2\"\n",
        "A=K2\nFIELD_INDEX_KEY=<${A},K1>\n",
        "FIELD_INDEX_KEY=<K1>\nFIELD_ENCRYPTION_KEY=K2\n",
        "FIELD_INDEX_KEY=<K1>\nFIELD_ENCRYPTION_KEY=\n",
        "FIELD_INDEX_KEY=<K1>\nFIELD_ENCRYPTION_KEY_FILE=/keys\n",
        "\n\n# Umlaute: äöü\nA=ä\nFIELD_INDEX_KEY=<K1>\n\n\n",
    ] {
        let before = text.replace(['<', '>'], "");
        assert_becomes(&before, Index, First, &text.replace('<', "NEW,").replace('>', ""));
        assert_becomes(&before, Index, Last, &text.replace('>', ",NEW").replace('<', ""));
    }
}

#[test]
fn the_keys_of_the_list_are_counted() {
    let count = |text: &str| add(text, Encryption, First).unwrap().1;
    assert_eq!(count(""), 1);
    assert_eq!(count("FIELD_ENCRYPTION_KEY=\nFIELD_INDEX_KEY=K1,K2,K3\n"), 1);
    assert_eq!(count("FIELD_ENCRYPTION_KEY=K1\nFIELD_INDEX_KEY=K2\n"), 2);
    assert_eq!(count("FIELD_ENCRYPTION_KEY='K1, K2'\n"), 3);
}

#[test]
fn a_variable_that_is_set_twice_is_refused() {
    for text in
        ["NAME=K1\nNAME=K2\n", "NAME=\nexport NAME=K1\n", "NAME=\nNAME=\n", "NAME=K1\nA=b\n NAME = K1\n"]
    {
        for variable in [ENCRYPTION, INDEX] {
            let text = text.replace("NAME", variable);
            // The other list is read as well, so this goes for both.
            assert_refused(&text, Encryption, &Problem::Twice { variable });
            assert_refused(&text, Index, &Problem::Twice { variable });
        }
    }
}

#[test]
fn keys_in_another_place_are_refused() {
    for (list, name) in [(Encryption, ENCRYPTION), (Index, INDEX)] {
        for (form, variable) in ["_FILE", "_COMMAND"].into_iter().zip(list.forms()) {
            for text in ["FORM=/keys\n", "NAME=K1\nFORM=/keys\n", "FORM=\n"] {
                let text = text.replace("FORM", &format!("{name}{form}")).replace("NAME", name);
                assert_refused(&text, list, &Problem::Elsewhere { variable });
            }
        }
    }
}

/// What the list of encryption keys becomes.
fn changed(list: &str, change_of: &Change) -> String {
    let (text, _) =
        change(&with_keys(&format!("A=b\n{ENCRYPTION}={list}\nC=d\n")), Encryption, change_of).unwrap();
    let text = text.strip_prefix(&format!("A=b\n{ENCRYPTION}=")).unwrap();
    text.strip_suffix("\nC=d\n").unwrap().to_owned()
}

#[test]
fn a_key_is_moved_to_the_front_or_dropped() {
    for (list, position, promoted, dropped) in [
        ("K1,K2,K3", 1, "K2,K1,K3", "K1,K3"),
        ("K1,K2,K3", 2, "K3,K1,K2", "K1,K2"),
        ("'K1,K2,K3'", 1, "'K2,K1,K3'", "'K1,K3'"),
        ("K1,K2 # why", 1, "K2,K1 # why", "K1 # why"),
        ("\"K1,\n  K2\"", 1, "\"\n  K2,K1\"", "\"K1\""),
    ] {
        assert_eq!(changed(list, &Change::Promote { position }), with_keys(promoted), "{list}");
        assert_eq!(changed(list, &Change::Drop { position }), with_keys(dropped), "{list}");
    }
}

#[test]
fn an_entry_of_a_service_is_quoted_for_shells() {
    let wrapped = || Zeroizing::new(format!("aws-kms://arn?wrapped=A&check={}", "0".repeat(32)));
    let quoted = format!("'{}'", wrapped().as_str());
    let replace = || Change::Replace { position: 0, entry: wrapped() };
    assert_eq!(changed("K1", &replace()), quoted);
    assert_eq!(changed("'K1'", &replace()), quoted);
    assert_eq!(changed("\"K1\"", &replace()), quoted.replace('\'', "\""));
    assert_eq!(changed("K1 # why", &replace()), format!("{quoted} # why"));
    let add = Change::Add { entry: wrapped(), place: Last };
    assert_eq!(changed("", &add), quoted);
    let (text, count) = change("", Encryption, &add).unwrap();
    assert_eq!((text.as_str(), count), (format!("{ENCRYPTION}={quoted}\n").as_str(), 1));
}

#[test]
fn malformed_lists_are_refused() {
    let id = Key::from_hex(&"1a".repeat(32)).unwrap().id();
    for (keys, problem) in [
        ("K1,", KeyError::EmptyEntry { position: 2 }),
        (",K1", KeyError::EmptyEntry { position: 1 }),
        ("K1,1", KeyError::Length { position: 2, length: 1 }),
        ("K1K1", KeyError::Length { position: 1, length: 128 }),
        (&"x".repeat(64), KeyError::NotHex { position: 1 }),
        ("K1,K2,K1", KeyError::Repeated { id }),
    ] {
        for variable in [ENCRYPTION, INDEX] {
            let problem = Problem::List { variable, problem: problem.clone() };
            assert_refused(&format!("{variable}={keys}\n"), Encryption, &problem);
            assert_refused(&format!("{variable}={keys}\n"), Index, &problem);
        }
    }
    let shared = Problem::List { variable: INDEX, problem: KeyError::Shared { id } };
    assert_refused("FIELD_INDEX_KEY=K1\nFIELD_ENCRYPTION_KEY=K2,K1\n", Encryption, &shared);
    assert_refused("FIELD_INDEX_KEY=K1\nFIELD_ENCRYPTION_KEY=K2,K1\n", Index, &shared);
}

#[test]
fn a_key_that_is_listed_already_is_refused() {
    let id = new_key().id();
    let of = |variable, problem| Problem::List { variable, problem };
    assert_refused("FIELD_ENCRYPTION_KEY=NEW\n", Encryption, &of(ENCRYPTION, KeyError::Repeated { id }));
    assert_refused("FIELD_INDEX_KEY=K1,NEW\n", Index, &of(INDEX, KeyError::Repeated { id }));
    assert_refused("FIELD_INDEX_KEY=NEW\n", Encryption, &of(INDEX, KeyError::Shared { id }));
    assert_refused("FIELD_ENCRYPTION_KEY=NEW\n", Index, &of(INDEX, KeyError::Shared { id }));
}

#[test]
fn lines_that_dotenvy_cannot_parse_are_refused() {
    for text in [
        "A=b c\n",
        "A='b\n",
        "A\n",
        "FIELD_ENCRYPTION_KEY=K1, K2\n",
        "FIELD_ENCRYPTION_KEY=K1 ",
        "FIELD_ENCRYPTION_KEY='K1\n",
        "A=1\n\u{feff}FIELD_ENCRYPTION_KEY=K1\n",
    ] {
        assert_refused(text, Encryption, &Problem::Line);
    }
}

#[test]
fn a_byte_order_mark_stays() {
    let text = "\u{feff}FIELD_ENCRYPTION_KEY=K1\r\n";
    assert_becomes(text, Encryption, First, "\u{feff}FIELD_ENCRYPTION_KEY=NEW,K1\r\n");
    assert_becomes(text, Index, First, "\u{feff}FIELD_ENCRYPTION_KEY=K1\r\nFIELD_INDEX_KEY=NEW\r\n");
}

#[test]
fn an_edit_that_would_change_more_than_the_list_is_refused() {
    for text in [
        "FIELD_ENCRYPTION_KEY=#comment\n",
        "FIELD_ENCRYPTION_KEY=${NOT_SET_ANYWHERE}\n",
        "FIELD_ENCRYPTION_KEY=K1\nA=${FIELD_ENCRYPTION_KEY}\n",
    ] {
        assert_refused(text, Encryption, &Problem::Unproven { variable: ENCRYPTION });
    }
}

#[test]
fn a_list_of_several_quoted_parts_is_refused_if_the_order_would_change() {
    let text = "FIELD_ENCRYPTION_KEY='K1,'\"K2\"\n";
    assert_becomes(text, Encryption, First, "FIELD_ENCRYPTION_KEY='NEW,K1,'\"K2\"\n");
    let text = "FIELD_ENCRYPTION_KEY='K1',K2\n";
    let problem = add(text, Encryption, Last).unwrap_err();
    assert!(matches!(problem, Problem::Unproven { variable: ENCRYPTION }), "{problem}");
}

proptest! {
    /// Any file is either refused, or keeps all of its text and gains one key.
    #[test]
    fn any_text(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("FIELD_ENCRYPTION_KEY"), Just("FIELD_INDEX_KEY"), Just("FIELD_ENCRYPTION_KEY=K1"),
                Just("FIELD_INDEX_KEY=K2"), Just("K1"), Just("K3"), Just("A="), Just("export "), Just("="),
                Just(","), Just(" "), Just("\t"), Just("\n"), Just("\n"), Just("\r\n"), Just("'"), Just("\""),
                Just("\\"), Just("#"), Just(" # "), Just("$"), Just("${A}"), Just("ä"), Just("\u{a0}"),
            ],
            0..14,
        ),
        is_index: bool,
        is_last: bool,
    ) {
        let text = with_keys(&parts.concat());
        let list = if is_index { Index } else { Encryption };
        let place = if is_last { Last } else { First };
        let Ok((changed, _)) = change(&text, list, &Change::add(&new_key(), place)) else { return Ok(()) };
        let hex = new_key().to_hex();
        let (before, after) = changed.split_once(hex.expose_secret()).unwrap();
        let rests = [
            format!("{before}{after}"),
            format!("{before}{}", after.strip_prefix(',').unwrap_or(after)),
            format!("{}{after}", before.strip_suffix(',').unwrap_or(before)),
        ];
        let line = format!("{}=", list.variable());
        let is_appended = rests[0].strip_prefix(&text).is_some_and(|rest| rest.trim() == line);
        prop_assert!(rests.contains(&text) || is_appended, "{text:?} became {:?}", *changed);
    }
}

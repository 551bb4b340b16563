#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::error::Error as StdError;
use std::io::ErrorKind;

use super::*;
use crate::key::{Key, KeyId};

/// The places that keys come from, without a process: pairs of a name and what it holds.
#[derive(Default)]
struct World<'a> {
    environment: &'a [(&'a str, &'a str)],
    dotenv: &'a [(&'a str, &'a str)],
    files: &'a [(&'a str, &'a str)],
    programs: &'a [(&'a str, &'a str)],
}

impl World<'_> {
    fn read(&self) -> Result<Keyring, Error> {
        let look_up = |pairs: &[(&str, &str)], name: &str| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| SecretString::from(*value))
        };
        let setting = |value: SecretString| Setting { value, place: None };
        read(&Sources {
            environment: &|name| match look_up(self.environment, name) {
                Some(value) if value.expose_secret() == NOT_UNICODE => {
                    Err(super::invalid(name, &None)(KeyError::NotUnicode))
                }
                value => Ok(value.map(setting)),
            },
            env_file: &|name| Ok(look_up(self.dotenv, name).map(setting)),
            run: &|line| look_up(self.programs, line).ok_or(CommandProblem::Failed(1)),
            read_file: &|path| {
                look_up(self.files, path.to_str().unwrap())
                    .ok_or(KeyError::UnreadableFile { reason: ErrorKind::NotFound })
            },
        })
    }

    /// The ids of the encryption keys that are read.
    fn ids(&self) -> Vec<KeyId> {
        self.read().unwrap().key_ids().collect()
    }
}

/// Stands for a value that is not UTF-8.
const NOT_UNICODE: &str = "<not unicode>";

const A: &str = "0123456789abcdeffedcba98765432100123456789abcdeffedcba9876543210";
const B: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const C: &str = "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f";

const KEY: &str = "FIELD_ENCRYPTION_KEY";
const KEY_FILE: &str = "FIELD_ENCRYPTION_KEY_FILE";
const INDEX_KEY: &str = "FIELD_INDEX_KEY";
const INDEX_KEY_FILE: &str = "FIELD_INDEX_KEY_FILE";

fn id(digits: &str) -> KeyId {
    Key::from_hex(digits).unwrap().id()
}

/// The variable and the problem of an [`Error::InvalidVariable`].
fn invalid(world: &World<'_>) -> (&'static str, KeyError) {
    match world.read() {
        Err(error @ Error::InvalidVariable { variable, .. }) => {
            let shown = error.to_string();
            assert!(
                shown.starts_with(&format!("{variable}: ")) || shown.starts_with(&format!("{variable} (")),
                "{shown}"
            );
            let Error::InvalidVariable { problem, .. } = error else { unreachable!() };
            (variable, problem)
        }
        other => panic!("{other:?}"),
    }
}

/// All that an error shows: its message, its `Debug`, and those of its sources.
fn all_texts(error: &dyn StdError) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    if let Some(source) = error.source() {
        texts += &all_texts(source);
    }
    texts
}

/// No eight characters of the key are shown, in any case.
#[track_caller]
fn assert_does_not_show(error: &Error, key: &str) {
    let texts = all_texts(error).to_lowercase();
    let key: Vec<char> = key.to_lowercase().chars().collect();
    assert!(key.len() >= 8);
    for window in key.windows(8) {
        let window: String = window.iter().collect();
        assert!(!texts.contains(&window), "`{window}` is shown: {texts}");
    }
}

#[test]
fn the_environment_gives_the_keys() {
    let list = format!("{A},{B}");
    let world = World { environment: &[(KEY, &list)], ..World::default() };
    assert_eq!(world.ids(), [id(A), id(B)]);
    assert_eq!(world.read().unwrap().index_key_ids().count(), 0);
}

#[test]
fn what_the_environment_lacks_comes_from_dotenv() {
    let world = World { dotenv: &[(KEY, A)], ..World::default() };
    assert_eq!(world.ids(), [id(A)]);

    let world = World { environment: &[(KEY, A)], dotenv: &[(INDEX_KEY, B)], ..World::default() };
    assert_eq!(world.ids(), [id(A)]);
    assert_eq!(world.read().unwrap().index_key_ids().collect::<Vec<_>>(), [id(B)]);
}

#[test]
fn the_environment_wins_over_dotenv() {
    let world = World { environment: &[(KEY, A)], dotenv: &[(KEY, B)], ..World::default() };
    assert_eq!(world.ids(), [id(A)]);
}

/// A variable in one layer and its `_FILE` form in the other do not contradict each other.
#[test]
fn the_environment_wins_over_dotenv_as_a_whole() {
    let files = &[("/run/key", C)];
    let world =
        World { environment: &[(KEY, A)], dotenv: &[(KEY_FILE, "/run/key")], files, ..World::default() };
    assert_eq!(world.ids(), [id(A)]);

    let world =
        World { environment: &[(KEY_FILE, "/run/key")], dotenv: &[(KEY, A)], files, ..World::default() };
    assert_eq!(world.ids(), [id(C)]);

    let world = World {
        environment: &[(KEY, A)],
        dotenv: &[(KEY, B), (KEY_FILE, "/run/key")],
        files,
        ..World::default()
    };
    assert_eq!(world.ids(), [id(A)]);
}

/// A mistake in the environment must not be covered by an older key in `.env`.
#[test]
fn a_bad_value_in_the_environment_does_not_fall_back_to_dotenv() {
    let world = World { environment: &[(KEY, "")], dotenv: &[(KEY, A)], ..World::default() };
    assert_eq!(invalid(&world), (KEY, KeyError::Empty));

    let world = World { environment: &[(KEY_FILE, "/gone")], dotenv: &[(KEY, A)], ..World::default() };
    assert!(matches!(invalid(&world), (KEY_FILE, KeyError::UnreadableFile { .. })));
}

#[test]
fn a_file_gives_the_keys() {
    let list = format!("{A},\n{B}\n");
    let files =
        &[("/run/one", &*format!("{A}\n")), ("/run/two", &*list), ("/run/crlf", &*format!("{A}\r\n"))];
    for (path, keys) in [("/run/one", &[A][..]), ("/run/two", &[A, B]), ("/run/crlf", &[A])] {
        for world in [
            World { environment: &[(KEY_FILE, path)], files, ..World::default() },
            World { dotenv: &[(KEY_FILE, path)], files, ..World::default() },
        ] {
            assert_eq!(world.ids(), keys.iter().map(|key| id(key)).collect::<Vec<_>>());
        }
    }
}

#[test]
fn index_keys_come_from_their_own_variable_or_file() {
    let list = format!("{B},{C}");
    let files: &[(&str, &str)] = &[("/run/index", &list)];
    for variable in [(INDEX_KEY, &*list), (INDEX_KEY_FILE, "/run/index")] {
        let ring = World { environment: &[(KEY, A), variable], files, ..World::default() }.read().unwrap();
        assert_eq!(ring.key_ids().collect::<Vec<_>>(), [id(A)]);
        assert_eq!(ring.index_key_ids().collect::<Vec<_>>(), [id(B), id(C)]);
    }
}

#[test]
fn a_missing_key_is_an_error_that_names_the_variable() {
    for world in [World::default(), World { environment: &[(INDEX_KEY, B)], ..World::default() }] {
        let error = world.read().unwrap_err();
        assert!(matches!(error, Error::MissingKey { variable: KEY, .. }));
        assert!(error.to_string().contains(KEY) && error.to_string().contains(KEY_FILE), "{error}");
    }
}

#[test]
fn a_variable_and_its_file_form_in_one_layer_are_ambiguous() {
    let files = &[("/run/key", A)];
    let both = &[(KEY, A), (KEY_FILE, "/run/key")];
    assert_eq!(invalid(&World { environment: both, files, ..World::default() }), (KEY, KeyError::Ambiguous));
    assert_eq!(invalid(&World { dotenv: both, files, ..World::default() }), (KEY, KeyError::Ambiguous));

    let both = &[(KEY, A), (INDEX_KEY, B), (INDEX_KEY_FILE, "/run/key")];
    let world = World { environment: both, files, ..World::default() };
    assert_eq!(invalid(&world), (INDEX_KEY, KeyError::Ambiguous));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_that_names_the_variable() {
    let problem = || KeyError::UnreadableFile { reason: ErrorKind::NotFound };

    let world = World { environment: &[(KEY_FILE, "/run/gone")], ..World::default() };
    assert_eq!(invalid(&world), (KEY_FILE, problem()));

    let world = World { environment: &[(KEY, A), (INDEX_KEY_FILE, "/run/gone")], ..World::default() };
    assert_eq!(invalid(&world), (INDEX_KEY_FILE, problem()));
}

#[test]
fn a_value_that_is_not_utf_8_is_an_error_that_names_the_variable() {
    for name in [KEY, KEY_FILE] {
        let world = World { environment: &[(name, NOT_UNICODE)], ..World::default() };
        assert_eq!(invalid(&world), (name, KeyError::NotUnicode));
    }
}

/// It is the form that was used which is named, `_FILE` or not.
#[test]
fn a_malformed_key_is_an_error_that_names_the_variable() {
    let (short, files) = (&A[1..], &[("/run/short", &A[1..])]);
    let problem = || KeyError::Length { position: 1, length: 63 };
    for (environment, variable) in [
        (&[(KEY, short)][..], KEY),
        (&[(KEY_FILE, "/run/short")], KEY_FILE),
        (&[(KEY, A), (INDEX_KEY, short)], INDEX_KEY),
        (&[(KEY, A), (INDEX_KEY_FILE, "/run/short")], INDEX_KEY_FILE),
    ] {
        let world = World { environment, files, ..World::default() };
        assert_eq!(invalid(&world), (variable, problem()));
    }
}

#[test]
fn an_index_key_that_encrypts_too_is_an_error() {
    let list = format!("{A},{B}");
    let world = World { environment: &[(KEY, &list), (INDEX_KEY, B)], ..World::default() };
    assert_eq!(invalid(&world), (INDEX_KEY, KeyError::Shared { id: id(B) }));
}

#[test]
fn no_error_shows_any_part_of_a_key() {
    let lists = [
        A[1..].to_owned(),
        format!("{A}0"),
        format!("0x{A}"),
        format!("\"{A}\""),
        format!("{A}{B}"),
        format!("{A};{B}"),
        format!("{A} {B}"),
        format!("{A},"),
        format!("{A},,{B}"),
        format!("{A},{A}"),
        format!("{A},{}", A.to_uppercase()),
        format!("{A},{}", &B[..63]),
        format!("{}g{}", &A[..31], &A[32..]),
        format!("{}é{}", &A[..31], &A[32..]),
        format!("{} {}", &A[..31], &A[32..]),
        format!("{KEY}={A}"),
    ];
    for list in &lists {
        let files: &[(&str, &str)] = &[("/run/key", list)];
        for environment in [
            &[(KEY, &**list)][..],
            &[(KEY_FILE, "/run/key")],
            &[(KEY, C), (INDEX_KEY, list)],
            &[(KEY, C), (INDEX_KEY_FILE, "/run/key")],
            &[(KEY, list), (KEY_FILE, list)],
        ] {
            let error = World { environment, files, ..World::default() }.read().unwrap_err();
            assert_does_not_show(&error, A);
            assert_does_not_show(&error, B);
            assert_does_not_show(&error, C);
        }
    }

    let shared = World { environment: &[(KEY, A), (INDEX_KEY, A)], ..World::default() };
    assert_does_not_show(&shared.read().unwrap_err(), A);
}

/// A mistake that is easily made: `KEY_FILE=$(cat key)`.
#[test]
fn a_key_in_the_place_of_a_path_is_not_shown() {
    let list = format!("{A},{B}");
    for value in [A, &A[1..], &list] {
        for environment in [&[(KEY_FILE, value)][..], &[(KEY, C), (INDEX_KEY_FILE, value)]] {
            let error = World { environment, ..World::default() }.read().unwrap_err();
            assert_does_not_show(&error, A);
            assert_does_not_show(&error, C);
        }
    }
}

const KEY_COMMAND: &str = "FIELD_ENCRYPTION_KEY_COMMAND";
const INDEX_KEY_COMMAND: &str = "FIELD_INDEX_KEY_COMMAND";

#[test]
fn a_program_prints_the_keys() {
    let programs = &[("pass show keys", A), ("pass show index", B)];
    let environment = &[(KEY_COMMAND, "pass show keys"), (INDEX_KEY_COMMAND, "pass show index")];
    let ring = World { environment, programs, ..World::default() }.read().unwrap();
    assert_eq!((ring.primary_id(), ring.index_key_ids().collect::<Vec<_>>()), (id(A), vec![id(B)]));
}

#[test]
fn a_program_that_fails_is_an_error() {
    let world = World { environment: &[(KEY_COMMAND, "pass show keys")], ..World::default() };
    let reason = CommandProblem::Failed(1);
    assert_eq!(invalid(&world), (KEY_COMMAND, KeyError::Command { reason }));
}

#[test]
fn a_file_of_settings_cannot_run_a_program() {
    let programs = &[("pass show keys", A)];
    let world = World { dotenv: &[(KEY_COMMAND, "pass show keys")], programs, ..World::default() };
    assert_eq!(invalid(&world), (KEY_COMMAND, KeyError::CommandInFile));
    // The environment's keys are enough.
    let world = World { environment: &[(KEY, B)], ..world };
    assert_eq!(world.ids(), [id(B)]);
}

#[test]
fn two_forms_of_a_variable_are_ambiguous() {
    let programs = &[("pass show keys", A)];
    for other in [KEY, KEY_FILE] {
        let environment = &[(KEY_COMMAND, "pass show keys"), (other, A)];
        let world = World { environment, programs, ..World::default() };
        assert_eq!(invalid(&world), (KEY, KeyError::Ambiguous));
    }
}

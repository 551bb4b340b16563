#![allow(clippy::unwrap_used, clippy::expect_used)]

use secrecy::ExposeSecret;

use super::*;

const NAME: &str = "KEY";

fn get(text: impl AsRef<[u8]>) -> Result<Option<(usize, String)>, (usize, KeyError)> {
    let file = EnvFile::parse(Path::new(".env"), text.as_ref(), Ok(())).map_err(|problem| (0, problem))?;
    let line = |place: &str| place.strip_prefix(".env, line ").unwrap().parse().unwrap();
    match file.get(NAME) {
        Ok(found) => Ok(found.map(|found| (line(&found.place), found.value.expose_secret().to_owned()))),
        Err(wrong) => Err((line(&wrong.place), wrong.problem)),
    }
}

fn is(line: usize, value: &str) -> Result<Option<(usize, String)>, (usize, KeyError)> {
    Ok(Some((line, value.to_owned())))
}

#[test]
fn a_variable_is_found_with_its_line() {
    assert_eq!(get("KEY=a"), is(1, "a"));
    assert_eq!(get("# note\n\nOTHER=1\r\nexport KEY = 'a'\r\n"), is(4, "a"));
    assert_eq!(get("OTHER='1\n2'\n# 'note\nKEY=\"a\nb\" # note\nMORE=1\n"), is(4, "a\nb"));
    assert_eq!(get("KEY=a "), is(1, "a"));
    assert_eq!(get("KEY="), is(1, ""));
    assert_eq!(get(""), Ok(None));
    assert_eq!(get("KEY_FILE=a\nMY_KEY=b\n#KEY=c\n"), Ok(None));
}

#[test]
fn a_byte_order_mark_is_accepted_and_utf_16_is_named() {
    assert_eq!(get("\u{feff}KEY=a\n"), is(1, "a"));
    assert_eq!(get(b"\xFF\xFEK\0E\0Y\0"), Err((0, KeyError::Utf16)));
    assert_eq!(get(b"\xFE\xFF\0K\0E\0Y"), Err((0, KeyError::Utf16)));
}

#[test]
fn a_variable_that_is_set_twice_is_refused() {
    for second in ["KEY=b", "export KEY=b", "KEY=", "KEY=a", " KEY = 'b'"] {
        assert_eq!(
            get(format!("KEY=a\n\n{second}\n")),
            Err((3, KeyError::SetTwice { first: 1 })),
            "{second}"
        );
    }
    assert_eq!(get("KEY=a\n#KEY=b\nKEY_FILE=c\nA='\nKEY=b\n'\n"), is(1, "a"));
}

#[test]
fn a_broken_line_stops_only_the_variable_that_it_is_about() {
    for other in ["A=b c", "A=it's", "nonsense", "A", "=", "KEYS=a b", "A=\\x", "A=${"] {
        assert_eq!(get(format!("KEY=a\n{other}")), is(1, "a"), "{other}");
    }
    for other in ["A=b c", "nonsense", "1A=2"] {
        assert_eq!(get(format!("{other}\nKEY=a\n")), is(2, "a"), "{other}");
        assert_eq!(get(other), Ok(None), "{other}");
    }
    for own in ["KEY=a b", "KEY='a", "KEY", "export KEY", "KEY: a", " KEY=a\\x"] {
        assert_eq!(get(format!("A=1\n{own}\n")), Err((2, KeyError::UnreadableLine)), "{own}");
    }
}

/// A quote that is not closed swallows the lines after it.
#[test]
fn a_variable_inside_the_quotes_of_another_line_is_an_error() {
    for text in ["A=1\nB='b\nKEY=a\n", "A=1\nB=it's\nKEY=a\nC='\n", "A=1\nB=\"b\nKEY=\"a\n"] {
        assert_eq!(get(text), Err((2, KeyError::UnreadableLine)), "{text}");
    }
}

#[test]
fn a_value_in_which_a_variable_would_be_replaced_is_refused() {
    for value in ["a$x", "$x", "${x}", "a$", "\"a$x\"", "'a'$x", "a\\\\$x", "$HOME", "a$1", "\"'$x'\""] {
        assert_eq!(get(format!("KEY={value}\n")), Err((1, KeyError::Substitution)), "{value}");
    }
    for (value, expected) in [
        ("'a$x'", "a$x"),
        ("a\\$x", "a$x"),
        ("\"a\\$x\"", "a$x"),
        ("a # $x", "a"),
        ("'a' #$x", "a"),
        ("\\\\\\$x", "\\$x"),
    ] {
        assert_eq!(get(format!("KEY={value}\n")), is(1, expected), "{value}");
    }
    assert_eq!(get("A=$x\nKEY=a\nB=\"$y\"\n"), is(2, "a"));
}

#[test]
fn bytes_that_are_not_utf_8_matter_only_in_the_value() {
    assert_eq!(get(b"# caf\xE9\nKEY=a\n"), is(2, "a"));
    assert_eq!(get(b"# caf\xE9\nKEY=\xE9\n"), Err((2, KeyError::NotUnicode)));
    assert_eq!(get("KEY=\u{fffd}\n"), is(1, "\u{fffd}"));
}

#[test]
fn a_file_that_is_not_trusted_is_an_error_only_where_it_is_used() {
    let file = EnvFile::parse(Path::new("/etc/our.env"), b"KEY=a\n", Err(KeyError::WritableFile)).unwrap();
    assert!(file.get("OTHER").unwrap().is_none());
    let Err(Wrong { place, problem }) = file.get("KEY") else { panic!("it was used") };
    assert_eq!((&*place, problem), ("/etc/our.env, line 1", KeyError::WritableFile));
}

/// dotenvy's error quotes the line.
#[test]
fn no_error_shows_the_line() {
    for text in ["KEY=s3cret x", "KEY='s3cret", "KEY=s3cret\nKEY=s3cret", "KEY=s3cret$x"] {
        let (_, problem) = get(text).unwrap_err();
        assert!(!format!("{problem} {problem:?}").contains("s3cret"), "{problem}");
    }
}

/// It would wait for somebody who writes into it.
#[cfg(unix)]
#[test]
fn a_pipe_is_refused() {
    let folder = std::env::temp_dir().join(format!("encrypted-diesel-pipe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(".env");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let opened = EnvFile::open(&path).map(|_| ());
    std::fs::remove_dir_all(&folder).unwrap();
    let reason = ErrorKind::InvalidInput;
    assert_eq!(opened.unwrap_err().problem, KeyError::UnreadableFile { reason });
}

//! The command line, which may hold a key or a password in a wrong place. No message repeats it.

use std::env;

use crate::terminal;

const HIDDEN: &str = "***";

/// Hides each argument that looks like a secret, for messages of this program.
pub(crate) fn hide_secrets(text: &str) -> String {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    hide(text, &arguments, |before, argument| {
        // Messages about the database show its URL without the password.
        let is_url = before == Some("--database-url") || argument.starts_with("--database-url=");
        is_key(argument) || (!is_url && is_url_or_password(argument))
    })
}

/// Hides each argument that is not a plain word, for messages of clap.
pub(crate) fn hide_values(text: &str) -> String {
    let arguments: Vec<_> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    hide(text, &arguments, |_, argument| !is_plain(argument))
}

/// Whether the text may hold a key: 32 hex digits in a row, or as many between other characters.
pub(crate) fn is_key(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count();
    text.split(|letter: char| !letter.is_ascii_hexdigit()).any(|run| run.len() >= 32)
        || (digits >= 48 && digits + 16 >= letters)
}

/// Whether the text may be a database's URL, or settings with a password.
pub(crate) fn is_url_or_password(text: &str) -> bool {
    let lower = text.to_lowercase();
    let before_at = text.rsplit_once('@').map_or("", |(before, _)| before);
    ["://", "password", "passwd", "pwd", "key="].iter().any(|part| lower.contains(part))
        || before_at.contains(':')
}

/// A word such as `users.email` or `--jobs`, which is neither a key nor an id.
fn is_plain(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '-' | '_' | '.');
    let is_hex = text.trim_start_matches('-').chars().all(|letter| letter.is_ascii_hexdigit());
    text.len() < 8 || (text.chars().all(is_letter) && !is_hex)
}

fn hide(text: &str, arguments: &[String], is_secret: impl Fn(Option<&str>, &str) -> bool) -> String {
    let mut hidden = Vec::new();
    let mut before = None;
    for argument in arguments {
        let (option, value) = argument.split_once('=').unzip();
        for part in option.into_iter().chain(value).chain([argument.as_str()]) {
            if is_secret(before, part) && is_secret(before, argument) {
                hidden.push((part, HIDDEN.to_owned()));
            } else if part.contains(terminal::acts) {
                hidden.push((part, terminal::one_line(part)));
            }
        }
        before = Some(argument.as_str());
    }
    // The longest first, since one may be part of another.
    hidden.sort_by_key(|(part, _)| std::cmp::Reverse(part.len()));
    let hidden = hidden.iter().filter(|(part, _)| !part.is_empty());
    hidden.fold(text.to_owned(), |text, (part, shown)| text.replace(part, shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    #[test]
    fn keys_urls_and_ids_are_told_from_words() {
        let list = format!("{KEY},{KEY}");
        let spaced =
            KEY.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(" ");
        for key in [
            KEY,
            &KEY[1..],
            &list,
            &format!("FIELD_INDEX_KEY={KEY}"),
            &spaced,
            &format!("{}g{}", &KEY[..31], &KEY[32..]),
        ] {
            assert!(is_key(key) && !is_plain(key), "{key}");
        }
        for url in [
            "postgres://ada:s3cret@host/clinic",
            "ada:s3cret@postgres://host",
            "postgres:ada:s3cret@host",
            "ada:s3cret@host",
            "host=a PASSWORD=s3cret",
            "file:/clinic.db?key=s3cret",
        ] {
            assert!(is_url_or_password(url) && !is_plain(url), "{url}");
        }
        for word in ["users.email", "--database-url", "rotate", "encrypted-diesel.toml", "--json", "1000"] {
            assert!(!is_key(word) && !is_url_or_password(word) && is_plain(word), "{word}");
        }
        for id in ["deadbeef", "fc4b3d0b", "123-45-6789", "--deadbeef", "ada@example.org"] {
            assert!(!is_plain(id), "{id}");
        }
    }

    #[test]
    fn an_argument_is_hidden_with_and_without_its_option() {
        let arguments = [format!("--config={KEY}"), "--json".to_owned()];
        let shown =
            hide(&format!("no file {KEY}, or --config={KEY} --json"), &arguments, |_, part| is_key(part));
        assert_eq!(shown, "no file ***, or *** --json");
        let arguments = [format!("--{KEY}=x")];
        assert_eq!(
            hide(&format!("unexpected --{KEY}"), &arguments, |_, part| is_key(part)),
            "unexpected ***"
        );
    }
}

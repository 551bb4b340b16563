//! The parts of a URL that no message shows.

use std::ops::Range;

use crate::arguments::is_key;

pub(super) const HIDDEN: &str = "***";

/// The characters that end a password unless they are percent-encoded.
const DELIMITERS: [char; 5] = ['/', '@', ':', '?', '#'];

/// The ends of the names of parameters and keywords whose values are secret.
const SECRET: [&str; 7] = ["password", "passwd", "pwd", "passphrase", "passcode", "secret", "token"];

/// The places of secrets in a URL, in its order.
pub(super) struct Secrets<'a> {
    url: &'a str,
    ranges: Vec<Range<usize>>,
}

impl<'a> Secrets<'a> {
    pub(super) fn of(url: &'a str) -> Self {
        let mut ranges: Vec<_> = match is_key(url) {
            true => std::iter::once(0..url.len()).collect(),
            false => user(url).into_iter().chain(parameters(url)).collect(),
        };
        ranges.sort_by_key(|range| (range.start, range.end));
        Self { url, ranges }
    }

    /// The URL without its secrets.
    pub(super) fn hidden_in_url(&self) -> String {
        let (mut shown, mut end) = (String::new(), 0);
        for range in self.ranges.iter().filter(|range| !range.is_empty()) {
            if range.start >= end {
                shown += &self.url[end..range.start];
                shown += HIDDEN;
            }
            end = end.max(range.end);
        }
        shown + &self.url[end..]
    }

    /// Every form of a secret that a message may show, the longest first.
    pub(super) fn all(&self) -> Vec<String> {
        let mut all = Vec::new();
        for secret in self.ranges.iter().map(|range| &self.url[range.clone()]) {
            for form in [secret.to_owned(), decoded(secret)] {
                all.extend(form.split(DELIMITERS).map(str::to_owned));
                // In a string of keywords, the secret reaches as far as the string.
                let alone = form.trim().trim_matches(['\'', '"']);
                all.extend([alone, alone.split([' ', ';']).next().unwrap_or_default()].map(str::to_owned));
                all.push(form);
            }
        }
        all.retain(|form| !form.is_empty());
        all.sort_by_key(|form| std::cmp::Reverse(form.len()));
        all.dedup();
        all
    }
}

/// The password before the host. A URL that begins with the user's name has none of its own scheme before it. Without
/// an `@`, it is what would be the port.
fn user(url: &str) -> Option<Range<usize>> {
    let start = match url.find("://") {
        Some(scheme) if !url[..scheme].contains(['@', ':']) => scheme + 3,
        _ => 0,
    };
    if let Some(at) = url[start..].rfind('@') {
        let colon = url[start..start + at].find(':')?;
        return Some(start + colon + 1..start + at);
    }
    let host = url[start..].split(['/', '?', '#', ']']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').filter(|_| start > 0 && !host.starts_with('['))?;
    let is_port = port.chars().all(|digit| digit.is_ascii_digit());
    (!is_port).then(|| start + name.len() + 1..start + host.len())
}

/// The passwords among the parameters, such as `?sslpassword=`, and in a string of keywords.
fn parameters(url: &str) -> impl Iterator<Item = Range<usize>> {
    url.match_indices('=').filter_map(|(equals, _)| {
        let before = url[..equals].trim_end();
        let name = before.rsplit(['?', '&', ';', '#', ' ', '\t', '\n', '\'']).next().unwrap_or_default();
        let name = decoded(name).to_lowercase();
        let is_secret = SECRET.iter().any(|secret| name.ends_with(secret))
            || ["key", "hexkey", "textkey"].contains(&name.as_str());
        let start = equals + 1;
        let length = url[start..].find('&').unwrap_or(url.len() - start);
        is_secret.then(|| start..start + length)
    })
}

/// Without percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let digits =
            others.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::database::url::DatabaseUrl;

    fn redacted(url: &str, text: &str) -> String {
        DatabaseUrl::from(url.to_owned()).redact(text)
    }

    #[test]
    fn the_password_is_not_shown() {
        let url = "mysql://ada:s3cret@localhost:3306/clinic";
        let text = format!("Could not connect via `{url}`: wrong password s3cret");
        let shown = redacted(url, &text);
        assert_eq!(
            shown,
            "Could not connect via `mysql://ada:***@localhost:3306/clinic`: wrong password ***"
        );
    }

    #[test]
    fn a_password_with_colons_and_at_signs_is_not_shown() {
        let url = "mysql://ada:s:3@cret@localhost/clinic";
        assert_eq!(redacted(url, url), "mysql://ada:***@localhost/clinic");
    }

    #[test]
    fn a_short_password_leaves_the_url_readable() {
        let url = "mysql://a:a@a/a";
        assert_eq!(redacted(url, url), "mysql://a:***@a/a");
    }

    #[test]
    fn a_password_taken_for_another_part_of_the_url_is_not_shown() {
        for (url, text, expected) in [
            (
                "postgres://ada:s3/cret@host/clinic",
                "invalid value \"s3\" for \"port\"",
                "invalid value \"***\" for \"port\"",
            ),
            ("postgres://ada:s3@cret@host/clinic", "no host \"cret@host\"", "no host \"***@host\""),
            ("postgres://ada:s3@cr:et@host/clinic", "no port \"et@host\"", "no port \"***@host\""),
            ("postgres://ada:s3%zz@host/clinic", "invalid token: \"s3%zz\"", "invalid token: \"***\""),
        ] {
            assert_eq!(redacted(url, text), expected, "{url}");
        }
    }

    #[test]
    fn a_password_among_the_parameters_is_not_shown() {
        let url = "postgres://host/clinic?password=s3cret&sslpassword=hidden&user=ada";
        assert_eq!(
            redacted(url, &format!("{url}: s3cret, hidden")),
            "postgres://host/clinic?password=***&sslpassword=***&user=ada: ***, ***"
        );
        assert_eq!(redacted("host=a password=s3cret dbname=b", "s3cret dbname=b"), "***");
    }

    #[test]
    fn a_url_without_a_password_is_shown_in_full() {
        for url in ["mysql://ada@localhost/clinic", "clinic.db", "mysql://ada:@localhost/clinic"] {
            assert_eq!(redacted(url, url), url);
        }
    }

    #[test]
    fn a_password_is_not_shown_in_any_form_of_the_url() {
        for (url, expected) in [
            ("ada:s3cret@postgres://host/clinic", "ada:***@postgres://host/clinic"),
            ("ada:s3cret@postgres://bob:s3cret@host/clinic", "ada:***@host/clinic"),
            ("postgres:ada:s3cret@host/clinic", "postgres:***@host/clinic"),
            ("ada:s3cret@host", "ada:***@host"),
            ("postgres://ada:s3cret", "postgres://ada:***"),
            ("postgres://ada:s3cret/clinic", "postgres://ada:***/clinic"),
            ("postgres://host/clinic?pass%77ord=s3cret&x=1", "postgres://host/clinic?pass%77ord=***&x=1"),
            ("postgres://host/clinic?sslpassword=s3cret", "postgres://host/clinic?sslpassword=***"),
            ("mysql://host/clinic?x=1&PASSWORD=s3cret", "mysql://host/clinic?x=1&PASSWORD=***"),
            ("host=a password = 's3 cret' dbname=b", "host=a password =***"),
            ("Server=a;Uid=ada;Pwd=s3cret;", "Server=a;Uid=ada;Pwd=***"),
            ("file:clinic.db?key=s3cret", "file:clinic.db?key=***"),
        ] {
            assert_eq!(redacted(url, url), expected);
            let quoted = redacted(url, "`s3cret` or `s3 cret`");
            assert!(!quoted.contains("s3cret") || url.contains("s3 cret"), "{url}: {quoted}");
        }
        for url in
            ["postgres://host:5432/clinic", "postgres://[::1]:5432/clinic", "mysql://ada@host/clinic?x=a:b"]
        {
            assert_eq!(redacted(url, url), url);
        }
    }

    #[test]
    fn a_password_is_not_shown_as_it_is_decoded() {
        let url = "postgres://ada:s3%40cr%2Fet%3Fx@host/clinic";
        for (text, expected) in [
            ("s3%40cr%2Fet%3Fx", "***"),
            ("password s3@cr/et?x is wrong", "password *** is wrong"),
            ("no host cr", "no host ***"),
        ] {
            assert_eq!(redacted(url, text), expected);
        }
        assert_eq!(redacted("host=a password='s3 cret'", "wrong: s3 cret"), "wrong: ***");
    }

    #[test]
    fn a_key_in_the_place_of_a_url_is_not_shown() {
        let key = "0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(2);
        assert_eq!(redacted(&key, &format!("no file {key}")), "no file ***");
    }
}

//! The text that created a table or an index.

/// The names and conditions of its CHECK constraints: `CHECK (email LIKE '%@%')`.
pub(super) fn checks(sql: &str) -> Vec<(String, String)> {
    let mut checks = Vec::new();
    let tokens = tokens(sql);
    for (position, (start, word)) in tokens.iter().enumerate() {
        if !word.eq_ignore_ascii_case("check") {
            continue;
        }
        let Some(end) = tokens.get(position + 1).and_then(|(open, _)| end_of(sql, *open)) else { continue };
        let definition = sql.get(*start..end).unwrap_or_default();
        let before = |steps| position.checked_sub(steps).and_then(|before| tokens.get(before));
        let name = match (before(2), before(1)) {
            (Some((_, word)), Some((_, name))) if word.eq_ignore_ascii_case("constraint") => bare(name),
            _ => definition.to_owned(),
        };
        checks.push((name, definition.to_owned()));
    }
    checks
}

/// The definition of a column: its name, and all up to the next comma.
pub(super) fn of_column<'a>(sql: &'a str, column: &str) -> Option<&'a str> {
    let tokens = tokens(sql);
    let mut depth = 0;
    let mut is_first = false;
    let mut start = None;
    for (position, word) in &tokens {
        match *word {
            "(" => {
                depth += 1;
                is_first = depth == 1;
                continue;
            }
            ")" => depth -= 1,
            "," if depth == 1 => is_first = true,
            word if is_first => {
                if bare(word).eq_ignore_ascii_case(column) {
                    start = Some(*position);
                }
                is_first = false;
                continue;
            }
            _ => continue,
        }
        if let (Some(start), true) = (start, depth == 0 || (*word == "," && depth == 1)) {
            return sql.get(start..*position);
        }
    }
    None
}

/// The collation of a column.
pub(super) fn collation(sql: &str, column: &str) -> String {
    let tokens = of_column(sql, column).map(tokens).unwrap_or_default();
    let mut words = tokens.into_iter().skip_while(|(_, word)| !word.eq_ignore_ascii_case("collate")).skip(1);
    words.next().map_or_else(|| "BINARY".to_owned(), |(_, name)| bare(name))
}

/// Whether a name is among the words of a text.
pub(super) fn names(sql: &str, name: &str) -> bool {
    tokens(sql).iter().any(|(_, word)| bare(word).eq_ignore_ascii_case(name))
}

/// A name without its quotes.
fn bare(name: &str) -> String {
    let inner =
        |quotes: [char; 2]| name.strip_prefix(quotes[0]).and_then(|name| name.strip_suffix(quotes[1]));
    let quoted = [['"', '"'], ['`', '`'], ['[', ']']].into_iter().find_map(inner);
    quoted.map_or_else(|| name.to_owned(), |name| name.replace("\"\"", "\"").replace("``", "`"))
}

/// The place after the parenthesis that closes the one at `open`.
fn end_of(sql: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (position, word) in tokens(sql).into_iter().filter(|(position, _)| *position >= open) {
        match word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(position + word.len());
        }
    }
    None
}

/// Words, quoted names, strings and signs, each with its place. Comments are left out.
fn tokens(sql: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let start = sql.len() - rest.len();
        let len = match first {
            '\'' | '"' | '`' => end_of_quoted(rest, first),
            '[' => rest.find(']').map_or(rest.len(), |end| end + 1),
            '-' if rest.starts_with("--") => rest.find('\n').map_or(rest.len(), |end| end + 1),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            letter if is_letter(letter) => rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len()),
            sign => sign.len_utf8(),
        };
        let (token, after) = rest.split_at(len);
        if !(first.is_whitespace() || token.starts_with("--") || token.starts_with("/*")) {
            tokens.push((start, token));
        }
        rest = after;
    }
    tokens
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// A quote within is written twice.
fn end_of_quoted(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((position, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return position + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "CREATE TABLE \"t\" (
        id INTEGER PRIMARY KEY, -- CHECK (not, one)
        [e mail] TEXT CONSTRAINT \"is mail\" CHECK (\"e mail\" LIKE '%)@(%'),
        low TEXT AS (lower([e mail])) STORED,
        CHECK (length(low) > (1 + 2))
    )";

    #[test]
    fn checks_have_names_and_conditions() {
        let checks = checks(TABLE);
        let expected = [
            ("is mail", "CHECK (\"e mail\" LIKE '%)@(%')"),
            ("CHECK (length(low) > (1 + 2))", "CHECK (length(low) > (1 + 2))"),
        ];
        let expected = expected.map(|(name, check)| (name.to_owned(), check.to_owned()));
        assert_eq!(checks, expected);
    }

    #[test]
    fn a_column_has_the_collation_that_it_names() {
        let table = "CREATE TABLE t (a TEXT PRIMARY KEY COLLATE \"nocase\" NOT NULL, b TEXT)";
        assert_eq!(collation(table, "a"), "nocase");
        assert_eq!(collation(table, "b"), "BINARY");
    }

    #[test]
    fn a_column_ends_at_the_next_comma() {
        assert_eq!(of_column(TABLE, "LOW"), Some("low TEXT AS (lower([e mail])) STORED"));
        assert_eq!(of_column(TABLE, "gone"), None);
        assert!(names("low TEXT AS (lower([e mail]))", "E MAIL"));
        assert!(!names("low TEXT AS ('e mail')", "e mail"));
    }
}

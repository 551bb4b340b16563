//! What the text of a trigger says about the values that it sees.

/// Functions that keep nothing.
const HARMLESS: [&str; 26] = [
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "current_timestamp",
    "utc_timestamp",
    "unix_timestamp",
    "strftime",
    "datetime",
    "date",
    "julianday",
    "unixepoch",
    "lower",
    "upper",
    "trim",
    "btrim",
    "coalesce",
    "nullif",
    "ifnull",
    "length",
    "octet_length",
    "concat",
    "greatest",
    "least",
    "nextval",
    "uuid",
    "gen_random_uuid",
];

/// Words after which anything may happen.
const OPAQUE: [&str; 4] = ["call", "execute", "perform", "raise"];

/// Words before a parenthesis that are not functions.
const WORDS: [&str; 12] =
    ["if", "elsif", "elseif", "when", "and", "or", "not", "in", "values", "then", "return", "select"];

/// Whether a trigger may keep, change or pass on a value of these columns: it names one of them, takes whole rows, or
/// calls what nobody can read here. Rather once too often.
pub(super) fn touches(body: &str, columns: &[&str]) -> bool {
    let words = words(body);
    words.iter().enumerate().any(|(position, word)| {
        let next = words.get(position + 1).map_or("", String::as_str);
        let before = position.checked_sub(1).and_then(|before| words.get(before)).map_or("", String::as_str);
        match word.as_str() {
            "*" => true,
            "new" | "old" => next != "." && before != "return",
            "(" => false,
            word if OPAQUE.contains(&word) => true,
            word if columns.iter().any(|column| column.eq_ignore_ascii_case(word)) => true,
            word => next == "(" && !HARMLESS.contains(&word) && !WORDS.contains(&word),
        }
    })
}

/// Words, quoted names without their quotes, and signs, in lower case. Comments and strings are left in: what stands
/// there cannot make a trigger look harmless.
fn words(text: &str) -> Vec<String> {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let mut words = Vec::<String>::new();
    let mut inside = false;
    for letter in text.chars() {
        if is_letter(letter) {
            let letter = letter.to_lowercase();
            match words.last_mut() {
                Some(word) if inside => word.extend(letter),
                _ => words.push(letter.collect()),
            }
            inside = true;
        } else {
            inside = false;
            if !letter.is_whitespace() && !matches!(letter, '"' | '`') {
                words.push(letter.to_string());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_stamp_is_harmless() {
        for body in [
            "BEGIN NEW.updated_at := now(); RETURN NEW; END",
            "BEGIN NEW.updated_at = pg_catalog.clock_timestamp(); RETURN NEW; END;",
            "SET NEW.updated_at = CURRENT_TIMESTAMP(6)",
            "BEGIN IF (NEW.version IS NULL) THEN NEW.version := 1; END IF; RETURN NEW; END",
            "BEGIN UPDATE users SET seen = datetime('now') WHERE id = new.id; END",
        ] {
            assert!(!touches(body, &["email"]), "{body}");
        }
    }

    #[test]
    fn what_copies_changes_or_hides_is_not() {
        for body in [
            "BEGIN INSERT INTO audit VALUES (OLD.email); RETURN NEW; END",
            "BEGIN INSERT INTO audit VALUES (OLD.\"EMAIL\"); RETURN NEW; END",
            "BEGIN INSERT INTO audit SELECT OLD.*; RETURN NEW; END",
            "BEGIN INSERT INTO audit VALUES (to_jsonb(OLD)); RETURN NEW; END",
            "BEGIN NEW.email := lower(NEW.email); RETURN NEW; END",
            "BEGIN PERFORM keep(NEW.id); RETURN NEW; END",
            "BEGIN x := keep(NEW.id); RETURN NEW; END",
            "BEGIN RAISE LOG '%', NEW; RETURN NEW; END",
            "CALL keep(NEW.id)",
            "BEGIN EXECUTE 'INSERT …'; END",
        ] {
            assert!(touches(body, &["email"]), "{body}");
        }
    }
}

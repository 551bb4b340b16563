//! What the text of a trigger says about the values that it sees.

use super::finding::FindingKind::Trigger;
use super::finding::{Finding, Severity};
use super::subject::Subject;

/// What a walk does to a trigger that fires on updates.
pub(super) const FIRES: &str =
    "; a walk fires it for every row that it writes, and `encrypt` with the plaintext as the old value";

/// A trigger that has nothing to do with the values.
pub(super) fn unrelated(subject: &Subject, name: &str) -> Finding {
    let message = format!(
        "a walk fires the trigger {name} for every row that it writes: what it sets, such as the time of the last change, \
         changes in all of them"
    );
    Finding::new(Severity::Notice, Trigger, subject.name(), message)
}

/// A trigger whose text is all that is known of it.
pub(super) fn finding(subject: &Subject, name: &str, touches: bool, fires: bool) -> Option<Finding> {
    if !touches {
        return fires.then(|| unrelated(subject, name));
    }
    let then = if fires { FIRES } else { "" };
    let message = format!("the trigger {name} may change values or copy them elsewhere{then}");
    let finding = Finding::new(Severity::Warning, Trigger, subject.name(), message);
    Some(finding.hiding(format!("trigger:{name}")))
}

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
    // A name of several words.
    let lower = body.to_lowercase();
    let is_word = |name: &&&str| name.chars().all(is_letter);
    if columns.iter().filter(|name| !is_word(name)).any(|name| lower.contains(&name.to_lowercase())) {
        return true;
    }
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

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// Words, quoted names without their quotes, and signs, in lower case. Comments and strings are left in: what stands
/// there cannot make a trigger look harmless.
fn words(text: &str) -> Vec<String> {
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
    fn a_name_may_have_several_words() {
        assert!(touches("INSERT INTO audit VALUES (OLD.\"E mail\")", &["e mail"]));
        assert!(!touches("SET NEW.seen = 1", &["e mail"]));
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

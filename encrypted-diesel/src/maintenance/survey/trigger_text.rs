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
const HARMLESS: [&str; 41] = [
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "current_timestamp",
    "localtimestamp",
    "utc_timestamp",
    "unix_timestamp",
    "curdate",
    "curtime",
    "sysdate",
    "timezone",
    "date_trunc",
    "extract",
    "strftime",
    "datetime",
    "date",
    "time",
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
    "abs",
    "round",
    "hex",
    "random",
    "randomblob",
    "nextval",
    "uuid",
    "gen_random_uuid",
    "uuid_generate_v4",
];

/// Words after which anything may happen, or whole rows are copied.
const OPAQUE: [&str; 7] = ["call", "execute", "perform", "raise", "table", "merge", "delete"];

/// Words before a parenthesis that are not functions.
const WORDS: [&str; 17] = [
    "if", "elsif", "elseif", "else", "when", "and", "or", "not", "in", "is", "from", "on", "set", "values",
    "then", "return", "select",
];

/// Whether a trigger may keep, change or pass on a value of these columns of the table: it names one of them, takes whole
/// rows, reads the table or another one to copy from it, or calls what nobody can read here. Rather once too often.
pub(super) fn touches(body: &str, table: &str, columns: &[&str]) -> bool {
    // A name of several words.
    let lower = body.to_lowercase();
    let is_word = |name: &&&str| name.chars().all(is_letter);
    let names = || columns.iter().chain([&table]);
    if names().filter(|name| !is_word(name)).any(|name| lower.contains(&name.to_lowercase())) {
        return true;
    }
    let words = Words(words(body));
    let copies = ["insert", "select", "from"].iter().all(|word| words.has_keyword(word));
    copies || (0..words.0.len()).any(|place| words.touches(place, table, columns))
}

struct Words(Vec<String>);

impl Words {
    /// The word some places before or after.
    fn at(&self, place: usize, steps: isize) -> &str {
        place.checked_add_signed(steps).and_then(|place| self.0.get(place)).map_or("", String::as_str)
    }

    /// Whether these words stand before the place.
    fn follows(&self, place: usize, before: &[&str]) -> bool {
        before.iter().rev().zip(1..).all(|(word, steps)| self.at(place, -steps) == *word)
    }

    /// `DISTINCT FROM` copies nothing.
    fn has_keyword(&self, keyword: &str) -> bool {
        let mut places = (0..self.0.len()).filter(|place| self.0[*place] == keyword);
        places.any(|place| keyword != "from" || !self.follows(place, &["distinct"]))
    }

    fn touches(&self, place: usize, table: &str, columns: &[&str]) -> bool {
        let is_called = self.at(place, 1) == "(";
        match self.at(place, 0) {
            "*" => !self.is_compared(place - place.min(2), place),
            "new" | "old" => self.takes_row(place),
            // A statement, or else a function.
            "replace" => !is_called,
            word if OPAQUE.contains(&word) => !self.is_text(place),
            word if columns.iter().any(|column| column.eq_ignore_ascii_case(word)) => true,
            word if word.eq_ignore_ascii_case(table) => !self.is_updated(place),
            word => {
                is_called
                    && word.starts_with(is_letter)
                    && !HARMLESS.contains(&word)
                    && !WORDS.contains(&word)
            }
        }
    }

    /// Whether the row at the place is more than a prefix of a column, what is returned, or what is compared.
    fn takes_row(&self, place: usize) -> bool {
        let is_returned = self.follows(place, &["return"])
            || self.follows(place, &["return", "coalesce", "("])
            || (self.follows(place, &["return", "coalesce", "(", "new", ","])
                || self.follows(place, &["return", "coalesce", "(", "old", ","]));
        !(self.at(place, 1) == "." || is_returned || self.is_compared(place, place))
    }

    /// `NEW IS DISTINCT FROM OLD`: whether the row from the first to the last place is a side of this.
    fn is_compared(&self, first: usize, last: usize) -> bool {
        matches!(self.at(first, 0), "new" | "old")
            && (self.at(last, 1) == "is" || self.follows(first, &["distinct", "from"]))
    }

    /// Whether it is all of a string, such as `'DELETE'`.
    fn is_text(&self, place: usize) -> bool {
        self.at(place, -1) == "'" && self.at(place, 1) == "'"
    }

    /// `UPDATE users SET`, where the table is only written.
    fn is_updated(&self, place: usize) -> bool {
        let is_named = self.follows(place, &["update"])
            || (self.follows(place, &["."]) && self.at(place, -3) == "update");
        is_named && self.at(place, 1) == "set"
    }
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
            "BEGIN UPDATE \"main\".\"users\" SET seen = unixepoch(), n = random() WHERE id = new.id; END",
            // Diesel's own.
            "BEGIN IF ( NEW IS DISTINCT FROM OLD AND NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at ) THEN
                NEW.updated_at := current_timestamp; END IF; RETURN NEW; END;",
            "BEGIN IF OLD.* IS DISTINCT FROM NEW.* THEN NEW.seen = (now()); END IF; RETURN NEW; END",
            "BEGIN NEW.seen := timezone('utc', now()); RETURN NEW; END",
            "BEGIN NEW.seen := date_trunc('second', transaction_timestamp()); RETURN NEW; END",
            "BEGIN IF (TG_OP = 'DELETE') THEN seen := statement_timestamp(); END IF; RETURN coalesce(NEW, OLD); END",
            "SET NEW.slug = REPLACE(NEW.slug, ' ', '-'), NEW.seen = NOW(6), NEW.made = UTC_TIMESTAMP(3)",
        ] {
            assert!(!touches(body, "users", &["email"]), "{body}");
        }
    }

    #[test]
    fn a_name_may_have_several_words() {
        assert!(touches("INSERT INTO audit VALUES (OLD.\"E mail\")", "users", &["e mail"]));
        assert!(!touches("SET NEW.seen = 1", "users", &["e mail"]));
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
            "BEGIN insert into hist table users; RETURN NEW; END",
            "BEGIN insert into hist table only other; RETURN NEW; END",
            "BEGIN insert into audit select u from users u where u.id = NEW.id; RETURN NEW; END",
            "BEGIN insert into audit select v from a_view_of_it v; RETURN NEW; END",
            "BEGIN NEW.doc := (select users from users where id = NEW.id); RETURN NEW; END",
            "BEGIN create temp table kept as table users; RETURN NEW; END",
            "BEGIN merge into hist using users on true when not matched then insert values (1); RETURN NEW; END",
            "BEGIN update hist set doc = (u).doc from users u; RETURN NEW; END",
            "BEGIN update users u set doc = u; RETURN NEW; END",
            "BEGIN update users set doc = users; RETURN NEW; END",
            "BEGIN delete from users where id = NEW.id; RETURN NEW; END",
            "REPLACE other VALUES (NEW.id)",
            "BEGIN r = NEW; RETURN NEW; END",
            "BEGIN RETURN coalesce(keep, OLD); END",
        ] {
            assert!(touches(body, "users", &["email"]), "{body}");
        }
    }
}

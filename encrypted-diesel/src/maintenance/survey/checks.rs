//! CHECK constraints: those that keep plaintext out, and those that may refuse envelopes.

use super::finding::FindingKind::{Check, ForeignCheck, NoCheck};
use super::finding::{Finding, Severity};
use super::subject::{Subject, Surveyed};
use crate::envelope::Container;

/// A CHECK of the table, or of a column's domain.
pub(super) struct Constraint {
    pub(super) name: String,
    /// `CHECK (email LIKE '%@%')`
    pub(super) definition: String,
    /// The columns that it reads.
    pub(super) columns: Vec<String>,
    /// The SQL that drops it, if there is one.
    pub(super) drop: Option<String>,
}

impl Constraint {
    fn reads(&self, surveyed: &Surveyed) -> bool {
        self.columns.iter().any(|column| column.eq_ignore_ascii_case(surveyed.name))
    }

    /// Whether it lets nothing but envelopes in, as far as its text tells.
    fn keeps_plaintext_out(&self, surveyed: &Surveyed) -> bool {
        let Some((container, prefix)) = surveyed.beginning() else { return false };
        let prefix = match container {
            Container::Text => String::from_utf8_lossy(&prefix).into_owned(),
            Container::Bytes => hex::encode(prefix),
        };
        self.definition.to_ascii_lowercase().contains(&prefix)
    }

    /// Whether every envelope passes, as far as its text tells.
    fn is_harmless(&self) -> bool {
        let letters = |letter: &char| letter.is_alphanumeric();
        let text: String = self.definition.to_ascii_lowercase().chars().filter(letters).collect();
        let column = self.columns.first().map_or("", String::as_str).to_ascii_lowercase();
        let column: String = column.chars().filter(letters).collect();
        text.trim_start_matches("check") == format!("{column}isnotnull")
    }
}

/// What a backend writes into a CHECK.
pub(super) struct Words {
    pub(super) quoted: fn(&str) -> String,
    /// The condition that a text begins so.
    pub(super) begins: fn(column: &str, prefix: &str) -> String,
    /// What stands before and after the hex digits of bytes.
    pub(super) bytes: (&'static str, &'static str),
    /// The SQL that adds the condition to the table, if it can be added.
    pub(super) add: fn(table: &str, name: &str, condition: &str) -> Option<String>,
}

impl Words {
    fn condition(&self, surveyed: &Surveyed) -> Option<String> {
        let (container, prefix) = surveyed.beginning()?;
        let column = (self.quoted)(surveyed.name);
        Some(match container {
            Container::Text => (self.begins)(&column, &String::from_utf8_lossy(&prefix)),
            Container::Bytes => format!(
                "substr({column}, 1, {}) = {}{}{}",
                prefix.len(),
                self.bytes.0,
                hex::encode(&prefix),
                self.bytes.1
            ),
        })
    }
}

/// What the table's constraints mean to its columns.
pub(super) fn find(
    subject: &Subject,
    table: &str,
    constraints: &[Constraint],
    words: &Words,
) -> Vec<Finding> {
    let encrypted = || subject.columns.iter().filter(|column| column.is_encrypted());
    let mut findings = Vec::new();
    for (constraint, surveyed) in
        constraints.iter().flat_map(|constraint| encrypted().map(move |column| (constraint, column)))
    {
        if constraint.reads(surveyed) {
            findings.extend(about(constraint, surveyed, subject));
        }
    }
    let is_open = |surveyed: &&Surveyed| {
        !constraints
            .iter()
            .any(|constraint| constraint.reads(surveyed) && constraint.keeps_plaintext_out(surveyed))
    };
    let open: Vec<_> = encrypted().filter(is_open).collect();
    findings.extend(missing(subject, table, &open, words));
    findings
}

fn about(constraint: &Constraint, surveyed: &Surveyed, subject: &Subject) -> Option<Finding> {
    let Constraint { name, definition, drop, .. } = constraint;
    let column = subject.column(surveyed.name);
    if constraint.keeps_plaintext_out(surveyed) {
        let first = drop.as_ref().map_or_else(
            || "take it out of the table's definition".to_owned(),
            |drop| format!("drop it: {drop}"),
        );
        let message = format!("the constraint {name} keeps plaintext out; before `decrypt`, {first}");
        return Some(Finding::new(Severity::Notice, Check, column, message));
    }
    if constraint.is_harmless() {
        return None;
    }
    let message = format!("the constraint {name} may refuse encrypted values: {definition}");
    let finding = Finding::new(Severity::Warning, ForeignCheck, column, message);
    Some(match drop {
        Some(drop) => finding.mended_by(drop),
        None => finding,
    })
}

/// One CHECK for all columns that need one.
fn missing(subject: &Subject, table: &str, open: &[&Surveyed], words: &Words) -> Option<Finding> {
    let conditions: Vec<_> = open.iter().filter_map(|surveyed| words.condition(surveyed)).collect();
    if conditions.is_empty() {
        return None;
    }
    let condition = conditions.join(" AND ");
    let columns = open.iter().map(|surveyed| surveyed.name).collect::<Vec<_>>().join(", ");
    let message = format!(
        "no CHECK keeps plaintext out of {columns}: add one as soon as nothing writes plaintext any more"
    );
    let name = (words.quoted)(&format!("{}_encrypted", subject.table));
    let finding = |message| Finding::new(Severity::Notice, NoCheck, subject.name(), message);
    Some(match (words.add)(table, &name, &condition) {
        Some(add) => finding(message).afterwards(add),
        None => finding(format!("{message}, by CHECK ({condition}) in the table's definition")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Mode;
    use crate::maintenance::survey::subject::Holds;

    const EMAIL: Surveyed =
        Surveyed { name: "email", holds: Holds::Envelopes(Container::Text, Mode::Randomized) };

    fn constraint(definition: &str) -> Constraint {
        let definition = definition.to_owned();
        Constraint { name: "c".to_owned(), definition, columns: vec!["email".to_owned()], drop: None }
    }

    #[test]
    fn what_lets_only_envelopes_in_is_told_from_other_conditions() {
        for ours in
            ["CHECK ((email ~~ 'ed1:%'::text))", "\"email\" GLOB 'ed1:*'", "email LIKE BINARY 'ed1:%'"]
        {
            assert!(constraint(ours).keeps_plaintext_out(&EMAIL), "{ours}");
        }
        for other in ["email LIKE '%@%'", "length(email) < 100", "email LIKE 'ed1d:%'"] {
            assert!(!constraint(other).keeps_plaintext_out(&EMAIL), "{other}");
        }
    }

    #[test]
    fn not_null_refuses_no_envelope() {
        assert!(constraint("CHECK ((\"email\" IS NOT NULL))").is_harmless());
        assert!(!constraint("CHECK ((email IS NOT NULL) AND (email LIKE '%@%'))").is_harmless());
    }
}

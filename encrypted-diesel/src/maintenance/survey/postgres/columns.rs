//! The columns of the table: their types, widths, defaults and collations.

use diesel::result::QueryResult;

use super::names::{TABLE, quoted};
use crate::maintenance::sql::ask::{Answer, Ask};
use crate::maintenance::survey::defaults;
use crate::maintenance::survey::finding::FindingKind::{
    Collation, Generated, NoIndex, Padded, PlaintextDefault, TooNarrow,
};
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::{Holds, Subject};

pub(super) struct Column {
    pub(super) name: String,
    is_generated: bool,
    /// The type that a domain ends in. That of an array begins with a `_`. One that is not built in, with a `.`.
    pub(super) base: String,
    is_array: bool,
    /// In characters.
    pub(super) width: Option<usize>,
    default: Option<String>,
    has_exact_collation: bool,
    is_indexed: bool,
    /// Whether its type is an array, a document or text, where envelopes may be inside.
    pub(super) may_hold_text: bool,
    /// Whether the role may.
    pub(super) may_read: bool,
}

/// A domain may be over another domain, which may have the width or the default.
pub(super) fn read(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Column>> {
    let rows = database.ask(
        &format!(
            "WITH RECURSIVE base (number, type, mod, fallback) AS (
                SELECT a.attnum, a.atttypid, a.atttypmod, CAST(NULL AS pg_catalog.text) COLLATE pg_catalog.\"C\"
                FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid OPERATOR(pg_catalog.=) {TABLE}
                    AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
                UNION ALL
                SELECT b.number, t.typbasetype,
                    CASE WHEN b.mod OPERATOR(pg_catalog.<) 0 THEN t.typtypmod ELSE b.mod END,
                    COALESCE(b.fallback, t.typdefault)
                FROM base AS b JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) b.type
                WHERE t.typtype OPERATOR(pg_catalog.=) 'd'
            )
            SELECT CAST(a.attname AS pg_catalog.text), CAST(a.attgenerated AS pg_catalog.text),
                pg_catalog.concat(CASE WHEN t.typnamespace OPERATOR(pg_catalog.=)
                    CAST(CAST('pg_catalog' AS pg_catalog.regnamespace) AS pg_catalog.oid) THEN '' ELSE '.' END,
                    t.typname), CAST(b.mod AS pg_catalog.text),
                COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), b.fallback),
                CAST(COALESCE(c.collisdeterministic, true) AS pg_catalog.text),
                CAST(EXISTS (SELECT 1 FROM pg_catalog.pg_index AS i
                    WHERE i.indrelid OPERATOR(pg_catalog.=) a.attrelid AND i.indisvalid
                        AND i.indkey[0] OPERATOR(pg_catalog.=) a.attnum) AS pg_catalog.text),
                CAST(t.typcategory AS pg_catalog.text),
                CAST(pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS pg_catalog.text)
            FROM base AS b
                JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) b.type
                    AND t.typtype OPERATOR(pg_catalog.<>) 'd'
                JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) {TABLE}
                    AND a.attnum OPERATOR(pg_catalog.=) b.number
                LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid
                    AND d.adnum OPERATOR(pg_catalog.=) a.attnum
                LEFT JOIN pg_catalog.pg_collation AS c ON c.oid OPERATOR(pg_catalog.=) a.attcollation
            ORDER BY a.attnum"
        ),
        &[&subject.sql, &subject.sql],
    )?;
    Ok(rows.into_iter().filter_map(column).collect())
}

fn column(row: Answer) -> Option<Column> {
    let [name, generated, base, modifier, default, collation, indexed, category, readable] =
        <[_; 9]>::try_from(row).ok()?;
    let is = |answer: &Option<String>| answer.as_deref() == Some("true");
    let base = base?;
    let is_array = category.as_deref() == Some("A");
    // The width is kept with the 4 bytes of a header.
    let modifier = modifier?.parse::<i64>().ok()?;
    let is_bounded = matches!(base.trim_start_matches('_'), "varchar" | "bpchar") && modifier >= 4;
    let may_hold_text = matches!(base.as_str(), "bytea" | "json" | "jsonb" | "xml" | ".hstore")
        || category.as_deref().is_some_and(|category| matches!(category, "A" | "S" | "C"));
    Some(Column {
        name: name?,
        is_generated: generated.is_some_and(|kind| !kind.is_empty()),
        is_array,
        width: is_bounded.then(|| usize::try_from(modifier - 4).ok()).flatten(),
        base,
        default,
        has_exact_collation: is(&collation),
        is_indexed: is(&indexed),
        may_hold_text,
        may_read: is(&readable),
    })
}

impl Column {
    /// Why a walk cannot write into the column.
    pub(super) fn error(&self, subject: &Subject) -> Option<Finding> {
        let surveyed = subject.surveyed(&self.name).filter(|surveyed| surveyed.holds != Holds::Plaintext)?;
        let error =
            |kind, message: String| Finding::new(Severity::Error, kind, subject.column(&self.name), message);
        let alter = |change: &str| {
            format!("ALTER TABLE {} ALTER COLUMN {} {change}", subject.sql, quoted(&self.name))
        };
        match (self.is_generated, self.width) {
            (true, _) => Some(
                error(
                    Generated,
                    "the database computes this column, so nothing can be written into it".into(),
                )
                .mended_by(alter("DROP EXPRESSION")),
            ),
            (_, Some(width)) if surveyed.shortest() > width => Some(
                error(TooNarrow, format!("it has room for {width} characters, and {}", surveyed.words()))
                    .mended_by(alter(self.wide())),
            ),
            _ if self.base.trim_start_matches('_') == "bpchar" && surveyed.is_encrypted() => Some(
                error(
                    Padded,
                    "the database fills short values up with spaces, which damages envelopes".into(),
                )
                .mended_by(alter(self.wide())),
            ),
            _ => None,
        }
    }

    /// The change to a type that holds every envelope.
    fn wide(&self) -> &'static str {
        if self.is_array { "TYPE text[]" } else { "TYPE text" }
    }

    fn has_plaintext_default(&self) -> bool {
        let is_empty_array = |default: &str| {
            self.is_array && ["'{}'", "ARRAY[]"].iter().any(|empty| default.starts_with(empty))
        };
        self.default
            .as_deref()
            .is_some_and(|default| defaults::is_plaintext(default) && !is_empty_array(default))
    }

    pub(super) fn warnings(&self, subject: &Subject) -> Vec<Finding> {
        let Some(surveyed) = subject.surveyed(&self.name) else { return Vec::new() };
        let name = subject.column(&self.name);
        let (table, column) = (&subject.sql, quoted(&self.name));
        let mut findings = Vec::new();
        if surveyed.holds != Holds::Plaintext && self.has_plaintext_default() {
            findings.push(
                Finding::new(Severity::Warning, PlaintextDefault, &*name, defaults::MESSAGE)
                    .mended_by(format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")),
            );
        }
        if surveyed.is_encrypted() && !self.has_exact_collation {
            let message = "its collation takes different envelopes for equal";
            findings.push(Finding::new(Severity::Warning, Collation, &*name, message).afterwards(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} {} COLLATE \"C\"",
                self.wide()
            )));
        }
        if surveyed.is_searched() && !self.is_indexed && !self.is_array {
            findings.push(
                Finding::new(Severity::Warning, NoIndex, &*name, "every search reads the whole table")
                    .mended_by(format!("CREATE INDEX CONCURRENTLY ON {table} ({column})")),
            );
        }
        findings
    }
}

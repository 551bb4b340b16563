//! The columns of the table: their types, widths, defaults and collations.

use std::collections::BTreeSet;

use diesel::result::QueryResult;

use super::names::{ask_about, quoted};
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
    /// The type without its width, such as `varchar`.
    pub(super) data_type: String,
    /// In characters, or in bytes.
    pub(super) width: Option<usize>,
    default: Option<String>,
    collation: Option<String>,
    /// Whether the user may.
    pub(super) may_read: bool,
    /// The rest of a definition with another type: `NOT NULL COMMENT '…'`.
    rest: String,
}

pub(super) fn read(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Column>> {
    let rows = ask_about(
        database,
        subject,
        "SELECT CAST(c.column_name AS CHAR), CAST(c.extra AS CHAR), CAST(c.data_type AS CHAR),
            CAST(c.character_maximum_length AS CHAR), CAST(c.column_default AS CHAR),
            CAST(c.collation_name AS CHAR), CONCAT(IF(c.is_nullable = 'NO', ' NOT NULL', ''),
                IF(c.column_comment = '', '', CONCAT(' COMMENT ', QUOTE(c.column_comment)))),
            IF(c.privileges LIKE '%select%', 'yes', 'no')
        FROM information_schema.columns AS c WHERE IS_TABLE ORDER BY c.ordinal_position",
    )?;
    Ok(rows.into_iter().filter_map(column).collect())
}

fn column(row: Answer) -> Option<Column> {
    let [name, extra, data_type, width, default, collation, rest, readable] = <[_; 8]>::try_from(row).ok()?;
    let extra = extra.unwrap_or_default().to_ascii_uppercase();
    Some(Column {
        name: name?,
        // MySQL says DEFAULT_GENERATED of a default that is an expression.
        is_generated: extra.contains("GENERATED") && !extra.contains("DEFAULT_GENERATED"),
        data_type: data_type?.to_ascii_lowercase(),
        width: width.and_then(|width| width.parse().ok()),
        default,
        collation,
        may_read: readable.as_deref() == Some("yes"),
        rest: rest.unwrap_or_default(),
    })
}

/// The columns with which an index begins.
pub(super) fn indexed(database: &mut dyn Ask, subject: &Subject) -> QueryResult<BTreeSet<String>> {
    let rows = ask_about(
        database,
        subject,
        "SELECT CAST(c.column_name AS CHAR) FROM information_schema.statistics AS c
        WHERE IS_TABLE AND c.seq_in_index = 1",
    )?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

impl Column {
    /// Why a walk cannot write into the column.
    pub(super) fn error(&self, subject: &Subject) -> Option<Finding> {
        let surveyed = subject.surveyed(&self.name).filter(|surveyed| surveyed.holds != Holds::Plaintext)?;
        let error =
            |kind, message: String| Finding::new(Severity::Error, kind, subject.column(&self.name), message);
        let wider = match surveyed.holds {
            Holds::Index(_) => format!("VARBINARY({})", surveyed.shortest()),
            _ => self.wide().to_owned(),
        };
        match self.width {
            _ if self.is_generated => Some(error(
                Generated,
                "the database computes this column, so nothing can be written into it".to_owned(),
            )),
            Some(width) if surveyed.shortest() > width => Some(
                error(TooNarrow, format!("it has room for {width}, and {}", surveyed.words()))
                    .mended_by(self.modify(subject, &wider)),
            ),
            Some(width) if self.data_type == "binary" && surveyed.is_padded_to(width) => Some(
                error(Padded, "the database fills short values up with zero bytes".to_owned())
                    .mended_by(self.modify(subject, &wider)),
            ),
            _ => None,
        }
    }

    /// A type with room for every envelope.
    fn wide(&self) -> &'static str {
        match self.collation {
            None => "LONGBLOB",
            Some(_) if self.width > Some(40_000) => "LONGTEXT CHARACTER SET ascii COLLATE ascii_bin",
            Some(_) => "TEXT CHARACTER SET ascii COLLATE ascii_bin",
        }
    }

    /// The SQL that makes room for every envelope.
    pub(super) fn widen(&self, subject: &Subject) -> String {
        self.modify(subject, self.wide())
    }

    fn modify(&self, subject: &Subject, sql_type: &str) -> String {
        format!("ALTER TABLE {} MODIFY {} {sql_type}{}", subject.sql, quoted(&self.name), self.rest)
    }

    pub(super) fn warnings(&self, subject: &Subject, indexed: &BTreeSet<String>) -> Vec<Finding> {
        let Some(surveyed) = subject.surveyed(&self.name) else { return Vec::new() };
        let name = subject.column(&self.name);
        let (table, column) = (&subject.sql, quoted(&self.name));
        let mut findings = Vec::new();
        if surveyed.holds != Holds::Plaintext && self.default.as_deref().is_some_and(defaults::is_plaintext) {
            findings.push(
                Finding::new(Severity::Warning, PlaintextDefault, &*name, defaults::MESSAGE)
                    .mended_by(format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")),
            );
        }
        if let (true, Some(collation)) = (surveyed.is_encrypted(), &self.collation) {
            findings.extend(self.collation(subject, collation));
        }
        if surveyed.is_searched() && !indexed.contains(&self.name) {
            findings.push(
                Finding::new(Severity::Warning, NoIndex, &*name, "every search reads the whole table")
                    .mended_by(format!("CREATE INDEX {} ON {table} ({column})", quoted(&self.name))),
            );
        }
        findings
    }

    /// Envelopes are ASCII, and equal only if their bytes are. A search in a deterministic column finds other values if
    /// its collation ignores case.
    fn collation(&self, subject: &Subject, collation: &str) -> Option<Finding> {
        let is_searched = subject.surveyed(&self.name).is_some_and(|surveyed| surveyed.is_searched());
        let (severity, message) = match (collation.ends_with("_bin"), collation == "ascii_bin") {
            (false, _) if is_searched => (Severity::Warning, "takes different envelopes for equal"),
            (false, _) => (Severity::Warning, "is not for envelopes, which are ASCII"),
            (true, false) => (Severity::Notice, "is not for envelopes, which are ASCII"),
            (true, true) => return None,
        };
        let width = self.width.filter(|_| matches!(self.data_type.as_str(), "varchar" | "char"));
        let width = width.map_or(String::new(), |width| format!("({width})"));
        let sql_type =
            format!("{}{width} CHARACTER SET ascii COLLATE ascii_bin", self.data_type.to_ascii_uppercase());
        let message = format!("its collation {collation} {message}");
        Some(
            Finding::new(severity, Collation, subject.column(&self.name), message)
                .afterwards(self.modify(subject, &sql_type)),
        )
    }
}

//! The unique index of the primary key: whether it sorts as the columns do.

use diesel::result::QueryResult;

use super::definition;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::FindingKind::Collation;
use crate::maintenance::survey::finding::{Finding, Severity};
use crate::maintenance::survey::subject::Subject;

/// If each unique index of a text key has another collation than the column: two rows that the index takes for different
/// would be one to a walk, which would miss the second.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject, sql: &str) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        "SELECT i.name, c.name, c.coll FROM pragma_index_list(\0) AS i, pragma_index_xinfo(i.name) AS c
        WHERE i.\"unique\" AND NOT i.partial AND c.key ORDER BY i.seq, c.seqno",
        &[&subject.table],
    )?;
    let mut indexes = Vec::<(String, Vec<(String, String)>)>::new();
    for row in rows {
        let [Some(index), key, Some(collation)] = &row[..] else { continue };
        let part = (key.clone().unwrap_or_default(), collation.clone());
        match indexes.last_mut() {
            Some((last, parts)) if last == index => parts.push(part),
            _ => indexes.push((index.clone(), vec![part])),
        }
    }
    let is_key = |parts: &[(String, String)]| {
        parts.len() == subject.key.len()
            && subject.key.iter().all(|key| parts.iter().any(|(name, _)| name.eq_ignore_ascii_case(key)))
    };
    let of_key: Vec<_> = indexes.into_iter().filter(|(_, parts)| is_key(parts)).collect();
    let differs = |(name, collation): &(String, String)| {
        !collation.eq_ignore_ascii_case(&definition::collation(sql, name))
    };
    if of_key.iter().any(|(_, parts)| !parts.iter().any(differs)) {
        return Ok(Vec::new());
    }
    let finding = |(index, parts): (String, Vec<(String, String)>)| {
        let (name, collation) = parts.into_iter().find(|part| differs(part))?;
        let message = format!(
            "the index {index} of the key compares by {collation}, and the column by {}, so a walk could miss rows: make \
             a unique index with the column's collation, or name another key",
            definition::collation(sql, &name)
        );
        Some(Finding::new(Severity::Error, Collation, subject.column(&name), message))
    };
    Ok(of_key.into_iter().take(1).filter_map(finding).collect())
}

//! Plaintext that the server keeps of the columns: the planner's statistics.

use diesel::result::QueryResult;

use super::names::TABLE;
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::statistics;
use crate::maintenance::survey::subject::Subject;

/// The text of an array of envelopes.
const ARRAY: &str = "^[{](,{0,1}(NULL|ed1[a-z]{0,1}:[0-9A-Za-z:_-]*|\"..xed6564[0-9a-f]*\"))*[}]$";

/// Most common values and histograms, as far as the role may see them. A value that does not begin as an envelope does
/// is plaintext: only that there is one leaves the server.
pub(super) fn find(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(s.attname AS pg_catalog.text)
            FROM pg_catalog.pg_class AS t
                JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
                JOIN pg_catalog.pg_stats AS s ON s.schemaname OPERATOR(pg_catalog.=) n.nspname
                    AND s.tablename OPERATOR(pg_catalog.=) t.relname
            WHERE t.oid OPERATOR(pg_catalog.=) {TABLE} AND EXISTS (
                SELECT 1 FROM (VALUES (s.most_common_vals), (s.histogram_bounds), (s.most_common_elems)) AS k (kept)
                    CROSS JOIN LATERAL pg_catalog.unnest(
                        CAST(CAST(k.kept AS pg_catalog.text) AS pg_catalog.text[])) AS v (value)
                WHERE v.value OPERATOR(pg_catalog.!~) E'^(ed1[a-z]{{0,1}}:|\\\\\\\\xed6564)'
                    AND v.value OPERATOR(pg_catalog.!~) E'{ARRAY}'
            )"
        ),
        &[&subject.sql],
    )?;
    Ok(statistics::found(subject, rows, &format!("ANALYZE {}", subject.sql)))
}

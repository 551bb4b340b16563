//! Places in which values may be that a walk through the table does not reach.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::{SQL_NAME, TABLE, quoted};
use super::undeclared;
use crate::maintenance::sql::ask::{Answer, Ask};
use crate::maintenance::survey::finding::FindingKind::{
    ForeignPartition, Inherited, Publication, Rule, Trigger, View,
};
use crate::maintenance::survey::finding::{Finding, FindingKind, Severity};
use crate::maintenance::survey::subject::Subject;
use crate::maintenance::survey::trigger_text;

/// The table and all below it: partitions, and tables that inherit.
const TREE: &str = "tree (oid) AS (
        SELECT CAST(pg_catalog.to_regclass(\0) AS pg_catalog.oid)
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN tree ON i.inhparent OPERATOR(pg_catalog.=) tree.oid
    )";

/// The name of the relation `t`, with its schema unless the session finds it without.
const NAME: &str = "CASE WHEN pg_catalog.pg_table_is_visible(t.oid) THEN CAST(t.relname AS pg_catalog.text)
        ELSE (SELECT CAST(n.nspname AS pg_catalog.text) FROM pg_catalog.pg_namespace AS n
                WHERE n.oid OPERATOR(pg_catalog.=) t.relnamespace)
            OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) CAST(t.relname AS pg_catalog.text)
        END";

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let mut findings = below(database, subject)?;
    findings.extend(triggers(database, subject)?);
    findings.extend(rules(database, subject)?);
    findings.extend(views(database, subject)?);
    findings.extend(publications(database, subject)?);
    findings.extend(undeclared::find(database, subject, columns)?);
    Ok(findings)
}

fn warning(subject: &Subject, kind: FindingKind, place: String, message: String) -> Finding {
    Finding::new(Severity::Warning, kind, subject.name(), message).hiding(place)
}

/// The first text of each row.
fn names(rows: Vec<Answer>) -> impl Iterator<Item = String> {
    rows.into_iter().filter_map(|row| row.into_iter().next().flatten())
}

/// Tables that inherit have rows of their own, under keys that may repeat those of the table. Partitions do not.
fn below(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "WITH RECURSIVE {TREE}
            SELECT {NAME}, CAST(t.relispartition AS pg_catalog.text), CAST(t.relkind AS pg_catalog.text)
            FROM tree JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) tree.oid
            WHERE t.oid OPERATOR(pg_catalog.<>) {TABLE} ORDER BY 1"
        ),
        &[&subject.sql, &subject.sql],
    )?;
    let finding = |row: Answer| match &row[..] {
        [Some(name), Some(is_partition), _] if is_partition == "false" => Some(warning(
            subject,
            Inherited,
            format!("inherits:{name}"),
            format!("the table {name} inherits from it and has rows of its own: declare {name} as well"),
        )),
        [Some(name), _, Some(kind)] if kind == "f" => Some(warning(
            subject,
            ForeignPartition,
            format!("partition:{name}"),
            format!("the partition {name} is on another server, where copies may stay"),
        )),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}

/// A trigger of a partition fires as well. One that somebody disabled may have copied values before.
fn triggers(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let columns: Vec<_> = subject.columns.iter().map(|column| column.name).collect();
    let rows = database.ask(
        &format!(
            "WITH RECURSIVE {TREE}
            SELECT CAST(g.tgname AS pg_catalog.text), CAST(l.lanname AS pg_catalog.text),
                COALESCE(p.prosrc, ''), CAST(CAST(p.oid AS pg_catalog.regprocedure) AS pg_catalog.text),
                COALESCE(pg_catalog.pg_get_triggerdef(g.oid), ''), CAST(g.tgenabled AS pg_catalog.text),
                CAST((g.tgtype OPERATOR(pg_catalog.&) 16) OPERATOR(pg_catalog.>) 0 AND (
                    g.tgattr[0] IS NULL OR EXISTS (
                        SELECT 1 FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) g.tgrelid
                            AND a.attnum OPERATOR(pg_catalog.=) ANY (g.tgattr) AND CAST(a.attname AS pg_catalog.text)
                                OPERATOR(pg_catalog.=) ANY (pg_catalog.string_to_array(\0, E'\\n')))
                ) AS pg_catalog.text), (SELECT {SQL_NAME} FROM pg_catalog.pg_class AS t WHERE t.oid OPERATOR(pg_catalog.=) tree.oid)
            FROM tree
                JOIN pg_catalog.pg_trigger AS g ON g.tgrelid OPERATOR(pg_catalog.=) tree.oid AND NOT g.tgisinternal
                    AND (g.tgtype OPERATOR(pg_catalog.&) 28) OPERATOR(pg_catalog.>) 0
                JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) g.tgfoid
                JOIN pg_catalog.pg_language AS l ON l.oid OPERATOR(pg_catalog.=) p.prolang
            ORDER BY g.tgname"
        ),
        &[&subject.sql, &columns.join("\n")],
    )?;
    let mut findings: Vec<_> = rows.iter().filter_map(|row| trigger(subject, &columns, row)).collect();
    findings.dedup();
    Ok(findings)
}

fn trigger(subject: &Subject, columns: &[&str], row: &[Option<String>]) -> Option<Finding> {
    let [
        Some(name),
        Some(language),
        Some(body),
        Some(function),
        Some(definition),
        Some(state),
        Some(fires),
        Some(table),
    ] = row
    else {
        return None;
    };
    // Arguments of a trigger may name columns, and transition tables have whole rows.
    let arguments = definition.rsplit("EXECUTE").next().unwrap_or_default();
    let is_readable =
        language == "plpgsql" || (language == "internal" && body == "suppress_redundant_updates_trigger");
    let touches = !is_readable
        || trigger_text::touches(body, &subject.table, columns)
        || definition.contains(" REFERENCING ")
        || arguments.contains('\'');
    let (fires, place) = (fires == "true", format!("trigger:{name}"));
    let finding = match (state == "D", touches) {
        (true, true) => {
            let message =
                format!("the trigger {name} is disabled, but may have copied values elsewhere by {function}");
            return Some(warning(subject, Trigger, place, message));
        }
        (false, true) => {
            let then = if fires { trigger_text::FIRES } else { "" };
            let message = format!(
                "the trigger {name} runs {function}, which may change values or copy them elsewhere{then}"
            );
            warning(subject, Trigger, place, message)
        }
        (false, false) if fires => trigger_text::unrelated(subject, name),
        (_, false) => return None,
    };
    if !fires {
        return Some(finding);
    }
    let alter = |what| format!("ALTER TABLE {table} {what} TRIGGER {}", quoted(name));
    Some(finding.mended_by(alter("DISABLE")).afterwards(alter("ENABLE")))
}

/// Those that run beside what is written. Those instead of an UPDATE are errors.
fn rules(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(r.rulename AS pg_catalog.text) FROM pg_catalog.pg_rewrite AS r
            WHERE r.ev_class OPERATOR(pg_catalog.=) {TABLE} AND r.ev_type OPERATOR(pg_catalog.<>) '1'
                AND NOT (r.is_instead AND r.ev_type OPERATOR(pg_catalog.=) '2')
            ORDER BY r.rulename"
        ),
        &[&subject.sql],
    )?;
    let finding = |name| {
        let message = format!("the rule {name} runs with what is written, and may copy values elsewhere");
        warning(subject, Rule, format!("rule:{name}"), message)
    };
    Ok(names(rows).map(finding).collect())
}

/// Views of the columns, and views of these. A materialized one keeps what it has read.
fn views(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let columns: Vec<_> = subject.columns.iter().map(|column| column.name).collect();
    let rows = database.ask(
        &format!(
            "WITH RECURSIVE view (oid) AS (
                SELECT r.ev_class FROM pg_catalog.pg_depend AS d
                    JOIN pg_catalog.pg_rewrite AS r ON r.oid OPERATOR(pg_catalog.=) d.objid
                    LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) d.refobjid
                        AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid
                WHERE d.classid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_rewrite' AS pg_catalog.regclass)
                    AND d.refclassid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
                    AND d.refobjid OPERATOR(pg_catalog.=) {TABLE}
                    AND r.ev_class OPERATOR(pg_catalog.<>) {TABLE}
                    AND (a.attname IS NULL OR CAST(a.attname AS pg_catalog.text)
                        OPERATOR(pg_catalog.=) ANY (pg_catalog.string_to_array(\0, E'\\n'))
                        OR a.attnum OPERATOR(pg_catalog.<) 0)
                UNION
                SELECT r.ev_class FROM view
                    JOIN pg_catalog.pg_depend AS d ON d.refobjid OPERATOR(pg_catalog.=) view.oid
                        AND d.refclassid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
                        AND d.classid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_rewrite' AS pg_catalog.regclass)
                    JOIN pg_catalog.pg_rewrite AS r ON r.oid OPERATOR(pg_catalog.=) d.objid
            )
            SELECT {NAME}, CAST(t.relkind AS pg_catalog.text),
                {SQL_NAME}
            FROM view JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) view.oid ORDER BY 1"
        ),
        &[&subject.sql, &subject.sql, &columns.join("\n")],
    )?;
    let finding = |row: Answer| match &row[..] {
        [Some(name), Some(kind), Some(sql)] if kind == "m" => Some(
            warning(
                subject,
                View,
                format!("view:{name}"),
                format!("the materialized view {name} keeps values as they were when it was refreshed"),
            )
            .afterwards(format!("REFRESH MATERIALIZED VIEW {sql}")),
        ),
        [Some(name), ..] => Some(Finding::new(
            Severity::Notice,
            View,
            subject.name(),
            format!("the view {name} shows the table's encrypted columns as they are stored"),
        )),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(finding).collect())
}

fn publications(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "WITH RECURSIVE {TREE}
            SELECT DISTINCT CAST(p.pubname AS pg_catalog.text)
            FROM tree JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) tree.oid
                JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
                JOIN pg_catalog.pg_publication_tables AS p ON p.schemaname OPERATOR(pg_catalog.=) n.nspname
                    AND p.tablename OPERATOR(pg_catalog.=) t.relname"
        ),
        &[&subject.sql],
    )?;
    let finding = |name| {
        let message =
            format!("the publication {name} sends its rows to other servers, where old values may stay");
        warning(subject, Publication, format!("publication:{name}"), message)
    };
    Ok(names(rows).map(finding).collect())
}

//! Constraints, indexes and generated columns that depend on the columns.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::{SQL_NAME, TABLE, quoted};
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::checks::{self, Constraint, Words};
use crate::maintenance::survey::dependents::{self, lines, number, of_encrypted};
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::subject::Subject;

/// Not checked against the rows before it is there, so that the table is locked for a moment only.
const WORDS: Words = Words {
    quoted,
    begins: |column, prefix| format!("{column} LIKE '{prefix}%'"),
    bytes: ("'\\x", "'"),
    add: |table, name, condition| {
        Some(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID; \
             ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        ))
    },
};

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let checks = checks(database, subject)?;
    let mut findings = checks::find(subject, &subject.sql, &checks, &WORDS);
    findings.extend(foreign_keys(database, subject)?);
    findings.extend(indexes(database, subject)?);
    findings.extend(generated(database, subject)?);
    findings.extend(too_long(database, subject, columns)?);
    Ok(findings)
}

/// The names of the columns of `relation` with these numbers, one a line.
fn names_of(relation: &str, numbers: &str) -> String {
    format!(
        "pg_catalog.array_to_string(ARRAY(SELECT CAST(a.attname AS pg_catalog.text) FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid OPERATOR(pg_catalog.=) {relation}
                AND a.attnum OPERATOR(pg_catalog.=) ANY ({numbers})), E'\\n')"
    )
}

/// Those of the table, and those of its columns' domains.
fn checks(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Constraint>> {
    let rows = database.ask(
        &format!(
            "WITH RECURSIVE domain (name, type) AS (
                SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid OPERATOR(pg_catalog.=) {TABLE}
                    AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
                UNION ALL
                SELECT d.name, t.typbasetype FROM domain AS d
                    JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) d.type
                WHERE t.typtype OPERATOR(pg_catalog.=) 'd'
            )
            SELECT CAST(k.conname AS pg_catalog.text), pg_catalog.pg_get_constraintdef(k.oid), {}, NULL
            FROM pg_catalog.pg_constraint AS k
            WHERE k.conrelid OPERATOR(pg_catalog.=) {TABLE} AND k.contype OPERATOR(pg_catalog.=) 'c'
            UNION ALL
            SELECT CAST(k.conname AS pg_catalog.text), pg_catalog.pg_get_constraintdef(k.oid),
                CAST(d.name AS pg_catalog.text), CAST(CAST(d.type AS pg_catalog.regtype) AS pg_catalog.text)
            FROM domain AS d JOIN pg_catalog.pg_constraint AS k ON k.contypid OPERATOR(pg_catalog.=) d.type
                AND k.contype OPERATOR(pg_catalog.=) 'c'",
            names_of("k.conrelid", "k.conkey")
        ),
        &[&subject.sql, &subject.sql],
    )?;
    let constraint = |row: Vec<Option<String>>| {
        let [name, definition, columns, domain] = <[_; 4]>::try_from(row).ok()?;
        let (name, what) =
            (name?, domain.map_or(format!("TABLE {}", subject.sql), |name| format!("DOMAIN {name}")));
        let drop = Some(format!("ALTER {what} DROP CONSTRAINT {}", quoted(&name)));
        Some(Constraint { name, definition: definition?, columns: lines(&columns?), drop })
    };
    Ok(rows.into_iter().filter_map(constraint).collect())
}

/// In both directions.
fn foreign_keys(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(k.conname AS pg_catalog.text), {}, CASE WHEN k.confrelid OPERATOR(pg_catalog.=) t.oid
                    THEN {} ELSE '' END, CASE WHEN k.conrelid OPERATOR(pg_catalog.=) t.oid THEN \0
                    ELSE CAST(CAST(k.conrelid AS pg_catalog.regclass) AS pg_catalog.text) END
            FROM pg_catalog.pg_class AS t JOIN pg_catalog.pg_constraint AS k ON k.contype OPERATOR(pg_catalog.=) 'f'
                AND (k.conrelid OPERATOR(pg_catalog.=) t.oid OR k.confrelid OPERATOR(pg_catalog.=) t.oid)
            WHERE t.oid OPERATOR(pg_catalog.=) {TABLE} AND k.conparentid OPERATOR(pg_catalog.=) 0 ORDER BY 1",
            format_args!("CASE WHEN k.conrelid OPERATOR(pg_catalog.=) t.oid THEN {} ELSE '' END", names_of("t.oid", "k.conkey")),
            names_of("t.oid", "k.confkey"),
        ),
        &[&subject.sql, &subject.sql],
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(from), Some(to), Some(table)] = &row[..] else { continue };
        let columns = lines(&format!("{from}\n{to}"));
        let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {}", quoted(name));
        findings.extend(of_encrypted(subject, &columns, |column| {
            Some(dependents::foreign_key(subject, column.name, name, Some(drop.clone())))
        }));
    }
    Ok(findings)
}

/// Unique ones, and those of expressions.
fn indexes(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT CAST(t.relname AS pg_catalog.text), CAST(i.indisunique AS pg_catalog.text),
                CAST(i.indexprs IS NOT NULL AS pg_catalog.text),
                {}, pg_catalog.array_to_string(ARRAY(SELECT CAST(a.attname AS pg_catalog.text)
                    FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_attribute AS a
                        ON a.attrelid OPERATOR(pg_catalog.=) d.refobjid AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid
                    WHERE d.classid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
                        AND d.objid OPERATOR(pg_catalog.=) t.oid AND d.refobjid OPERATOR(pg_catalog.=) i.indrelid), E'\\n'),
                {SQL_NAME},
                (SELECT CAST(k.conname AS pg_catalog.text) FROM pg_catalog.pg_constraint AS k
                    WHERE k.conindid OPERATOR(pg_catalog.=) t.oid AND k.conrelid OPERATOR(pg_catalog.=) i.indrelid
                    LIMIT 1)
            FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) i.indexrelid
            WHERE i.indrelid OPERATOR(pg_catalog.=) {TABLE} AND (i.indisunique OR i.indexprs IS NOT NULL) ORDER BY 1",
            names_of("i.indrelid", "i.indkey"),
        ),
        &[&subject.sql],
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(unique), Some(is_computed), Some(keys), Some(inputs), Some(index), constraint] =
            &row[..]
        else {
            continue;
        };
        let drop = match constraint {
            Some(constraint) => format!("ALTER TABLE {} DROP CONSTRAINT {}", subject.sql, quoted(constraint)),
            None => format!("DROP INDEX {index}"),
        };
        let keys = lines(keys);
        if unique == "true" {
            findings.extend(of_encrypted(subject, &keys, |column| {
                dependents::unique(subject, column, name, Some(drop.clone()))
            }));
        }
        let inputs: Vec<_> = lines(inputs).into_iter().filter(|input| !keys.contains(input)).collect();
        if is_computed == "true" {
            findings.extend(of_encrypted(subject, &inputs, |column| {
                Some(dependents::expression(subject, column.name, name, drop.clone()))
            }));
        }
    }
    Ok(findings)
}

/// Before PostgreSQL 15, the column depends on others; since then, its expression does.
fn generated(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = database.ask(
        &format!(
            "SELECT DISTINCT CAST(g.attname AS pg_catalog.text), CAST(a.attname AS pg_catalog.text)
            FROM pg_catalog.pg_attribute AS g
                JOIN pg_catalog.pg_attrdef AS e ON e.adrelid OPERATOR(pg_catalog.=) g.attrelid
                    AND e.adnum OPERATOR(pg_catalog.=) g.attnum
                JOIN pg_catalog.pg_depend AS d ON d.refobjid OPERATOR(pg_catalog.=) g.attrelid AND (
                    (d.classid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_attrdef' AS pg_catalog.regclass)
                        AND d.objid OPERATOR(pg_catalog.=) e.oid)
                    OR (d.classid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_class' AS pg_catalog.regclass)
                        AND d.objid OPERATOR(pg_catalog.=) g.attrelid AND d.objsubid OPERATOR(pg_catalog.=) g.attnum))
                JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) g.attrelid
                    AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid AND a.attnum OPERATOR(pg_catalog.<>) g.attnum
            WHERE g.attrelid OPERATOR(pg_catalog.=) {TABLE} AND g.attgenerated OPERATOR(pg_catalog.<>) ''"
        ),
        &[&subject.sql],
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(column)] = &row[..] else { continue };
        let drop = format!("ALTER TABLE {} DROP COLUMN {}", subject.sql, quoted(name));
        findings.extend(of_encrypted(subject, std::slice::from_ref(column), |column| {
            Some(dependents::generated(subject, column.name, name, drop.clone()))
        }));
    }
    Ok(findings)
}

/// Reads the whole table for each column of a limited width.
fn too_long(database: &mut dyn Ask, subject: &Subject, columns: &[Column]) -> QueryResult<Vec<Finding>> {
    let mut findings = Vec::new();
    for (column, width) in columns.iter().filter_map(|column| Some((column, column.width?))) {
        let Some(surveyed) = subject.surveyed(&column.name).filter(|_| column.may_read) else { continue };
        let Some((_, prefix)) = surveyed.beginning() else { continue };
        let name = quoted(&column.name);
        let longest = database.ask(
            &format!(
                "SELECT CAST(pg_catalog.max(pg_catalog.octet_length(s.value)) AS pg_catalog.text)
                FROM (SELECT pg_catalog.concat(t.{name}) COLLATE pg_catalog.\"C\" AS value FROM {} AS t
                    WHERE t.{name} IS NOT NULL) AS s
                WHERE NOT pg_catalog.starts_with(s.value, \0)",
                subject.sql
            ),
            &[&String::from_utf8_lossy(&prefix)],
        )?;
        let widen = format!("ALTER TABLE {} ALTER COLUMN {name} TYPE text", subject.sql);
        findings.extend(dependents::too_long(subject, surveyed, number(longest), width, widen));
    }
    Ok(findings)
}

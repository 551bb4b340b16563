//! Constraints, indexes and generated columns that depend on the columns.

use diesel::result::QueryResult;

use super::columns::Column;
use super::names::{ask_about, quoted};
use crate::maintenance::sql::ask::Ask;
use crate::maintenance::survey::checks::{self, Constraint, Words};
use crate::maintenance::survey::dependents::{self, number, of_encrypted};
use crate::maintenance::survey::finding::Finding;
use crate::maintenance::survey::subject::Subject;

/// Most collations do not tell `ED1:` from `ed1:`.
const WORDS: Words = Words {
    quoted,
    begins: |column, prefix| format!("{column} LIKE BINARY '{prefix}%'"),
    bytes: ("x'", "'"),
    add: |table, name, condition| {
        Some(format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})"))
    },
};

pub(super) fn find(
    database: &mut dyn Ask,
    subject: &Subject,
    columns: &[Column],
) -> QueryResult<Vec<Finding>> {
    let mut findings = checks::find(subject, &subject.sql, &checks(database, subject)?, &WORDS);
    findings.extend(foreign_keys(database, subject)?);
    findings.extend(unique(database, subject)?);
    findings.extend(generated(database, subject)?);
    findings.extend(too_long(database, subject, columns)?);
    Ok(findings)
}

/// The names of constraints are unique in a schema of MySQL, and only in a table of MariaDB, which therefore says the
/// table. There, a constraint of a column has the column's name, and is a part of its definition.
fn checks(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Constraint>> {
    let is_mariadb = database.ask(
        "SELECT 'yes' FROM information_schema.columns WHERE table_schema = 'information_schema'
            AND UPPER(table_name) = 'CHECK_CONSTRAINTS' AND UPPER(column_name) = 'LEVEL'",
        &[],
    )?;
    let sql = if is_mariadb.is_empty() {
        "SELECT CAST(c.constraint_name AS CHAR), CAST(k.check_clause AS CHAR), 'Table'
        FROM information_schema.table_constraints AS c JOIN information_schema.check_constraints AS k
            ON k.constraint_schema = c.constraint_schema AND k.constraint_name = c.constraint_name
        WHERE IS_TABLE AND c.constraint_type = 'CHECK'"
    } else {
        "SELECT CAST(c.constraint_name AS CHAR), CAST(c.check_clause AS CHAR), CAST(c.level AS CHAR)
        FROM (SELECT constraint_schema AS table_schema, table_name, constraint_name, check_clause, level
            FROM information_schema.check_constraints) AS c WHERE IS_TABLE"
    };
    let constraint = |row: Vec<Option<String>>| {
        let [name, clause, level] = <[_; 3]>::try_from(row).ok()?;
        let (name, clause) = (name?, clause?);
        let drop = (level.as_deref() != Some("Column"))
            .then(|| format!("ALTER TABLE {} DROP CONSTRAINT {}", subject.sql, quoted(&name)));
        let is_named = |column: &&str| clause.contains(&quoted(column));
        let columns = subject.columns.iter().map(|column| column.name).filter(is_named).map(str::to_owned);
        Some(Constraint { name, columns: columns.collect(), definition: format!("CHECK ({clause})"), drop })
    };
    Ok(ask_about(database, subject, sql)?.into_iter().filter_map(constraint).collect())
}

/// In both directions.
fn foreign_keys(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let own =
        "SELECT CAST(c.constraint_name AS CHAR), CAST(c.column_name AS CHAR), CAST(c.table_name AS CHAR)
        FROM information_schema.key_column_usage AS c
        WHERE IS_TABLE AND c.referenced_table_name IS NOT NULL";
    let others = "SELECT CAST(c.constraint_name AS CHAR), CAST(c.referenced_column_name AS CHAR), CAST(c.child AS CHAR)
        FROM (SELECT referenced_table_schema AS table_schema, referenced_table_name AS table_name, constraint_name,
            referenced_column_name, table_name AS child FROM information_schema.key_column_usage) AS c
        WHERE IS_TABLE";
    let mut findings = Vec::new();
    for sql in [own, others] {
        for row in ask_about(database, subject, sql)? {
            let [Some(name), Some(column), Some(table)] = &row[..] else { continue };
            let drop = format!("ALTER TABLE {} DROP FOREIGN KEY {}", quoted(table), quoted(name));
            findings.extend(of_encrypted(subject, std::slice::from_ref(column), |column| {
                Some(dependents::foreign_key(subject, column.name, name, Some(drop.clone())))
            }));
        }
    }
    Ok(findings)
}

fn unique(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = ask_about(
        database,
        subject,
        "SELECT CAST(c.index_name AS CHAR), CAST(c.column_name AS CHAR) FROM information_schema.statistics AS c
        WHERE IS_TABLE AND c.non_unique = 0",
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(column)] = &row[..] else { continue };
        let drop = format!("DROP INDEX {} ON {}", quoted(name), subject.sql);
        findings.extend(of_encrypted(subject, std::slice::from_ref(column), |column| {
            dependents::unique(subject, column, name, Some(drop.clone()))
        }));
    }
    Ok(findings)
}

fn generated(database: &mut dyn Ask, subject: &Subject) -> QueryResult<Vec<Finding>> {
    let rows = ask_about(
        database,
        subject,
        "SELECT CAST(c.column_name AS CHAR), CAST(c.generation_expression AS CHAR)
        FROM information_schema.columns AS c WHERE IS_TABLE AND c.generation_expression > ''",
    )?;
    let mut findings = Vec::new();
    for row in rows {
        let [Some(name), Some(expression)] = &row[..] else { continue };
        let is_named = |column: &&str| expression.contains(&quoted(column));
        let inputs = subject.columns.iter().map(|column| column.name).filter(is_named).map(str::to_owned);
        let inputs: Vec<_> = inputs.collect();
        let drop = format!("ALTER TABLE {} DROP COLUMN {}", subject.sql, quoted(name));
        findings.extend(of_encrypted(subject, &inputs, |column| {
            Some(dependents::generated(subject, column.name, name, drop.clone()))
        }));
    }
    Ok(findings)
}

/// Reads the whole table for each column of a small width.
fn too_long(database: &mut dyn Ask, subject: &Subject, columns: &[Column]) -> QueryResult<Vec<Finding>> {
    let is_small = |column: &&Column| {
        column.may_read
            && matches!(column.data_type.as_str(), "varchar" | "varbinary" | "tinytext" | "tinyblob" | "char")
    };
    let mut findings = Vec::new();
    for column in columns.iter().filter(is_small) {
        let (Some(surveyed), Some(width)) = (subject.surveyed(&column.name), column.width) else { continue };
        let Some((_, prefix)) = surveyed.beginning() else { continue };
        let name = quoted(&column.name);
        let longest = database.ask(
            &format!(
                "SELECT CAST(MAX(OCTET_LENGTH(t.{name})) AS CHAR) FROM {} AS t
                WHERE LEFT(CAST(t.{name} AS BINARY), {}) <> x'{}'",
                subject.sql,
                prefix.len(),
                hex::encode(&prefix)
            ),
            &[],
        )?;
        let widen = column.widen(subject);
        findings.extend(dependents::too_long(subject, surveyed, number(longest), width, widen));
    }
    Ok(findings)
}

//! What in the database may change a value that is written, and how many rows it has changed.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
#[cfg(feature = "postgres")]
use diesel::sql_types::Array;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::bind::StoredColumn;
use super::dialect::Dialect;
use super::statement::statement;
use super::table::Table;

/// A backend that can be asked.
pub(in crate::maintenance) trait Changers: Dialect {
    /// How many triggers, rules and the like may change what an update writes into columns. An envelope is ASCII, so
    /// 0 proves that it is stored as it is.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()>;

    /// What the catalog says of the table in one row: while it stays the same, nothing that may change a value was added.
    /// NULL where it does not tell.
    fn state<'b>(pass: &mut AstPass<'_, 'b, Self>, _: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql("SELECT NULL");
        Ok(())
    }

    /// How many rows this session has written so far. NULL if no trigger can write other rows than the statement does.
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()>;
}

/// A table and the columns that are written.
pub(in crate::maintenance) struct Asked<DB: Backend> {
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    #[cfg_attr(not(feature = "postgres"), allow(dead_code))]
    columns: Vec<String>,
    /// The patterns that find their names in SQL.
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
    words: Vec<String>,
    /// The name of the table alone, where that is in backticks.
    #[cfg_attr(not(feature = "mysql"), allow(dead_code))]
    name: String,
}

/// Counts what may change a value.
pub(in crate::maintenance) struct CountChangers<DB: Backend>(Asked<DB>);

/// Reads the state of the table.
pub(in crate::maintenance) struct ReadState<DB: Backend>(Asked<DB>);

/// Counts the rows that were written.
pub(in crate::maintenance) struct CountTouched<DB: Backend>(Asked<DB>);

impl<DB: Dialect> Asked<DB> {
    fn new(table: &Arc<Table<DB>>, columns: &[StoredColumn]) -> QueryResult<Self> {
        let names = || columns.iter().map(|column| column.name);
        let sql = DB::sql_of(&*table.name)?;
        let name = sql.rsplit("`.`").next().unwrap_or(&sql).trim_matches('`').replace("``", "`");
        Ok(Self {
            table: Arc::clone(table),
            columns: names().map(str::to_owned).collect(),
            words: names().map(word).collect(),
            name,
        })
    }
}

impl<DB: Dialect> CountChangers<DB> {
    pub(in crate::maintenance) fn new(table: &Arc<Table<DB>>, columns: &[StoredColumn]) -> QueryResult<Self> {
        Asked::new(table, columns).map(Self)
    }
}

impl<DB: Dialect> ReadState<DB> {
    pub(in crate::maintenance) fn new(table: &Arc<Table<DB>>) -> QueryResult<Self> {
        Asked::new(table, &[]).map(Self)
    }
}

impl<DB: Dialect> CountTouched<DB> {
    pub(in crate::maintenance) fn new(table: &Arc<Table<DB>>, columns: &[StoredColumn]) -> QueryResult<Self> {
        Asked::new(table, columns).map(Self)
    }
}

impl<DB: Changers> QueryFragment<DB> for CountChangers<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::count(&mut pass, &self.0)
    }
}

impl<DB: Changers> QueryFragment<DB> for ReadState<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::state(&mut pass, &self.0)
    }
}

impl<DB: Changers> QueryFragment<DB> for CountTouched<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::touched(&mut pass, &self.0)
    }
}

impl<DB: Backend> Query for CountChangers<DB> {
    type SqlType = BigInt;
}

impl<DB: Backend> Query for ReadState<DB> {
    type SqlType = Nullable<Text>;
}

impl<DB: Backend> Query for CountTouched<DB> {
    type SqlType = Nullable<BigInt>;
}

statement!(CountChangers);
statement!(ReadState);
statement!(CountTouched);

#[cfg(feature = "mysql")]
impl Changers for diesel::mysql::Mysql {
    /// MySQL hides triggers from users without the privilege TRIGGER, so nothing can be proved.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, _: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql("SELECT 1");
        Ok(())
    }

    /// A trigger cannot update its own table (error 1442), but a foreign key of it can, set off by what the trigger does
    /// to another table. Nothing counts these rows, so what is returned never fits.
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM information_schema.triggers
                    WHERE event_object_schema = DATABASE() AND event_manipulation = 'UPDATE'
                        AND event_object_table = ",
        );
        pass.push_bind_param::<Text, _>(&asked.name)?;
        pass.push_sql(
            ") AND EXISTS (SELECT 1 FROM information_schema.referential_constraints
                    WHERE constraint_schema = DATABASE() AND table_name = ",
        );
        pass.push_bind_param::<Text, _>(&asked.name)?;
        pass.push_sql(
            " AND NOT (update_rule IN ('RESTRICT', 'NO ACTION') AND delete_rule IN ('RESTRICT', 'NO ACTION')))
            THEN -1 END",
        );
        Ok(())
    }
}

#[cfg(feature = "sqlite")]
impl Changers for diesel::sqlite::Sqlite {
    /// Any trigger counts, since one may set off another, and any foreign key that writes. So does a virtual table,
    /// which is a program, and an attached database, whose triggers are not looked at.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, _: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(&format!(
            "SELECT (SELECT count(*) FROM main.sqlite_master
                    WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%')
                + (SELECT count(*) FROM temp.sqlite_master WHERE type = 'trigger')
                + (SELECT count(*) FROM pragma_database_list WHERE name <> 'main' AND name <> 'temp')
                + ({CASCADES})",
        ));
        Ok(())
    }

    /// A trigger writes no column that it does not name, unless it deletes or replaces whole rows.
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(&format!(
            "WITH words (type, sql) AS (
                SELECT type, '.' || replace(replace(replace(replace(lower(sql), '\"', ''), '`', ''), '[', ''), ']', '') || '.'
                FROM (SELECT type, sql FROM main.sqlite_master UNION ALL SELECT type, sql FROM temp.sqlite_master)
            ) SELECT CASE WHEN ({CASCADES}) > 0 OR EXISTS (
                SELECT 1 FROM words WHERE type = 'table' AND sql LIKE '%conflict%replace%'
            ) OR EXISTS (
                SELECT 1 FROM words WHERE type = 'trigger' AND (sql LIKE '%delete%' OR sql LIKE '%replace%'",
        ));
        for word in &asked.words {
            pass.push_sql(" OR sql GLOB ");
            pass.push_bind_param::<Text, _>(word)?;
        }
        pass.push_sql(")) THEN total_changes() END");
        Ok(())
    }
}

/// Foreign keys that write as the row changes which they refer to.
#[cfg(feature = "sqlite")]
const CASCADES: &str = "SELECT count(*) FROM main.sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table' AND f.on_update NOT IN ('NO ACTION', 'RESTRICT')";

/// The pattern that finds a column's name as a word, in SQL without quotes and in lower case.
fn word(name: &str) -> String {
    let plain = name.to_lowercase().replace(['\"', '`', '[', ']'], "");
    let is_word = plain.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_word {
        format!("*[^a-z0-9_]{plain}[^a-z0-9_]*")
    } else {
        // Whatever acts in a pattern stands for any letter.
        format!("*{}*", plain.replace(['*', '?', '['], "?"))
    }
}

#[cfg(feature = "postgres")]
impl Changers for diesel::pg::Pg {
    /// Triggers that only check foreign keys do not count, but those that cascade do: what they set off may come back.
    /// Partitions may have triggers of their own. A function that
    /// is not PostgreSQL's own, in a CHECK, an index or a generated column, may do anything. A type other than those of envelopes may be written in another form.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql("SELECT pg_catalog.count(*) FROM (SELECT CAST(CAST(");
        pass.push_bind_param::<Text, _>(&asked.table.full_name)?;
        pass.push_sql(
            " AS pg_catalog.regclass) AS pg_catalog.oid)) AS t (oid) CROSS JOIN LATERAL (
                SELECT 1 FROM pg_catalog.pg_class AS c
                WHERE c.oid OPERATOR(pg_catalog.=) t.oid
                    AND (c.relkind OPERATOR(pg_catalog.<>) 'r' OR c.relhasrules)
                UNION ALL
                SELECT 1 FROM pg_catalog.pg_trigger AS g
                    JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) g.tgfoid
                WHERE g.tgrelid OPERATOR(pg_catalog.=) t.oid
                    AND (g.tgtype OPERATOR(pg_catalog.&) 16::pg_catalog.int2) OPERATOR(pg_catalog.<>) 0
                    AND NOT (p.pronamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
                        AND p.proname OPERATOR(pg_catalog.=) ANY (
                            '{RI_FKey_check_upd,RI_FKey_noaction_upd,RI_FKey_restrict_upd}'::pg_catalog.name[]))
                UNION ALL
                SELECT 1 FROM pg_catalog.pg_depend AS d
                WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                    AND d.objid OPERATOR(pg_catalog.=) ANY (ARRAY(
                        SELECT k.oid FROM pg_catalog.pg_constraint AS k
                        WHERE k.conrelid OPERATOR(pg_catalog.=) t.oid
                            OR k.contypid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT a.atttypid
                                FROM pg_catalog.pg_attribute AS a
                                WHERE a.attrelid OPERATOR(pg_catalog.=) t.oid AND a.attnum OPERATOR(pg_catalog.>) 0))
                        UNION ALL
                        SELECT i.indexrelid FROM pg_catalog.pg_index AS i
                        WHERE i.indrelid OPERATOR(pg_catalog.=) t.oid
                        UNION ALL
                        SELECT f.oid FROM pg_catalog.pg_attrdef AS f
                        WHERE f.adrelid OPERATOR(pg_catalog.=) t.oid))
                UNION ALL
                SELECT 1 FROM pg_catalog.pg_attribute AS a
                    JOIN pg_catalog.pg_type AS y ON y.oid OPERATOR(pg_catalog.=) a.atttypid
                WHERE a.attrelid OPERATOR(pg_catalog.=) t.oid
                    AND a.attname OPERATOR(pg_catalog.=) ANY (CAST(",
        );
        pass.push_bind_param::<Array<Text>, _>(&asked.columns)?;
        pass.push_sql(
            " AS pg_catalog.name[]))
                    AND NOT (CASE WHEN y.typtype OPERATOR(pg_catalog.=) 'd' THEN y.typbasetype ELSE y.oid END)
                        OPERATOR(pg_catalog.=) ANY ('{text,varchar,bytea}'::pg_catalog.regtype[])
            ) AS changer",
        );
        Ok(())
    }

    /// A table without triggers and rules. What else changes values changes its row in `pg_class`, or adds an index.
    fn state<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(
            "SELECT CASE WHEN c.relkind OPERATOR(pg_catalog.=) 'r' AND NOT c.relhastriggers AND NOT c.relhasrules
                THEN pg_catalog.concat_ws(' ', c.xmin, c.relchecks, (SELECT pg_catalog.count(*)
                    FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid)) END
            FROM pg_catalog.pg_class AS c
            WHERE c.oid OPERATOR(pg_catalog.=) CAST(CAST(",
        );
        pass.push_bind_param::<Text, _>(&asked.table.full_name)?;
        pass.push_sql(" AS pg_catalog.regclass) AS pg_catalog.oid)");
        Ok(())
    }

    /// The counts of a transaction may include some of those before it, so only their difference tells something.
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(
            "SELECT CAST(pg_catalog.sum(
                pg_catalog.pg_stat_get_xact_tuples_inserted(r.oid)
                OPERATOR(pg_catalog.+) pg_catalog.pg_stat_get_xact_tuples_updated(r.oid)
                OPERATOR(pg_catalog.+) pg_catalog.pg_stat_get_xact_tuples_deleted(r.oid)
            ) AS pg_catalog.int8)
            FROM (SELECT CAST(CAST(",
        );
        pass.push_bind_param::<Text, _>(&asked.table.full_name)?;
        pass.push_sql(
            " AS pg_catalog.regclass) AS pg_catalog.oid)) AS t (oid) CROSS JOIN LATERAL (
                SELECT t.oid
                UNION ALL
                SELECT p.relid FROM pg_catalog.pg_partition_tree(t.oid) AS p
                WHERE CAST(p.relid AS pg_catalog.oid) OPERATOR(pg_catalog.<>) t.oid
            ) AS r (oid)",
        );
        Ok(())
    }
}

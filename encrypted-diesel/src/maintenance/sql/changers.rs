//! What in the database may change a value that is written, and how many rows it has changed.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
#[cfg(feature = "postgres")]
use diesel::sql_types::Array;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
use diesel::sql_types::Text;
use diesel::sql_types::{BigInt, Nullable};

use super::bind::StoredColumn;
use super::dialect::Dialect;
use super::statement::statement;
use super::table::Table;

/// A backend that can be asked.
pub(in crate::maintenance) trait Changers: Dialect {
    /// How many triggers, rules and the like may change what an update writes into columns. An envelope is ASCII, so
    /// 0 proves that it is stored as it is.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()>;

    /// How many rows this session has written so far. NULL if no trigger can write other rows than the statement does.
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()>;
}

/// A table and the columns that are written.
pub(in crate::maintenance) struct Asked<DB: Backend> {
    pub(in crate::maintenance) table: Arc<Table<DB>>,
    #[cfg_attr(not(any(feature = "sqlite", feature = "postgres")), allow(dead_code))]
    pub(in crate::maintenance) columns: Vec<String>,
}

/// Counts what may change a value.
pub(in crate::maintenance) struct CountChangers<DB: Backend>(Asked<DB>);

/// Counts the rows that were written.
pub(in crate::maintenance) struct CountTouched<DB: Backend>(Asked<DB>);

impl<DB: Backend> Asked<DB> {
    fn new(table: &Arc<Table<DB>>, columns: &[StoredColumn]) -> Self {
        let columns = columns.iter().map(|column| column.name.to_owned()).collect();
        Self { table: Arc::clone(table), columns }
    }
}

impl<DB: Backend> CountChangers<DB> {
    pub(in crate::maintenance) fn new(table: &Arc<Table<DB>>, columns: &[StoredColumn]) -> Self {
        Self(Asked::new(table, columns))
    }
}

impl<DB: Backend> CountTouched<DB> {
    pub(in crate::maintenance) fn new(table: &Arc<Table<DB>>, columns: &[StoredColumn]) -> Self {
        Self(Asked::new(table, columns))
    }
}

impl<DB: Changers> QueryFragment<DB> for CountChangers<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        DB::count(&mut pass, &self.0)
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

impl<DB: Backend> Query for CountTouched<DB> {
    type SqlType = Nullable<BigInt>;
}

statement!(CountChangers);
statement!(CountTouched);

#[cfg(feature = "mysql")]
impl Changers for diesel::mysql::Mysql {
    /// Triggers are hidden from users without the privilege TRIGGER, so there is no proof.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, _: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql("SELECT 1");
        Ok(())
    }

    /// "Can't update table in stored function/trigger because it is already used" (error 1442).
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, _: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql("SELECT CAST(NULL AS SIGNED)");
        Ok(())
    }
}

#[cfg(feature = "sqlite")]
impl Changers for diesel::sqlite::Sqlite {
    /// Any trigger counts, since one may set off another. So does a virtual table, which is a program, and an attached
    /// database, whose triggers are not looked at.
    fn count<'b>(pass: &mut AstPass<'_, 'b, Self>, _: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(
            "SELECT (SELECT count(*) FROM main.sqlite_master
                    WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%')
                + (SELECT count(*) FROM temp.sqlite_master WHERE type = 'trigger')
                + (SELECT count(*) FROM pragma_database_list WHERE name <> 'main' AND name <> 'temp')",
        );
        Ok(())
    }

    /// A trigger that does not name a column does not write it.
    fn touched<'b>(pass: &mut AstPass<'_, 'b, Self>, asked: &'b Asked<Self>) -> QueryResult<()> {
        pass.push_sql(
            "SELECT CASE WHEN EXISTS (
                SELECT 1 FROM (
                    SELECT type, sql FROM main.sqlite_master UNION ALL
                    SELECT type, sql FROM temp.sqlite_master
                ) WHERE type = 'trigger' AND (1=0",
        );
        for column in &asked.columns {
            pass.push_sql(" OR instr(lower(sql), lower(");
            pass.push_bind_param::<Text, _>(column)?;
            pass.push_sql(")) > 0");
        }
        pass.push_sql(")) THEN total_changes() END");
        Ok(())
    }
}

#[cfg(feature = "postgres")]
impl Changers for diesel::pg::Pg {
    /// Triggers that only check foreign keys do not count, but those that cascade do: what they set off may come back.
    /// Partitions may have triggers of their own. A type other than those of envelopes may be written in another form.
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

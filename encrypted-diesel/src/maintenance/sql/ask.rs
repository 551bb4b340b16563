//! Questions to the catalog. Every answer is text.

use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::result::{Error as DieselError, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Text, Untyped};

use super::row::RawRow;

/// A statement in which each NUL stands for one of the texts: no name can contain one.
#[derive(Debug)]
pub struct Question {
    sql: String,
    binds: Vec<String>,
}

/// A row of an answer. `None` is NULL.
pub(in crate::maintenance) type Answer = Vec<Option<String>>;

/// A connection that answers questions. Its backend does not matter any more.
#[doc(hidden)]
pub trait Ask {
    #[doc(hidden)]
    fn answers(&mut self, question: Question) -> QueryResult<Vec<Answer>>;
}

impl<Conn, DB> Ask for Conn
where
    DB: Backend + 'static,
    Conn: Connection<Backend = DB> + LoadConnection,
    for<'query> Question: LoadQuery<'query, Conn, RawRow>,
{
    fn answers(&mut self, question: Question) -> QueryResult<Vec<Answer>> {
        question.load_iter(self)?.map(|row| Ok(row?.into_answer())).collect()
    }
}

impl dyn Ask + '_ {
    /// The rows of the answer.
    pub(in crate::maintenance) fn ask(&mut self, sql: &str, binds: &[&str]) -> QueryResult<Vec<Answer>> {
        let binds = binds.iter().map(|text| (*text).to_owned()).collect();
        self.answers(Question { sql: sql.to_owned(), binds })
    }
}

impl<DB> QueryFragment<DB> for Question
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.unsafe_to_cache_prepared(); // asked once
        let mut parts = self.sql.split('\0');
        pass.push_sql(parts.next().unwrap_or_default());
        for (position, part) in parts.enumerate() {
            let missing = || DieselError::QueryBuilderError("a question lacks a text".into());
            pass.push_bind_param::<Text, _>(self.binds.get(position).ok_or_else(missing)?)?;
            pass.push_sql(part);
        }
        Ok(())
    }
}

impl Query for Question {
    type SqlType = Untyped;
}

impl QueryId for Question {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Conn> RunQueryDsl<Conn> for Question {}

//! The settings of a session that the text of a value depends on.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;

use super::dialect::Dialect;
use super::statement::{Binds, statement};

/// Reads the settings of [`Words::READING`](super::dialect::sealed::Words::READING), or sets them until the
/// transaction ends.
pub(in crate::maintenance) struct Settings<DB> {
    values: Option<Vec<String>>,
    backend: PhantomData<DB>,
}

impl<DB: Dialect> Settings<DB> {
    /// Reads what they are.
    pub(super) fn current() -> Self {
        Self { values: None, backend: PhantomData }
    }

    pub(super) fn set(values: Vec<String>) -> Self {
        Self { values: Some(values), backend: PhantomData }
    }

    /// Sets them so that every value is written whole.
    pub(super) fn reading() -> Self {
        Self::set(DB::READING.iter().map(|(_, value)| (*value).to_owned()).collect())
    }
}

impl<DB: Binds> QueryFragment<DB> for Settings<DB> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (position, (name, _)) in DB::READING.iter().enumerate() {
            pass.push_sql(if position > 0 { ", " } else { "SELECT " });
            match &self.values {
                None => pass.push_sql(&format!("pg_catalog.current_setting('{name}')")),
                Some(values) => {
                    pass.push_sql(&format!("pg_catalog.set_config('{name}', "));
                    DB::text(&mut pass, &values[position])?;
                    pass.push_sql(", true)");
                }
            }
        }
        Ok(())
    }
}

impl<DB> Query for Settings<DB> {
    type SqlType = Untyped;
}

statement!(Settings);

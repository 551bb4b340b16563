//! PostgreSQL: `column = ANY ($1)`, with all stored forms in one array.

use std::fmt;
use std::io::Write;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Array, Binary, Text};

use super::matches::Matches;
use super::term::Term;
use super::terms::Terms;
use crate::cipher::Sealed;
use crate::envelope::Container;

impl<C, T> QueryFragment<Pg> for Matches<C, T>
where
    C: QueryFragment<Pg>,
    T: Term,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let terms = self.terms()?;
        pass.push_sql("(");
        self.column.walk_ast(pass.reborrow())?;
        // Named with its schema, so that an operator of somebody else's on the search path is not called.
        pass.push_sql(" OPERATOR(pg_catalog.=) ANY (");
        match T::CONTAINER {
            Container::Text => pass.push_bind_param::<Array<Text>, _>(terms)?,
            Container::Bytes => pass.push_bind_param::<Array<Binary>, _>(terms)?,
        }
        pass.push_sql("))");
        Ok(())
    }
}

impl<ST, T: Term> ToSql<Array<ST>, Pg> for Terms<T>
where
    Vec<Element>: ToSql<Array<ST>, Pg>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let stored: Vec<_> = self.stored()?.into_iter().map(Element).collect();
        ToSql::<Array<ST>, Pg>::to_sql(&stored, &mut out.reborrow())
    }
}

/// One stored form in the array.
struct Element(Sealed);

impl<ST> ToSql<ST, Pg> for Element {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

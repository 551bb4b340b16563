use std::fmt;
use std::iter;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

use crate::cipher::{Sealed, open_form, seal_form};
use crate::envelope::{Container, Mode, parse};
use crate::error::Error;
use crate::keyring::Keyring;

/// The keyring of a tenant, encrypted under the application's keyring, for a `Text` column of the application's table of
/// tenants.
///
/// It is an [envelope](crate::guide::format) whose context is `encrypted-diesel/tenant:` and the tenant's id, so the
/// keys of one tenant do not open as those of another. [`TenantKeys`](super::TenantKeys) makes and opens it.
///
/// # Security
///
/// With the application's keys, it can be opened. Deleting it shreds what the tenant's keys have encrypted, once no cache
/// and no backup has it: see [the guide](crate::guide::tenants#shredding).
#[derive(Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct SealedKeys(String);

impl SealedKeys {
    pub(super) fn seal(keys: &Keyring, tenant: &str, application: &Keyring) -> Result<Self, Error> {
        let lists = keys.to_lists();
        match seal_form(application, Container::Text, Mode::Randomized, &context(tenant), lists.as_bytes())? {
            Sealed::Text(envelope) => Ok(Self(envelope)),
            Sealed::Bytes(_) => Err(Error::MalformedEnvelope),
        }
    }

    pub(super) fn open(&self, tenant: &str, application: &Keyring) -> Result<Keyring, Error> {
        let context = context(tenant);
        let lists = open_form(application, Container::Text, iter::once(context.as_str()), self.0.as_bytes())?;
        let lists = std::str::from_utf8(&lists).map_err(|_| Error::MalformedEnvelope)?;
        Ok(Keyring::from_lists(lists)?)
    }

    /// Whether it is under the key with which the application encrypts now.
    pub(super) fn is_under_primary(&self, application: &Keyring) -> Result<bool, Error> {
        Ok(parse(Container::Text, self.0.as_bytes())?.key_id == application.primary_id())
    }
}

fn context(tenant: &str) -> String {
    format!("encrypted-diesel/tenant:{tenant}")
}

impl<DB: Backend> ToSql<Text, DB> for SealedKeys
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_str().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for SealedKeys
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(value).map(Self)
    }
}

impl fmt::Debug for SealedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedKeys(…)")
    }
}

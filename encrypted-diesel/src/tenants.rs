//! A keyring for each tenant, kept in a table of the application.
//!
//! [The guide](crate::guide::tenants) has the whole of it, and `examples/tenants` is a service that does so.

mod sealed_keys;
mod tenant_keys;

pub use self::sealed_keys::SealedKeys;
pub use self::tenant_keys::TenantKeys;

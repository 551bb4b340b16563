//! The long pages: how to use encrypted columns, how to operate them, and what they protect.
//!
//! | page | read it to |
//! |---|---|
//! | [`values`] | choose a column type and a value type |
//! | [`keys`] | configure keys, reload and rotate them, give each tenant its own |
//! | [`aws_kms`] | have AWS KMS wrap your keys |
//! | [`vault`] | have HashiCorp Vault or OpenBao wrap or keep your keys |
//! | [`tenants`] | give each tenant a keyring, rotate it, and shred it |
//! | [`queries`] | know which queries do not compile, and what to write instead |
//! | [`search`] | find rows by their encrypted values |
//! | [`migrations`] | declare the columns in SQL and have Diesel write `schema.rs` |
//! | [`before`] | know what in your database could hide, keep or change values, before you encrypt |
//! | [`adoption`] | encrypt the data of a running application without stopping it |
//! | [`operating`] | use the command-line tool: rotation, backups, leaked keys |
//! | [`django`] | move from django-encrypted-model-fields |
//! | [`security`] | know what is protected, from whom, and what is not |
//! | [`mod@format`] | read or write encrypted values from another language |

#[doc = include_str!("../docs/values.md")]
pub mod values {}

#[doc = include_str!("../docs/keys.md")]
pub mod keys {}

#[doc = include_str!("../docs/aws_kms.md")]
pub mod aws_kms {}

#[doc = include_str!("../docs/vault.md")]
pub mod vault {}

#[doc = include_str!("../docs/tenants.md")]
pub mod tenants {}

#[doc = include_str!("../docs/queries.md")]
pub mod queries {}

#[doc = include_str!("../docs/search.md")]
pub mod search {}

#[doc = include_str!("../docs/migrations.md")]
pub mod migrations {}

#[doc = include_str!("../docs/before.md")]
pub mod before {}

#[doc = include_str!("../docs/adoption.md")]
pub mod adoption {}

#[doc = include_str!("../docs/operating.md")]
pub mod operating {}

#[doc = include_str!("../docs/django.md")]
pub mod django {}

#[doc = include_str!("../docs/security.md")]
pub mod security {}

#[doc = include_str!("../docs/format.md")]
pub mod format {}

//! Tables that a walk refuses, before it writes the first row.

use super::verb::Verb;
use crate::error::Error;
use crate::target::found::{self, CHECK, Found, ROW_SECURITY};

/// Fails with what would hide rows, or could lose a value. A walk that writes nothing is refused only for the former, and
/// `decrypt`, the way back, not for columns that are too narrow for envelopes, but for a CHECK that lets nothing else in.
pub(super) fn refuse(verb: Verb, findings: &[Found]) -> Result<(), Error> {
    found::refuse_any(findings, |found| verb == Verb::Decrypt && found.kind == CHECK)?;
    found::refuse(findings, |kind| match kind {
        // Rows would be missed, or none could be read.
        ROW_SECURITY | "collation" | "encoding" => true,
        "too-narrow" | "padded" => !matches!(verb, Verb::Verify | Verb::Decrypt),
        _ => verb != Verb::Verify,
    })
}

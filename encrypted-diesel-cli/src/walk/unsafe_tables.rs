//! Tables that a walk refuses, before it writes the first row.

use encrypted_diesel::maintenance::Severity;

use super::verb::Verb;
use crate::error::Error;
use crate::target::findings::Found;

/// Fails with what would hide rows, or could lose a value. A walk that writes nothing is refused only for the former, and
/// `decrypt`, the way back, not for columns that are too narrow for envelopes.
pub(super) fn refuse(verb: Verb, findings: &[Found]) -> Result<(), Error> {
    let matters = |found: &&Found| match found.kind.as_str() {
        "row-security" => true,
        "too-narrow" | "padded" => !matches!(verb, Verb::Verify | Verb::Decrypt),
        _ => verb != Verb::Verify,
    };
    let errors = findings.iter().filter(|found| found.severity == Severity::Error).filter(matters);
    let lines: Vec<_> = errors.map(Found::line).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::Refused { findings: lines.join("\n") }) }
}

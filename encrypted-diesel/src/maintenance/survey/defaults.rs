//! The defaults of columns, in the words of a catalog.

pub(super) const MESSAGE: &str =
    "its default is stored as plaintext whenever a row comes without a value, and reading such a row fails";

/// Whether a default is something else than NULL and an envelope. An expression counts as plaintext.
pub(super) fn is_plaintext(default: &str) -> bool {
    let default = default.trim().trim_start_matches('(');
    let is_null = default.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("null"));
    let value = default.trim_start_matches(['\'', 'X', 'x', '\\', '"']);
    let is_envelope =
        ["ed1:", "ed1d:", "ed1p:", "ed6564", "ED6564"].iter().any(|prefix| value.starts_with(prefix));
    !(is_null || is_envelope)
}

#[cfg(test)]
mod tests {
    use super::is_plaintext;

    #[test]
    fn plaintext_is_what_is_neither_null_nor_an_envelope() {
        for plaintext in
            ["'none'::text", "none", "", "''", "''::text", "CURRENT_USER", "'x'", "now()", "('a' || 'b')"]
        {
            assert!(is_plaintext(plaintext), "{plaintext}");
        }
        for other in [
            "NULL",
            "NULL::character varying",
            "'ed1:5ab351d0:AAAA'::text",
            r"'\xed656401'::bytea",
            "X'ED656401'",
        ] {
            assert!(!is_plaintext(other), "{other}");
        }
    }
}

//! Searches for a text in every form in which a log may show it.

/// Whether `log` has `text`: as it is, escaped, as a list of bytes, or in hexadecimal digits.
pub(crate) fn finds(log: &str, text: &str) -> bool {
    forms(text).iter().any(|form| log.contains(form))
}

fn forms(text: &str) -> [String; 7] {
    let bytes = text.as_bytes();
    let join =
        |form: fn(&u8) -> String, separator| bytes.iter().map(form).collect::<Vec<_>>().join(separator);
    [
        text.to_owned(),
        text.escape_default().to_string(),
        bytes.escape_ascii().to_string(),
        join(|byte| format!("{byte}"), ", "),
        join(|byte| format!("{byte:02x}"), ""),
        join(|byte| format!("{byte:02X}"), ""),
        join(|byte| format!("{byte:02x}"), " "),
    ]
}

#[test]
fn finds_every_form() {
    let log = |form: &str| format!("before {form} after");
    for form in
        ["Zoë", r"Zo\u{eb}", r"Zo\xc3\xab", "90, 111, 195, 171", "5a6fc3ab", "5A6FC3AB", "5a 6f c3 ab"]
    {
        assert!(finds(&log(form), "Zoë"), "{form}");
    }
    assert!(!finds(&log("Zoe"), "Zoë"));
}

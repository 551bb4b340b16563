//! Text from a database or a file, for a terminal: control characters are shown as escapes, such as `\n` and `\u{1b}`, so
//! that nothing in the text can move the cursor, forge a line, or change the order of letters.

use std::fmt::{Display, Write};

use serde_json::Value;

/// The text in one line.
pub(crate) fn one_line(text: impl Display) -> String {
    escape(&text.to_string(), |_| false)
}

/// The text in its own lines.
pub(crate) fn lines(text: impl Display) -> String {
    escape(&text.to_string(), |letter| matches!(letter, '\n' | '\t'))
}

fn escape(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if acts(letter) && !is_kept(letter) {
            match letter {
                '\n' | '\r' | '\t' => escaped.extend(letter.escape_default()),
                _ => escaped.extend(letter.escape_unicode()),
            }
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// Whether a terminal does anything with the character other than showing it.
pub(crate) fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' // soft hyphen, invisible marks
            | '\u{200b}'..='\u{200f}' // without width, and directions
            | '\u{2028}'..='\u{202e}' // line breaks, embeddings and overrides
            | '\u{2060}'..='\u{206f}' // isolates, and others without width
            | '\u{fff9}'..='\u{fffb}' // annotations
            | '\u{e0000}'..='\u{e007f}' // tags
        )
}

/// The JSON with line breaks and a last one.
pub(crate) fn json(value: &Value) -> String {
    let text = format!("{value:#}\n");
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        // What is left of control characters is in strings.
        if acts(letter) && letter != '\n' {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ACTING: &str = "\u{0}\u{7}\u{8}\u{1b}[2K\u{7f}\u{9b}2J\u{85}\u{200e}\u{202e}\u{2066}\u{2069}\u{2028}\u{feff}\u{e0041}";

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(one_line("\u{1b}[2K\rp.v: 9 rows\n\t"), r"\u{1b}[2K\rp.v: 9 rows\n\t");
        assert_eq!(lines("a\n\tb\r\u{9b}"), "a\n\tb\\r\\u{9b}");
        for text in [one_line(ACTING), lines(ACTING), json(&json!(ACTING))] {
            assert!(!text.trim_end().contains(acts), "{text:?}");
        }
    }

    #[test]
    fn letters_of_every_language_stay() {
        for text in ["größe", "Ελένη", "משה", "محمد", "王芳", "é\u{301}", "🦊", r"C:\keys\n", "'\"`"]
        {
            assert_eq!(one_line(text), text);
            assert_eq!(lines(text), text);
        }
    }

    #[test]
    fn json_keeps_its_value() {
        let value = json!({ "key": [ACTING, "a\nb", "größe 🦊"], ACTING: 1 });
        assert_eq!(serde_json::from_str::<Value>(&json(&value)).unwrap(), value);
    }
}

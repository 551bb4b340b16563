//! Lines of at most 100 columns.

const WIDTH: usize = 100;
const INDENT: usize = 21;

/// A heading.
pub(crate) fn title(text: &str) {
    println!("\n{text}\n");
}

/// A label and wrapped text after it.
pub(crate) fn entry(label: &str, text: &str) {
    let mut line = format!("  {label:<width$}", width = INDENT - 2);
    let mut length = INDENT;
    for (position, word) in text.split(' ').enumerate() {
        let word_length = word.chars().count();
        if position > 0 && length + 1 + word_length > WIDTH {
            println!("{line}");
            line = " ".repeat(INDENT);
            length = INDENT;
        } else if position > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    println!("{line}");
}

/// A row of a comparison.
pub(crate) fn row(column: &str, seen: &str, held: &str) {
    println!("  {column:<19}{seen:<25}{held}");
}

/// The beginning of a text and its full length.
pub(crate) fn shortened(text: &str) -> String {
    let beginning: String = text.chars().take(32).collect();
    format!("{beginning}… ({} characters)", text.chars().count())
}

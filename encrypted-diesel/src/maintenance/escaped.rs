//! Text from the database, as it is shown.

use std::fmt::{self, Write as _};

/// A text with its control characters escaped, and those that change the direction of writing.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            _ if is_shown(letter) => f.write_char(letter),
            _ => write!(f, "{}", letter.escape_default()),
        })
    }
}

fn is_shown(letter: char) -> bool {
    let hidden = ['\u{61C}', '\u{FEFF}'];
    let ranges = ['\u{200B}'..='\u{200F}', '\u{2028}'..='\u{202E}', '\u{2060}'..='\u{206F}'];
    !letter.is_control() && !hidden.contains(&letter) && !ranges.iter().any(|range| range.contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_that_are_not_seen_are_escaped() {
        let shown = |text| Escaped(text).to_string();
        assert_eq!(shown("Zoë, 漢字 O'Brien\\ \"q\""), "Zoë, 漢字 O'Brien\\ \"q\"");
        assert_eq!(shown("\u{1b}[2K\rall valid\n"), "\\u{1b}[2K\\rall valid\\n");
        assert_eq!(shown("\u{9b}\u{202e}\u{2028}"), "\\u{9b}\\u{202e}\\u{2028}");
    }
}

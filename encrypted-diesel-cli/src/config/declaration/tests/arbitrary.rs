//! The reader never panics.

use proptest::prelude::*;

use super::*;

/// The file is accepted, or every line of the error has a place inside the text.
fn has_places(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(error) = Declaration::parse(FILE.to_owned(), bytes) else { return Ok(()) };
    let last = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    for line in error.to_string().split("\nencrypted-diesel.toml:") {
        let mut place = line.trim_start_matches("encrypted-diesel.toml:").split(':').map(str::parse::<usize>);
        let (Some(Ok(line)), Some(Ok(column))) = (place.next(), place.next()) else {
            return Err(TestCaseError::fail(error.to_string()));
        };
        prop_assert!((1..=last).contains(&line) && (1..=bytes.len() + 1).contains(&column), "{error}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), bytes: Vec<u8>) {
        has_places(text.as_bytes())?;
        has_places(&bytes)?;
    }

    /// A good file with a part replaced.
    #[test]
    fn no_change_panics(
        start in 0..GOOD.len(),
        length in 0..40_usize,
        new in "[\\[\\]{}=.,\"'\n0-9a-fö]{0,6}",
    ) {
        let end = (start + length).min(GOOD.len());
        has_places(&[&GOOD.as_bytes()[..start], new.as_bytes(), &GOOD.as_bytes()[end..]].concat())?;
    }

    /// A good file with the value of one key under another.
    #[test]
    fn no_other_value_panics(lines in proptest::collection::vec(0..64_usize, 0..4)) {
        let mut text: Vec<_> = GOOD.lines().map(str::to_owned).collect();
        let value = |line: &str| line.split_once(" = ").map(|(_, value)| value.to_owned());
        for pair in lines.windows(2) {
            let (from, to) = (pair[0] % text.len(), pair[1] % text.len());
            if let (Some(new), Some((key, _))) = (value(&text[from]), text[to].split_once(" = ")) {
                text[to] = format!("{key} = {new}");
            }
        }
        has_places(text.join("\n").as_bytes())?;
    }
}

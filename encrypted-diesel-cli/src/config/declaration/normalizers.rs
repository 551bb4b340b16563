use encrypted_diesel::blind_index::Normalizer;

use super::reader::{Item, Reader};

pub(super) const BY_A_FUNCTION: &str = "in the application, write \
    `index(normalize(with(function)))` on the type, and maintain the index with \
    `encrypted_diesel::maintenance::BlindIndexes`";

/// Reads the normalizers of one column.
pub(super) fn read(item: Item<'_>, reader: &mut Reader<'_>) -> &'static [Normalizer] {
    let mut normalizers = Vec::new();
    for text in reader.texts(item) {
        match parse(text.value) {
            Ok(normalizer) => normalizers.push(normalizer),
            Err(message) => reader.problems.add(&text, message),
        }
    }
    normalizers.leak()
}

fn parse(text: &str) -> Result<Normalizer, String> {
    let called = text.strip_suffix(')').and_then(|call| call.split_once('('));
    let (name, argument) = called.map_or((text, None), |(name, argument)| (name, Some(argument)));
    Ok(match (name, argument) {
        ("trim", None) => Normalizer::Trim,
        ("lowercase", None) => Normalizer::Lowercase,
        ("nfkc", None) => Normalizer::Nfkc,
        ("digits", None) => Normalizer::Digits,
        ("alphanumeric", None) => Normalizer::Alphanumeric,
        ("first", _) => Normalizer::First(characters(text, argument)?),
        ("last", _) => Normalizer::Last(characters(text, argument)?),
        ("with", _) => return Err(format!("only the application can call its functions: {BY_A_FUNCTION}")),
        _ => {
            return Err(format!(
                "unknown normalizer `{text}`: the known ones are trim, lowercase, nfkc, digits, alphanumeric, \
                 first(4), last(4)"
            ));
        }
    })
}

fn characters(text: &str, argument: Option<&str>) -> Result<usize, String> {
    let number = argument.and_then(|argument| argument.trim().parse::<u32>().ok()).filter(|n| *n > 0);
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| {
        format!("`{text}` needs a number of characters above 0, such as `first(4)` or `last(4)`")
    })
}

use super::reader::{Keys, Reader};

/// Where something belongs, and where it did.
#[derive(Clone, Copy, Default)]
pub(super) struct Contexts {
    pub(super) context: &'static str,
    pub(super) previous: &'static [&'static str],
}

/// Stands for a context that is no text. It is not empty, or else that would be said as well.
const NO_TEXT: &str = "?";

impl Contexts {
    /// Those that are given, else the default. The previous contexts of the default belong to its context.
    pub(super) fn read(keys: &Keys<'_>, default: Self, reader: &mut Reader<'_>) -> Self {
        let own = match keys.get("context") {
            Some(item) => {
                Self { context: reader.text(item).map_or(NO_TEXT, |text| text.value), previous: &[] }
            }
            None => default,
        };
        let Some(item) = keys.get("previous-contexts") else { return own };
        let previous = reader.distinct_texts(item);
        for text in previous.iter().filter(|text| text.value == own.context) {
            reader.problems.add(text, "this is the context of today: remove it here");
        }
        let previous: Vec<_> = previous.iter().map(|text| text.value).collect();
        Self { context: own.context, previous: previous.leak() }
    }
}

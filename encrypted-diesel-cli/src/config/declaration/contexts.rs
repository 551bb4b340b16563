use super::reader::{Keys, Reader};

/// The context of a column or an index, and its previous contexts.
#[derive(Clone, Copy, Default)]
pub(super) struct Contexts {
    pub(super) context: &'static str,
    pub(super) previous: &'static [&'static str],
}

/// Stands in for a context that is not a string. An empty one would cause a second error.
const NO_TEXT: &str = "?";

impl Contexts {
    /// The contexts in the file, else the default. A context in the file does not inherit the previous contexts of the
    /// default.
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
            reader.problems.add(text, "this is the current context: remove it from this list");
        }
        let previous: Vec<_> = previous.iter().map(|text| text.value).collect();
        Self { context: own.context, previous: previous.leak() }
    }
}

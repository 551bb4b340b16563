//! Keys of SQLite, which holds values of any storage class in any column.

use super::row::Raw;
use super::row_key::KeyKind;

/// A part of a key, in its storage class: <https://sqlite.org/datatype3.html#storage_classes_and_datatypes>
#[derive(Clone, Debug, PartialEq)]
pub(in crate::maintenance) enum Classed {
    Integer(i64),
    Real(f64),
    Text(String),
    /// Text that is not UTF-8.
    InvalidText(Vec<u8>),
    Blob(Vec<u8>),
}

impl Classed {
    /// The value itself. A part of a key that was read is not NULL.
    fn of(raw: Raw) -> Option<Self> {
        Some(match raw {
            Raw::Null => return None,
            Raw::Bytes(bytes) => Self::Blob(bytes),
            Raw::Text(bytes) => Self::text(bytes),
            Raw::Integer(number) => Self::Integer(number),
            Raw::Real(number) => Self::Real(number),
        })
    }

    fn text(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::InvalidText(error.into_bytes()), Self::Text)
    }

    /// How a row is named by it: without its class where it is the one that is declared.
    pub(super) fn name(kind: KeyKind, raw: Raw) -> String {
        match (kind, Self::of(raw)) {
            (_, None) => "NULL".to_owned(),
            (KeyKind::Integer, Some(Self::Integer(number))) => number.to_string(),
            (KeyKind::Bytes, Some(Self::Blob(bytes))) => hex::encode(bytes),
            (KeyKind::Text | KeyKind::Uuid | KeyKind::Other, Some(Self::Text(text)))
                if !names_class(&text) =>
            {
                text
            }
            (_, Some(Self::Integer(number))) => format!("integer {number}"),
            (_, Some(Self::Real(number))) => format!("real {number:?}"),
            (_, Some(Self::Text(text))) => format!("text X'{}'", hex::encode(text)),
            (_, Some(Self::InvalidText(bytes))) => format!("text X'{}'", hex::encode(bytes)),
            (_, Some(Self::Blob(bytes))) => format!("blob X'{}'", hex::encode(bytes)),
        }
    }

    /// The value with this name.
    pub(super) fn named(kind: KeyKind, name: &str) -> Option<Self> {
        if let Some(number) = name.strip_prefix("integer ") {
            return number.parse().ok().map(Self::Integer);
        }
        if let Some(number) = name.strip_prefix("real ") {
            return number.parse().ok().map(Self::Real);
        }
        if let Some(digits) = quoted(name, "text X'") {
            return hex::decode(digits).ok().map(Self::text);
        }
        if let Some(digits) = quoted(name, "blob X'") {
            return hex::decode(digits).ok().map(Self::Blob);
        }
        match kind {
            KeyKind::Integer => name.parse().ok().map(Self::Integer),
            KeyKind::Bytes => hex::decode(name).ok().map(Self::Blob),
            KeyKind::Text | KeyKind::Uuid | KeyKind::Other => Some(Self::Text(name.to_owned())),
        }
    }
}

/// Whether a text begins as a name with a class does.
fn names_class(text: &str) -> bool {
    ["integer ", "real ", "text X'", "blob X'"].iter().any(|class| text.starts_with(class))
}

fn quoted<'a>(name: &'a str, before: &str) -> Option<&'a str> {
    name.strip_prefix(before)?.strip_suffix('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_name_of_its_own() {
        let raws = || {
            [
                Raw::Integer(-5),
                Raw::Real(0.1),
                Raw::Real(f64::MAX),
                Raw::Real(f64::NEG_INFINITY),
                Raw::Text(b"-5".to_vec()),
                Raw::Text(b"blob X'61'".to_vec()),
                Raw::Text(b"integer -5".to_vec()),
                Raw::Text(vec![0xff]),
                Raw::Text(Vec::new()),
                Raw::Bytes(b"-5".to_vec()),
                Raw::Bytes(Vec::new()),
            ]
        };
        for kind in [KeyKind::Integer, KeyKind::Text, KeyKind::Bytes, KeyKind::Other] {
            let names: std::collections::BTreeSet<_> =
                raws().into_iter().map(|raw| Classed::name(kind, raw)).collect();
            assert_eq!(names.len(), raws().len(), "{names:?}");
            for raw in raws() {
                let name = Classed::name(kind, raw.clone());
                assert_eq!(Classed::named(kind, &name), Classed::of(raw), "{name}");
            }
        }
    }
}

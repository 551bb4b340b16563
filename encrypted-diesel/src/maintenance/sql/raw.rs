//! Values as they are read.

/// A value as the driver hands it over.
#[derive(Clone)]
#[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
pub(super) enum Raw {
    Null,
    Bytes(Vec<u8>),
    /// Only in SQLite, as are the numbers.
    Text(Vec<u8>),
    Integer(i64),
    Real(f64),
}

impl Raw {
    /// The text of a number has no fewer digits than it takes to read it back.
    pub(super) fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Null => None,
            Self::Bytes(bytes) | Self::Text(bytes) => Some(bytes),
            Self::Integer(number) => Some(number.to_string().into_bytes()),
            Self::Real(number) => Some(format!("{number:?}").into_bytes()),
        }
    }
}

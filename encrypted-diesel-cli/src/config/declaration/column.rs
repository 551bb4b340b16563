use super::contexts::Contexts;
use super::model::{Column, Located, SqlType, Value};
use super::reader::{Item, Reader};

const KEYS: [&str; 5] = ["sql-type", "value", "context", "previous-contexts", "from"];

impl Column {
    pub(super) fn read(name: Located<&'static str>, item: Item<'_>, reader: &mut Reader<'_>) -> Self {
        let keys = reader.keys(name, item, &KEYS);
        let sql_type = keys
            .required("sql-type", "write `sql-type = \"EncryptedText\"`", reader)
            .and_then(|item| reader.word(item, &SqlType::WORDS))
            .unwrap_or(name.with(SqlType::EncryptedText));
        let value = keys
            .get("value")
            .and_then(|item| reader.word(item, &Value::WORDS))
            .unwrap_or(sql_type.with(sql_type.value.default_value()));
        if sql_type.value == SqlType::DeterministicText && !value.value.is_canonical() {
            reader.problems.add(
                &value,
                format!(
                    "equal values of type {} may have different plaintext forms, so a search for one form would \
                     miss the others: use EncryptedText",
                    value.value.word()
                ),
            );
        }
        let Contexts { context, previous } = Contexts::read(&keys, Contexts::default(), reader);
        let from = keys.get("from").and_then(|item| reader.text(item));
        Self { name, sql_type, value: value.value, context, previous_contexts: previous, from }
    }
}

impl SqlType {
    pub(super) const WORDS: [(&'static str, Self); 4] = [
        ("EncryptedText", Self::EncryptedText),
        ("EncryptedVarchar", Self::EncryptedVarchar),
        ("EncryptedBinary", Self::EncryptedBinary),
        ("DeterministicText", Self::DeterministicText),
    ];

    /// Its name in the file, which is the name of the type.
    pub(crate) fn word(self) -> &'static str {
        word(&Self::WORDS, self)
    }

    fn default_value(self) -> Value {
        match self {
            Self::EncryptedBinary => Value::Bytes,
            Self::EncryptedText | Self::EncryptedVarchar | Self::DeterministicText => Value::Text,
        }
    }
}

impl Value {
    pub(super) const WORDS: [(&'static str, Self); 12] = [
        ("text", Self::Text),
        ("bytes", Self::Bytes),
        ("integer", Self::Integer),
        ("boolean", Self::Boolean),
        ("float", Self::Float),
        ("decimal", Self::Decimal),
        ("date", Self::Date),
        ("time", Self::Time),
        ("timestamp", Self::Timestamp),
        ("timestamptz", Self::Timestamptz),
        ("uuid", Self::Uuid),
        ("json", Self::Json),
    ];

    /// Its name in the file.
    pub(crate) fn word(self) -> &'static str {
        word(&Self::WORDS, self)
    }

    /// Whether equal values have equal plaintext forms, as [`encrypted_diesel::plaintext::Canonical`] promises.
    pub(super) fn is_canonical(self) -> bool {
        !matches!(self, Self::Float | Self::Decimal | Self::Json)
    }
}

fn word<T: PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

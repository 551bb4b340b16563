//! What values to encrypt look like: another program may have encrypted or hashed them already.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::result::QueryResult;
use zeroize::Zeroizing;

use super::column::EncryptedColumn;
use super::sql::ask::Ask;
use super::sql::bind::StoredColumn;
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::server::Server;
use crate::envelope::{self, Container};

/// How many values are looked at, among how many rows at most, and how many bytes of each.
const VALUES: usize = 1_000;
const ROWS: usize = 1_000_000;
const BYTES: usize = 256;

/// The shortest that an authenticated ciphertext can be: a nonce of 12 bytes and a tag of 16.
const SHORTEST: usize = 28;

const HEX: &str = "hex digits of random bytes";

/// How texts of other programs begin, with their names.
const TEXTS: [(&str, &str); 16] = [
    ("gAAAAA", "Fernet tokens"),
    ("{\"p\":\"", "ciphertexts of Rails"),
    ("eyJpdiI6", "ciphertexts of Laravel"),
    ("U2FsdGVkX1", "ciphertexts of OpenSSL"),
    ("vault:v", "ciphertexts of Vault"),
    ("ENC[", "ciphertexts of SOPS or Jasypt"),
    ("-----BEGIN PGP MESSAGE", "messages of PGP"),
    ("-----BEGIN AGE ENCRYPTED", "files of age"),
    ("age-encryption.org/", "files of age"),
    ("$argon2", "hashes of passwords"),
    ("$2", "hashes of passwords"),
    ("$scrypt$", "hashes of passwords"),
    ("scrypt$", "hashes of passwords"),
    ("$pbkdf2", "hashes of passwords"),
    ("pbkdf2_", "hashes of passwords"),
    ("bcrypt", "hashes of passwords"),
];

impl<DB: Dialect> EncryptedColumn<DB> {
    /// Whether another program seems to have encrypted or hashed the values that [`encrypt`](Self::encrypt) would take for
    /// plaintext, from a sample of up to 1,000 values among the first million rows: `Fernet tokens`, for example.
    ///
    /// More than half of the sampled values must look so: begin like a known form, or be bytes, base64 of bytes, or hex
    /// digits of several lengths, that look random and are 28 bytes or longer. Compressed files, such as images, may look random as well.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn looks_encrypted<Conn>(&self, connection: &mut Conn) -> QueryResult<Option<&'static str>>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let (table, column) = (DB::sql_of(&*self.table.name)?, self.codec.column);
        let source = self.from.unwrap_or(column);
        let prefix = hex::encode(envelope::beginning(column.container, self.codec.mode, None));
        let sql = sample(DB::SERVER, &table, source, &prefix);
        let values = connection.transaction(|database| (database as &mut dyn Ask).ask(&sql, &[]))?;
        let values = values.into_iter().flatten().flatten().map(Zeroizing::new);
        let values = values.filter_map(|value| hex::decode(&*value).ok()).map(Zeroizing::new);
        Ok(most(values.map(|value| (look(&value), value.len()))))
    }
}

/// Reads the beginnings of values as hex digits, without those that begin with `prefix`.
fn sample(server: Server, table: &str, source: StoredColumn, prefix: &str) -> String {
    let column = source.name;
    let (quoted, read, begins) = match server {
        Server::Sqlite => {
            let quoted = format!("`{}`", column.replace('`', "``"));
            (quoted, format!("hex(substr(CAST(r.value AS BLOB), 1, {BYTES}))"), "lower(s.value) NOT LIKE")
        }
        Server::Mysql => {
            let quoted = format!("`{}`", column.replace('`', "``"));
            (quoted, format!("HEX(LEFT(CAST(r.value AS BINARY), {BYTES}))"), "LOWER(s.value) NOT LIKE")
        }
        Server::Postgres => {
            let quoted = format!("\"{}\"", column.replace('"', "\"\""));
            let text = "CAST(r.value AS pg_catalog.text)";
            // Of a domain as well.
            let bytes = match source.container {
                Container::Text => format!("pg_catalog.textsend({text})"),
                Container::Bytes => format!("CAST({text} AS pg_catalog.bytea)"),
            };
            let read = format!("pg_catalog.encode(pg_catalog.substr({bytes}, 1, {BYTES}), 'hex')");
            (quoted, read, "s.value OPERATOR(pg_catalog.!~~)")
        }
    };
    format!(
        "SELECT s.value FROM (SELECT {read} AS value FROM (SELECT t.{quoted} AS value FROM {table} AS t LIMIT {ROWS}) AS r
            WHERE r.value IS NOT NULL) AS s WHERE {begins} '{prefix}%' LIMIT {VALUES}"
    )
}

/// What more than half of the values look like. Keys, tokens and hashes are often hex digits of one length; ciphertexts have
/// those of their plaintexts.
fn most(looks: impl Iterator<Item = (Option<&'static str>, usize)>) -> Option<&'static str> {
    let (mut values, mut found) = (0, Vec::new());
    for (look, len) in looks {
        values += 1;
        found.extend(look.map(|look| (look, len)));
    }
    let (first, len) = *found.first()?;
    let is_token = first == HEX && found.iter().all(|(_, other)| *other == len);
    (2 * found.len() > values && !is_token).then_some(first)
}

/// What a value looks like, if it does not look like plaintext. Longer ones were cut.
fn look(value: &[u8]) -> Option<&'static str> {
    let Some(text) = as_text(value) else {
        return is_random(value).then_some("random bytes");
    };
    let known = TEXTS.iter().find(|(beginning, _)| text.starts_with(beginning));
    let is_jwe = text.starts_with("eyJ") && text.split('.').count() == 5;
    match known {
        // bcrypt: `$2b$`
        Some((beginning, _)) if *beginning == "$2" && text.as_bytes().get(3) != Some(&b'$') => None,
        Some((_, name)) => Some(name),
        None if is_jwe => Some("encrypted JSON web tokens"),
        None => decoded(text).filter(|(_, bytes)| is_random(bytes)).map(|(name, _)| name),
    }
}

/// The text, without what the cut has left of its last letter.
fn as_text(value: &[u8]) -> Option<&str> {
    match std::str::from_utf8(value) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && value.len() == BYTES => {
            std::str::from_utf8(value.get(..error.valid_up_to())?).ok()
        }
        Err(_) => None,
    }
}

/// The bytes of hex digits, or of standard base64, as most programs write ciphertexts. Tokens are mostly URL-safe.
fn decoded(text: &str) -> Option<(&'static str, Zeroizing<Vec<u8>>)> {
    let text = text.trim_end();
    let bytes = hex::decode(text).map(|bytes| (HEX, bytes));
    let bytes = bytes.or_else(|_| STANDARD.decode(text).map(|bytes| ("base64 of random bytes", bytes)));
    bytes.ok().map(|(name, bytes)| (name, Zeroizing::new(bytes)))
}

/// Whether nearly as many different bytes are in it as in random bytes of its length.
fn is_random(bytes: &[u8]) -> bool {
    if bytes.len() < SHORTEST {
        return false;
    }
    let bytes = bytes.get(..BYTES).unwrap_or(bytes);
    let distinct = bytes.iter().collect::<BTreeSet<_>>().len();
    // 256 · (1 − (255/256)ⁿ), in thousandths to stay with integers.
    let missing = (0..bytes.len()).fold(256_000_usize, |missing, _| missing * 255 / 256);
    1_000 * distinct >= (256_000 - missing) * 85 / 100
}

#[cfg(test)]
mod tests {
    use rand::Rng as _;

    use super::*;

    fn random(len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }

    fn most_of(values: impl Iterator<Item = Vec<u8>>) -> Option<&'static str> {
        most(values.map(|value| (look(&value), value.len())))
    }

    #[test]
    fn hex_digits_of_one_length_are_tokens() {
        let hex = |len| hex::encode(random(len)).into_bytes();
        assert_eq!(most_of((0..50).map(|_| hex(32))), None);
        assert_eq!(most_of((0..50).map(|n| hex(32 + n % 5))), Some(HEX));
    }

    #[test]
    fn ciphertexts_look_random_and_most_bytes_do_not() {
        for len in [28, 29, 40, 64, 256, 5_000] {
            // One in many may look otherwise, since it is random.
            let cut = |bytes: Vec<u8>| bytes[..len.min(BYTES)].to_vec();
            assert_eq!(most_of((0..50).map(|_| cut(random(len)))), Some("random bytes"), "{len}");
            let coded = (0..50).map(|_| STANDARD.encode(random(len.min(150))).into_bytes());
            assert_eq!(most_of(coded), Some("base64 of random bytes"), "{len}");
        }
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x03\0\x08\x06\0\0\0\x15\xd2\xaci\0\0\0\x09pHYs\0\0\x0b\x13".to_vec();
        let utf16: Vec<u8> =
            "a rather long name in UTF-16".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin1 = b"Na\xefve caf\xe9 owners in Z\xfcrich, and more of them elsewhere".to_vec();
        for plain in [random(16), random(27), png, utf16, latin1, vec![0xff; 100], Vec::new()] {
            assert_eq!(look(&plain), None, "{plain:?}");
        }
    }

    #[test]
    fn known_texts_are_named() {
        for (text, name) in [
            ("gAAAAABh0000000000000000", "Fernet tokens"),
            (r#"{"p":"ab","h":{"iv":"x","at":"y"}}"#, "ciphertexts of Rails"),
            ("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "hashes of passwords"),
            ("$2b$12$abcdefghijklmnopqrstuv", "hashes of passwords"),
            ("pbkdf2_sha256$600000$salt$hash=", "hashes of passwords"),
            ("eyJhbGciOiJSU0EifQ.a.b.c.d", "encrypted JSON web tokens"),
        ] {
            assert_eq!(look(text.as_bytes()), Some(name), "{text}");
        }
        let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        let json = r#"{"name": "Ada", "born": "1815-12-10"}"#;
        for text in
            ["", "Ada", "$20.00", "ada@example.org", "123-45-6789", uuid, json, "eyJhbGciOiJIUzI1NiJ9.a.b"]
        {
            assert_eq!(look(text.as_bytes()), None, "{text}");
        }
        assert_eq!(look("naïve café ".repeat(40).as_bytes().get(..BYTES).unwrap()), None);
    }

    #[test]
    fn most_values_decide() {
        assert_eq!(most([(Some("a"), 9), (None, 9)].into_iter()), None);
        assert_eq!(most([(Some("a"), 9), (None, 9), (Some("b"), 9)].into_iter()), Some("a"));
        assert_eq!(most(std::iter::empty()), None);
    }
}

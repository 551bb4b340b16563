//! The bytes that a value takes in the database, beside the formats of other libraries.
//!
//!     cargo bench -p encrypted-diesel --bench size
//!
//! Ours are asked of SQLite. Theirs are computed from what they write, as the source named beside each says.

#![allow(missing_docs, clippy::unwrap_used)]

use diesel::prelude::*;
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Integer, SingleValue};
use diesel::sqlite::Sqlite;
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, Key, Keyring, sql_types};

const SIZES: [usize; 4] = [0, 16, 100, 1_000];

#[derive(Encrypted)]
#[encrypted(context = "tokens")]
struct Token(String);

fn main() {
    Keyring::new(Key::generate().unwrap()).install().unwrap();
    println!("| stored as | {} bytes |", SIZES.map(|size| size.to_string()).join(" | "));
    println!("|---{}|", "|--:".repeat(SIZES.len()));
    row("`EncryptedBinary`", |size| {
        stored::<sql_types::EncryptedBinary, _>(&EncryptedBinary::new(vec![7; size]))
    });
    row("`EncryptedText`", |size| stored::<sql_types::EncryptedText, _>(&text(size)));
    row("`DeterministicText`", |size| stored::<sql_types::DeterministicText, _>(&Token("x".repeat(size))));
    for (name, size_of) in PEERS {
        row(name, size_of);
    }
}

fn row(name: &str, size_of: impl Fn(usize) -> usize) {
    println!("| {name} | {} |", SIZES.map(|size| size_of(size).to_string()).join(" | "));
}

fn text(size: usize) -> EncryptedText {
    EncryptedText::new("x".repeat(size))
}

fn stored<ST, V>(value: &V) -> usize
where
    ST: SingleValue + diesel::query_builder::QueryId,
    V: ToSql<ST, Sqlite>,
    Sqlite: HasSqlType<ST>,
{
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    let length = diesel::sql_query("SELECT length(CAST(? AS BLOB)) AS length").bind::<ST, _>(value);
    length.get_result::<Length>(&mut connection).unwrap().length.try_into().unwrap()
}

#[derive(QueryableByName)]
struct Length {
    #[diesel(sql_type = Integer)]
    length: i32,
}

/// The bytes stored for this many bytes of plaintext.
type Size = fn(usize) -> usize;

/// For text of one byte a character.
const PEERS: [(&str, Size); 7] = [
    // lib/cloak/ciphers/aes_gcm.ex, lib/cloak/tags/encoder.ex: type, length, tag, then a nonce of 16 bytes,
    // 16 of tag and the ciphertext, with the key's tag "AES.GCM.V1" of the README
    ("cloak_ecto, binary", |size| 2 + "AES.GCM.V1".len() + 16 + 16 + size),
    // lib/lockbox/aes_gcm.rb: nonce, ciphertext, tag; lib/lockbox/model.rb: in base64, and "" as it is
    ("Lockbox", |size| if size == 0 { 0 } else { base64(12 + size + 16) }),
    // @47ng/cloak, format v1: names, 8 digits of fingerprint, nonce, and ciphertext with tag
    ("prisma-field-encryption", |size| "v1.aesgcm256.".len() + 8 + 1 + base64(12) + 1 + base64(size + 16)),
    // message_serializer.rb, cipher/aes256_gcm.rb: JSON. Not compressed, as random text is not
    ("Rails, Active Record Encryption", |size| json(base64(size))),
    // src/lib.rs, 0.3: the value's own JSON, in such JSON
    ("encrypted-message", |size| json(base64(size + 2))),
    // src/Backend/BoringCrypto.php: nonce of 24 bytes, 32 of authentication, ciphertext
    ("CipherSweet", |size| "brng:".len() + base64(24 + 32 + size)),
    // Fernet: version, time, IV, AES-CBC with padding, HMAC-SHA256
    ("django-encrypted-model-fields", |size| base64(1 + 8 + 16 + (size / 16 + 1) * 16 + 32)),
];

/// With padding.
fn base64(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// A payload of this many digits, with a nonce of 12 bytes and a tag of 16.
fn json(payload: usize) -> usize {
    r#"{"p":"","h":{"iv":"","at":""}}"#.len() + payload + base64(12) + base64(16)
}

//! The vectors of the second implementation.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Vectors {
    envelopes: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    key: String,
    key_id: String,
    mode: String,
    nonce: Option<String>,
    context: String,
    plaintext: String,
    text: String,
    bytes: String,
}

impl Vector {
    fn all() -> Vec<Self> {
        let vectors: Vectors = serde_json::from_str(include_str!("../../../vectors/v1.json")).unwrap();
        assert!(!vectors.envelopes.is_empty());
        vectors.envelopes
    }

    fn ring(&self) -> Keyring {
        Keyring::parse(&self.key).unwrap()
    }

    fn mode(&self) -> Mode {
        match &*self.mode {
            "randomized" => Mode::Randomized,
            "deterministic" => Mode::Deterministic,
            other => panic!("{other}"),
        }
    }

    fn plaintext(&self) -> Vec<u8> {
        hex::decode(&self.plaintext).unwrap()
    }
}

#[test]
fn the_vectors_key_ids_are_derived() {
    for vector in Vector::all() {
        assert_eq!(vector.ring().primary_id().to_string(), vector.key_id, "{}", vector.name);
    }
}

#[test]
fn the_vectors_are_sealed_to_the_byte() {
    for vector in Vector::all() {
        let (encrypt, _) = in_context(&vector.context);
        let (ring, mode, plaintext) = (vector.ring(), vector.mode(), vector.plaintext());
        let key = ring.primary();
        let nonce: Option<Nonce> =
            vector.nonce.as_ref().map(|nonce| hex::decode(nonce).unwrap().try_into().unwrap());

        let payload = encrypt(key, mode, nonce, &plaintext, &[]).unwrap();
        assert_eq!(envelope::write_text(mode, key.id(), &payload), vector.text, "{}", vector.name);

        let header = envelope::byte_header(mode, key.id());
        let bytes = encrypt(key, mode, nonce, &plaintext, &header).unwrap();
        assert_eq!(hex::encode(bytes), vector.bytes, "{}", vector.name);
    }
}

#[test]
fn the_vectors_open() {
    for vector in Vector::all() {
        let (_, open) = in_context(&vector.context);
        let (ring, plaintext) = (vector.ring(), vector.plaintext());
        assert_eq!(
            *open(&ring, Container::Text, vector.text.as_bytes()).unwrap(),
            plaintext,
            "{}",
            vector.name
        );
        let bytes = hex::decode(&vector.bytes).unwrap();
        assert_eq!(*open(&ring, Container::Bytes, &bytes).unwrap(), plaintext, "{}", vector.name);
    }
}

//! The keys derived from a key, as `docs/format.md` defines them, and their forms in memory while they are used.

use aes::Aes256;
use aes::cipher::BlockCipherEncrypt;
use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use encrypted_diesel::Key;
use hkdf::Hkdf;
use sha2::Sha256;

const SALT: &[u8] = b"encrypted-diesel/1";

/// The context of the blind index that the work writes.
pub(crate) const CONTEXT: &str = "memory.index";

/// The nonce of the randomized envelope that the work opens.
pub(crate) const NONCE: [u8; 12] = *b"any twelve !";

pub(crate) fn random() -> [u8; 32] {
    rand::random()
}

/// The subkeys of a mode, and of the index of [`CONTEXT`].
fn subkey(key: &[u8; 32], info: &[&[u8]]) -> [u8; 32] {
    let mut subkey = [0; 32];
    Hkdf::<Sha256>::new(Some(SALT), key).expand_multi_info(info, &mut subkey).unwrap();
    subkey
}

/// A randomized envelope with [`NONCE`], for a binary column.
pub(crate) fn envelope(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    let header = [&b"\xEDed\x01"[..], Key::from(*key).id().as_bytes()].concat();
    let associated_data = [SALT, b"r", &header[4..], &[0; 4]].concat();
    let cipher = Aes256GcmSiv::new(&subkey(key, &[b"randomized"]).into());
    let mut message = plaintext.to_vec();
    let tag = cipher.encrypt_inout_detached(&NONCE.into(), &associated_data, message.as_mut_slice().into());
    [&header[..], &NONCE, &message, &tag.unwrap()].concat()
}

pub(crate) fn of_key(key: &[u8; 32]) -> Vec<(String, Vec<u8>)> {
    let (pseudorandom, _) = Hkdf::<Sha256>::extract(Some(SALT), key);
    let randomized = subkey(key, &[b"randomized"]);
    let deterministic = subkey(key, &[b"deterministic"]);
    let index = subkey(key, &[b"blind index", CONTEXT.as_bytes()]);

    let mut all = vec![("bytes".to_owned(), key.to_vec())];
    for (name, key) in [("HKDF's key", pseudorandom.as_slice()), ("index subkey", &index)] {
        all.push((name.to_owned(), key.to_vec()));
        // RFC 2104 section 2.
        for (pad, byte) in [("ipad", 0x36), ("opad", 0x5C)] {
            all.push((format!("{name}, {pad}"), key.iter().map(|own| own ^ byte).collect()));
        }
    }
    let messages = [("randomized", randomized, NONCE), ("deterministic", deterministic, [0; 12])];
    for (name, subkey, nonce) in messages {
        let (authentication, encryption) = of_message(&subkey, &nonce);
        all.push((format!("{name}, a message's authentication key"), authentication.to_vec()));
        for (whose, key) in [("the", subkey), ("a message's", encryption)] {
            all.push((format!("{name}, {whose} subkey"), key.to_vec()));
            all.push((format!("{name}, {whose} key schedule"), schedule(&key)[32..].to_vec()));
        }
    }
    all
}

/// The keys of one message (RFC 8452 section 4): for authentication and for encryption.
fn of_message(subkey: &[u8; 32], nonce: &[u8; 12]) -> ([u8; 16], [u8; 32]) {
    let cipher = Aes256::new(subkey.into());
    let derived: Vec<u8> = (0..6_u32)
        .flat_map(|counter| {
            let mut block = [&counter.to_le_bytes()[..], nonce].concat();
            cipher.encrypt_block(block.as_mut_slice().try_into().unwrap());
            block.truncate(8);
            block
        })
        .collect();
    let (authentication, encryption) = derived.split_at(16);
    (authentication.try_into().unwrap(), encryption.try_into().unwrap())
}

/// The round keys of AES-256 (FIPS 197 section 5.2). The first two are the key itself.
fn schedule(key: &[u8; 32]) -> Vec<u8> {
    let mut words: Vec<[u8; 4]> = key.chunks(4).map(|word| word.try_into().unwrap()).collect();
    let mut constant = 1;
    for at in 8..60 {
        let mut word = words[at - 1];
        if at % 8 == 0 {
            word.rotate_left(1);
        }
        if at % 4 == 0 {
            word = word.map(s_box);
        }
        if at % 8 == 0 {
            word[0] ^= constant;
            constant <<= 1;
        }
        let before = words[at - 8];
        words.push(std::array::from_fn(|byte| word[byte] ^ before[byte]));
    }
    words.concat()
}

/// FIPS 197 section 5.1.1: the inverse in GF(2^8), then an affine transformation.
fn s_box(byte: u8) -> u8 {
    let inverse = (0..=u8::MAX).find(|other| product(byte, *other) == 1).unwrap_or(0);
    (1..5).fold(inverse, |sum, shift| sum ^ inverse.rotate_left(shift)) ^ 0x63
}

fn product(mut a: u8, mut b: u8) -> u8 {
    let mut sum = 0;
    while b != 0 {
        if b & 1 == 1 {
            sum ^= a;
        }
        a = (a << 1) ^ if a & 0x80 == 0 { 0 } else { 0x1B };
        b >>= 1;
    }
    sum
}

/// FIPS 197 appendix A.3.
#[test]
fn the_schedule_is_that_of_fips_197() {
    let key = hex::decode("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").unwrap();
    let schedule = schedule(&key.try_into().unwrap());
    assert_eq!(hex::encode(&schedule[32..36]), "9ba35411");
    assert_eq!(hex::encode(&schedule[236..]), "706c631e");
}

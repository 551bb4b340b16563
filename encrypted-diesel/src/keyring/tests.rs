#![allow(clippy::unwrap_used, clippy::expect_used)]

use secrecy::ExposeSecret;

use super::*;

/// The 64 digits of a key: one byte, 32 times.
fn digits(byte: u8) -> String {
    hex::encode([byte; Key::LEN])
}

pub(super) fn key(byte: u8) -> Key {
    Key::from([byte; Key::LEN])
}

fn ids(keys: &[u8]) -> Vec<KeyId> {
    keys.iter().map(|&byte| key(byte).id()).collect()
}

fn parsed(list: &str) -> Vec<KeyId> {
    Keyring::parse(list).unwrap().key_ids().collect()
}

/// Two different keys of one id, found by search: the id has 32 bits only.
fn keys_of_one_id() -> [Key; 2] {
    [12_792_u32, 124_957].map(|number| {
        let mut bytes = [0; Key::LEN];
        bytes[28..].copy_from_slice(&number.to_be_bytes());
        Key::from(bytes)
    })
}

#[test]
fn a_key_is_read_from_digits_and_written_as_the_same() {
    let digits = "00fF".repeat(16);
    let key = Key::from_hex(&digits).unwrap();
    assert_eq!(key.to_hex().expose_secret(), digits.to_lowercase());
    assert_eq!(key, Key::from_hex(&digits.to_lowercase()).unwrap());
    assert_eq!(key, Key::from_hex(&digits.to_uppercase()).unwrap());
    assert_eq!(key, Key::from_hex(&format!(" \t{digits}\r\n")).unwrap());
}

#[test]
fn a_key_is_not_read_from_anything_else() {
    let length = |length| Err(KeyError::Length { position: 1, length });
    assert_eq!(Key::from_hex(""), Err(KeyError::EmptyEntry { position: 1 }));
    assert_eq!(Key::from_hex(" \n"), Err(KeyError::EmptyEntry { position: 1 }));
    assert_eq!(Key::from_hex(&"a".repeat(63)), length(63));
    assert_eq!(Key::from_hex(&"a".repeat(65)), length(65));
    assert_eq!(Key::from_hex(&format!("0x{}", digits(1))), length(66));
    assert_eq!(Key::from_hex(&format!("{},", digits(1))), length(65));
    for character in ["g", " ", "é", "🦊", "\0", ","] {
        let digits = format!("{}{character}{}", "a".repeat(32), "a".repeat(31));
        assert_eq!(Key::from_hex(&digits), Err(KeyError::NotHex { position: 1 }));
        assert!(Key::from_hex(&character.repeat(64)).is_err());
    }
}

/// What somebody types in place of a key.
#[test]
fn a_placeholder_is_refused_wherever_it_is_listed() {
    let placeholder = |position| Err(KeyError::Placeholder { position });
    let same = "0123456789abcdefABCDEF".chars().map(|digit| digit.to_string().repeat(64));
    let counting = [
        "0123456789abcdef".repeat(4),
        "0123456789ABCDEF".repeat(4),
        "fedcba9876543210".repeat(4),
        "1234567890".repeat(7)[..64].to_owned(),
        "9876543210".repeat(7)[..64].to_owned(),
        "456789abcdef0123".repeat(4),
    ];
    for digits_of_it in same.chain(counting) {
        assert_eq!(
            Key::from_hex(&digits_of_it),
            Err(KeyError::Placeholder { position: 1 }),
            "{digits_of_it}"
        );
        assert_eq!(Keyring::parse(&format!("{},{digits_of_it}", digits(7))), placeholder(2));
        assert_eq!(Keyring::new(key(1)).with_index_keys(&digits_of_it), placeholder(1));
    }
    for good in
        ["01".repeat(32), "2a".repeat(32), "0123456789abcdef".repeat(3) + "0123456789abcdee", digits(0xAB)]
    {
        assert!(Key::from_hex(&good).is_ok(), "{good}");
    }
}

#[test]
fn a_key_of_one_byte_is_told_from_others() {
    assert!(key(0xAB).is_one_byte());
    let other = "ab".repeat(31) + "ac";
    assert!(!Key::from_hex(&other).unwrap().is_one_byte());
}

#[test]
fn generated_keys_differ() {
    assert_ne!(Key::generate().unwrap(), Key::generate().unwrap());
}

#[test]
fn one_key_is_a_list() {
    assert_eq!(parsed(&digits(1)), ids(&[1]));
}

#[test]
fn the_first_of_several_keys_is_the_primary() {
    let ring = Keyring::parse(&format!("{},{},{}", digits(2), digits(1), digits(3))).unwrap();
    assert_eq!(ring.primary_id(), key(2).id());
    assert_eq!(ring.key_ids().collect::<Vec<_>>(), ids(&[2, 1, 3]));
}

#[test]
fn white_space_around_keys_is_ignored() {
    assert_eq!(parsed(&format!("{}\n", digits(1))), ids(&[1]));
    assert_eq!(parsed(&format!(" {} ,\r\n\t{} \n", digits(1), digits(2))), ids(&[1, 2]));
}

#[test]
fn digits_in_upper_case_are_accepted() {
    assert_eq!(parsed(&digits(0xAB).to_uppercase()), ids(&[0xAB]));
}

#[test]
fn an_empty_list_is_an_error() {
    for list in ["", " ", "\n"] {
        assert_eq!(Keyring::parse(list), Err(KeyError::Empty));
    }
}

#[test]
fn an_empty_entry_is_an_error_with_its_position() {
    let (a, b) = (digits(1), digits(2));
    for (list, position) in
        [(format!(",{a}"), 1), (format!("{a},,{b}"), 2), (format!("{a}, ,{b}"), 2), (format!("{a},{b},"), 3)]
    {
        assert_eq!(Keyring::parse(&list), Err(KeyError::EmptyEntry { position }));
    }
}

#[test]
fn a_key_of_another_length_is_an_error_with_its_position() {
    let (a, b) = (digits(1), digits(2));
    assert_eq!(Keyring::parse(&a[1..]), Err(KeyError::Length { position: 1, length: 63 }));
    assert_eq!(Keyring::parse(&format!("{a},{b}0")), Err(KeyError::Length { position: 2, length: 65 }));
    // A forgotten comma.
    assert_eq!(Keyring::parse(&format!("{a}{b}")), Err(KeyError::Length { position: 1, length: 128 }));
}

#[test]
fn keys_that_are_not_separated_by_commas_are_an_error_that_says_so() {
    let (a, b, c) = (digits(1), digits(2), digits(3));
    for separator in ["\n", "\r\n", " ", "\t", ";", " ; ", ":", "|", "\n\n"] {
        let list = format!("{c},{a}{separator}{b}");
        assert_eq!(Keyring::parse(&list), Err(KeyError::Separator { position: 2 }), "{separator:?}");
    }
    let list = format!("{a}\n{b}1");
    assert_eq!(Keyring::parse(&list), Err(KeyError::Surrounded { position: 1 }));
}

#[test]
fn a_key_with_more_around_it_is_an_error_that_says_what() {
    let (a, b) = (digits(1), digits(2));
    for line in ["FIELD_ENCRYPTION_KEY=", "export A = ", "="] {
        assert_eq!(Keyring::parse(&format!("{a},{line}{b}")), Err(KeyError::Assignment { position: 2 }));
    }
    for list in [format!("# of 2026\n{b}"), format!("{b} # new"), format!("key: {b}")] {
        assert_eq!(
            Keyring::parse(&format!("{a},{list}")),
            Err(KeyError::Surrounded { position: 2 }),
            "{list}"
        );
    }
    for quote in ["\"", "'", "`"] {
        assert_eq!(Keyring::parse(&format!("{quote}{a}{quote}")), Err(KeyError::Quoted { position: 1 }));
    }
    assert_eq!(parsed(&format!("\u{feff}{a},\u{feff}{b}\r\n")), ids(&[1, 2]));
}

#[test]
fn a_character_that_is_no_hex_digit_is_an_error_with_its_position() {
    let (a, bad) = (digits(1), format!("{}g", &digits(2)[1..]));
    assert_eq!(Keyring::parse(&bad), Err(KeyError::NotHex { position: 1 }));
    assert_eq!(Keyring::parse(&format!("{a},{a},{bad}")), Err(KeyError::NotHex { position: 3 }));
}

#[test]
fn a_key_that_is_there_twice_is_an_error() {
    let repeated = Err(KeyError::Repeated { id: key(2).id() });
    let (a, b) = (digits(0xA1), digits(2));
    assert_eq!(Keyring::parse(&format!("{b},{a},{b}")), repeated);
    assert_eq!(Keyring::new(key(2)).with_retired(key(2)), repeated);
    assert_eq!(Keyring::new(key(1)).with_index_keys(&format!("{b},{b}")), repeated);
    // However it is written.
    let in_both_cases = Keyring::parse(&format!("{a},{}", a.to_uppercase()));
    assert_eq!(in_both_cases, Err(KeyError::Repeated { id: key(0xA1).id() }));
}

#[test]
fn two_keys_of_one_id_are_an_error() {
    let [older, newer] = keys_of_one_id();
    let id = older.id();
    assert_eq!(newer.id(), id);
    assert_ne!(older, newer);
    assert_eq!(Keyring::new(older).with_retired(newer), Err(KeyError::SameId { id }));

    let [older, newer] = keys_of_one_id();
    let ring = Keyring::new(key(1)).with_index_key(older).unwrap();
    assert_eq!(ring.with_index_key(newer), Err(KeyError::SameId { id }));
}

#[test]
fn a_key_for_both_encryption_and_indexing_is_an_error() {
    let shared = Err(KeyError::Shared { id: key(2).id() });
    let ring = || Keyring::new(key(1)).with_retired(key(2)).unwrap();
    assert_eq!(ring().with_index_key(key(2)), shared);
    assert_eq!(ring().with_index_keys(&format!("{},{}", digits(3), digits(2))), shared);
    assert_eq!(Keyring::new(key(1)).with_index_key(key(2)).unwrap().with_retired(key(2)), shared);
}

#[test]
fn index_keys_are_kept_apart_in_their_order() {
    let ring = Keyring::new(key(1)).with_index_keys(&format!("{},{}", digits(4), digits(3))).unwrap();
    assert_eq!(ring.index_key_ids().collect::<Vec<_>>(), ids(&[4, 3]));
    assert_eq!(ring.key_ids().collect::<Vec<_>>(), ids(&[1]));
    assert!(ring.find(key(4).id()).is_none());
}

#[test]
fn an_empty_list_of_index_keys_is_an_error() {
    assert_eq!(Keyring::new(key(1)).with_index_keys(""), Err(KeyError::Empty));
}

#[test]
fn a_key_is_found_by_its_id() {
    let ring = Keyring::new(key(1)).with_retired(key(2)).unwrap();
    for byte in [1, 2] {
        assert_eq!(ring.find(key(byte).id()).map(EncryptionKey::id), Some(key(byte).id()));
    }
    assert!(ring.find(key(3).id()).is_none());
}

#[test]
fn debug_shows_ids_only() {
    let (one, two, three) = (key(1).id(), key(2).id(), key(3).id());
    let ring =
        Keyring::new(key(1)).with_retired(key(2)).and_then(|ring| ring.with_index_key(key(3))).unwrap();
    assert_eq!(
        format!("{ring:?}"),
        format!(
            "Keyring {{ keys: [KeyId({one}), KeyId({two})], index_keys: [KeyId({three})], \
             plaintext: {{}}, plaintext_reads: 0 }}"
        )
    );
    assert_eq!(format!("{:?}", key(1)), format!("Key({one})"));
    assert_eq!(format!("{:?}", key(1).to_hex()), "SecretBox<str>([REDACTED])");
}

#[test]
fn keyrings_are_equal_by_keys_their_order_and_what_may_be_plaintext() {
    let ring = || Keyring::parse(&format!("{},{}", digits(1), digits(2))).unwrap();
    assert_eq!(ring(), ring());
    assert_ne!(ring(), Keyring::parse(&digits(1)).unwrap());
    assert_ne!(ring(), Keyring::parse(&format!("{},{}", digits(2), digits(1))).unwrap());
    assert_ne!(ring(), ring().with_index_key(key(3)).unwrap());
    assert_ne!(ring().with_index_key(key(4)).unwrap(), ring().with_index_key(key(3)).unwrap());
    assert_ne!(ring(), ring().with_plaintext_in(["users.email"]));
    assert_ne!(ring().with_plaintext_in([""]), ring().with_plaintext_in(["users.email"]));
}

#[test]
fn how_much_plaintext_was_read_does_not_tell_keyrings_apart() {
    let ring = Keyring::new(key(1));
    ring.count_plaintext("String");
    assert_eq!(ring.plaintext_reads(), 1);
    assert_eq!(ring, Keyring::new(key(1)));
}

#[test]
fn a_new_key_is_put_in_front() {
    let ring = Keyring::new(key(1)).with_primary(key(2)).unwrap().with_primary(key(3)).unwrap();
    assert_eq!(ring.key_ids().collect::<Vec<_>>(), ids(&[3, 2, 1]));
    let ring = ring.with_index_key(key(4)).unwrap().with_primary_index_key(key(5)).unwrap();
    assert_eq!(ring.index_key_ids().collect::<Vec<_>>(), ids(&[5, 4]));
    assert!(matches!(ring.clone().with_primary(key(1)), Err(KeyError::Repeated { .. })));
    assert!(matches!(ring.with_primary(key(4)), Err(KeyError::Shared { .. })));
}

#[test]
fn a_keyring_takes_another_ones_index_keys() {
    let other = Keyring::new(key(1)).with_index_key(key(4)).unwrap().with_index_key(key(5)).unwrap();
    let ring = Keyring::new(key(2)).with_index_keys_of(&other).unwrap();
    assert_eq!(ring.index_key_ids().collect::<Vec<_>>(), ids(&[4, 5]));
}

#[test]
fn a_key_that_does_not_encrypt_can_be_removed() {
    let ring = Keyring::new(key(1)).with_retired(key(2)).unwrap().with_index_key(key(3)).unwrap();
    let missing = |id| Err(KeyError::NotRemovable { id });
    assert_eq!(ring.clone().without(key(1).id()), missing(key(1).id()));
    assert_eq!(ring.clone().without(key(4).id()), missing(key(4).id()));
    let ring = ring.without(key(2).id()).unwrap().without(key(3).id()).unwrap();
    assert_eq!(ring, Keyring::new(key(1)));
}

#[test]
fn the_fingerprint_tells_keys_apart() {
    // The vector of docs/format.md, which Python's `hmac` made.
    let vector = Key::from(std::array::from_fn(|place| place as u8));
    assert_eq!(vector.fingerprint(), "1c7fa02678dd42e1888cb05bb26b6840");
    assert_eq!(key(1).fingerprint(), key(1).clone().fingerprint());
    assert_ne!(key(1).fingerprint(), key(2).fingerprint());
    assert_ne!(key(1).fingerprint()[..8], key(1).id().to_string());
    assert_eq!(key(1).fingerprint().len(), 2 * Key::FINGERPRINT_LEN);
}

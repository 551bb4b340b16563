use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::error::Error;
use crate::key::Key;
use crate::keyring::Keyring;
use crate::plaintext::{Plaintext, PlaintextWriter, Zeroizing};

mod normalizers;

const KEY: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
const OTHER: &str = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf";
const ENCRYPTION: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

const SSN: IndexSpec = IndexSpec::new("patients.ssn").with_normalizers(&[Normalizer::Digits]);

fn ring(index_keys: &str) -> Keyring {
    Keyring::parse(ENCRYPTION).unwrap().with_index_keys(index_keys).unwrap()
}

fn input(spec: &IndexSpec, plaintext: &str) -> IndexInput {
    spec.input(&plaintext).unwrap()
}

#[test]
fn digests_are_those_of_the_vectors() {
    #[derive(Deserialize)]
    struct Vectors {
        blind_indexes: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        key: String,
        key_id: String,
        context: String,
        parts: Vec<String>,
        bits: u16,
        digest: String,
    }

    let vectors: Vectors = serde_json::from_str(include_str!("../../vectors/v1.json")).unwrap();
    assert!(vectors.blind_indexes.len() >= 16);
    for Vector { name, key, key_id, context, parts, bits, digest } in vectors.blind_indexes {
        let spec = IndexSpec::new(Box::leak(context.into_boxed_str())).with_bits(bits);
        let parts: Vec<_> =
            parts.iter().map(|part| spec.input(&hex::decode(part).unwrap()).unwrap()).collect();
        let input = match <[_; 1]>::try_from(parts) {
            Ok([input]) => input,
            Err(parts) => match <[_; 2]>::try_from(parts) {
                Ok(parts) => spec.compound(parts.map(Some)).unwrap(),
                Err(parts) => spec.compound(<[_; 3]>::try_from(parts).unwrap().map(Some)).unwrap(),
            },
        };
        let ring = ring(&key);
        assert_eq!(ring.index_key_ids().next().unwrap().to_string(), key_id, "{name}");
        assert_eq!(hex::encode(input.digest(&ring).unwrap()), digest, "{name}");
    }
}

#[test]
fn what_is_digested_is_normalized() {
    let ring = ring(KEY);
    let stored = input(&SSN, "123-45-6789").digest(&ring).unwrap();
    assert_eq!(hex::encode(&stored), "de26aa12650bd465c157eb034ae43d1c");
    assert_eq!(input(&SSN, " 123 45 6789 ").digest(&ring).unwrap(), stored);
    assert_ne!(input(&SSN, "123-45-6780").digest(&ring).unwrap(), stored);
}

#[test]
fn the_first_key_writes_and_all_are_searched() {
    let (old, both) = (ring(OTHER), ring(&format!("{KEY},{OTHER}")));
    let ssn = input(&SSN, "123456789");
    assert_eq!(both.index_key_ids().count(), 2);
    assert_eq!(ssn.digest(&both).unwrap(), ssn.digest(&ring(KEY)).unwrap());
    assert_eq!(ssn.digests(&both).unwrap(), [ssn.digest(&ring(KEY)).unwrap(), ssn.digest(&old).unwrap()]);
}

#[test]
fn previous_contexts_are_searched_and_not_written() {
    const RENAMED: IndexSpec = IndexSpec::new("people.ssn").with_previous_contexts(&["patients.ssn"]);
    let ring = ring(&format!("{KEY},{OTHER}"));
    let old = input(&IndexSpec::new("patients.ssn"), "123456789");
    let new = input(&RENAMED, "123456789");
    assert_ne!(new.digest(&ring).unwrap(), old.digest(&ring).unwrap());
    let searched = new.digests(&ring).unwrap();
    assert_eq!(searched.len(), 4);
    assert!(old.digests(&ring).unwrap().iter().all(|digest| searched.contains(digest)));

    let state = |stored: &IndexInput| {
        let stored = stored.digest(&ring).unwrap();
        IndexState::new(Some(&new), Some(&stored), &ring).unwrap()
    };
    assert_eq!(state(&new), IndexState::Current);
    assert_eq!(state(&old), IndexState::Outdated);
}

#[test]
fn what_has_no_plaintext_form_has_no_index() {
    struct Formless;

    impl Plaintext for Formless {
        fn encode(&self, _: &mut PlaintextWriter) -> Result<(), Error> {
            Err(Error::invalid_value::<Self>())
        }
    }
    assert!(matches!(SSN.input(&Formless), Err(Error::InvalidValue { .. })));
}

#[test]
fn without_an_index_key_it_is_an_error() {
    let ring = Keyring::parse(ENCRYPTION).unwrap();
    let ssn = input(&SSN, "123456789");
    assert_eq!(ssn.digest(&ring), Err(Error::NoIndexKey));
    assert_eq!(ssn.digests(&ring), Err(Error::NoIndexKey));
    assert_eq!(ring.require_index_key().unwrap_err(), Error::NoIndexKey);
    assert!(super::tests::ring(KEY).require_index_key().is_ok());
}

#[test]
fn a_part_that_is_null_leaves_no_index() {
    let part = || Some(input(&SSN, "123456789"));
    assert!(SSN.compound([part(), part()]).is_some());
    assert!(SSN.compound([part(), None]).is_none());
    assert!(SSN.compound([None, part()]).is_none());
}

#[test]
fn a_compound_is_made_as_its_own_spec_says() {
    const OLD: IndexSpec = IndexSpec::new("patients.person").with_bits(20);
    const RENAMED: IndexSpec =
        IndexSpec::new("people.person").with_previous_contexts(&["patients.person"]).with_bits(20);
    let ring = ring(KEY);
    let compound = |spec: &IndexSpec| spec.compound([Some(input(&SSN, "123456789"))]).unwrap();
    let (old, new) = (compound(&OLD).digest(&ring).unwrap(), compound(&RENAMED).digest(&ring).unwrap());
    assert_eq!((old.len(), new.len()), (3, 3));
    assert_eq!(compound(&RENAMED).digests(&ring).unwrap(), [new, old]);
}

#[test]
#[should_panic(expected = "8 to 256 bits")]
fn seven_bits_are_too_few() {
    let _ = SSN.with_bits(7);
}

#[test]
#[should_panic(expected = "8 to 256 bits")]
fn more_bits_than_the_digest_has_are_too_many() {
    let _ = SSN.with_bits(257);
}

#[test]
fn an_input_does_not_show_itself() {
    assert_eq!(format!("{:?}", input(&SSN, "123456789")), "IndexInput([REDACTED])");
}

#[test]
fn the_state_of_an_index_tells_what_is_to_be_done() {
    let ssn = input(&SSN, "123-45-6789");
    let state = |ring: &Keyring, stored: Option<&[u8]>| IndexState::new(Some(&ssn), stored, ring).unwrap();
    let both = ring(&format!("{KEY},{OTHER}"));
    let digest = |key: &str| ssn.digest(&ring(key)).unwrap();

    assert_eq!(state(&both, Some(&digest(KEY))), IndexState::Current);
    assert_eq!(state(&both, Some(&digest(OTHER))), IndexState::Outdated);
    assert_eq!(state(&ring(KEY), Some(&digest(OTHER))), IndexState::Mismatched);
    assert_eq!(state(&both, Some(&digest(KEY)[..15])), IndexState::Mismatched);
    assert_eq!(state(&both, Some(&[])), IndexState::Mismatched);
    assert_eq!(state(&both, None), IndexState::Mismatched);

    assert_eq!(IndexState::new(None, None, &both), Ok(IndexState::Current));
    assert_eq!(IndexState::new(None, Some(&digest(KEY)), &both), Ok(IndexState::Mismatched));
}

proptest! {
    /// Cutting takes bits from the end and nothing else.
    #[test]
    fn a_truncated_digest_is_the_beginning_of_the_whole(plaintext: Vec<u8>, bits in 8_u16..=256) {
        let key = Key::from_hex(KEY).unwrap();
        let whole = digest(&key, "patients.ssn", 256, &plaintext);
        let cut = digest(&key, "patients.ssn", bits, &plaintext);
        prop_assert_eq!(cut.len(), usize::from(bits.div_ceil(8)));
        for bit in 0..8 * cut.len() {
            let of = |digest: &[u8]| digest[bit / 8] >> (7 - bit % 8) & 1;
            prop_assert_eq!(of(&cut), if bit < usize::from(bits) { of(&whole) } else { 0 });
        }
    }

    /// Wherever a text is cut in two, it is another value.
    #[test]
    fn no_two_lists_of_parts_are_one(text in "[a-z]{0,12}", a in 0_usize..=12, b in 0_usize..=12) {
        let cut = |at: usize| {
            let (head, tail) = text.split_at(at.min(text.len()));
            let spec = IndexSpec::new("patients.name");
            spec.compound([Some(input(&spec, head)), Some(input(&spec, tail))]).unwrap()
        };
        prop_assert_eq!(cut(a) == cut(b), a.min(text.len()) == b.min(text.len()));
    }
}

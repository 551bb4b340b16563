#![allow(clippy::unwrap_used)]

use secrecy::SecretBox;

use super::*;

fn key(bytes: [u8; 32]) -> SecretBox<[u8; 32]> {
    SecretBox::new(Box::new(bytes))
}

#[test]
fn a_message_that_does_not_open_is_restored_or_gone() {
    let aead = Aead::new(&key([1; 32]));
    for len in [0, 1, 15, 16, 17, 100, 1_000] {
        let mut message = vec![7; len];
        let tag = aead.seal(&Nonce::default(), b"here", &mut message).unwrap();
        let sealed = message.clone();

        aead.open(&Nonce::default(), b"there", &mut message, &tag).unwrap_err();
        assert_eq!(message, if FAILED_OPEN_RESTORES { sealed } else { vec![0; len] });
    }
}

/// The one that was chosen and the one that was not.
#[cfg(feature = "aws-lc-rs")]
mod both {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_seals_what_the_other_opens(
            key_bytes: [u8; 32],
            nonce: Nonce,
            aad in vec(any::<u8>(), 0..200),
            plaintext in vec(any::<u8>(), 0..300),
        ) {
            let key = key(key_bytes);
            let (rust_crypto, aws_lc) = (rust_crypto::Aead::new(&key), aws_lc::Aead::new(&key));

            for nonce in [nonce, Nonce::default()] {
                let mut by_rust_crypto = plaintext.clone();
                let tag = rust_crypto.seal(&nonce, &aad, &mut by_rust_crypto).unwrap();
                let mut by_aws_lc = plaintext.clone();
                prop_assert_eq!(aws_lc.seal(&nonce, &aad, &mut by_aws_lc).unwrap(), tag);
                prop_assert_eq!(&by_aws_lc, &by_rust_crypto);

                aws_lc.open(&nonce, &aad, &mut by_rust_crypto, &tag).unwrap();
                rust_crypto.open(&nonce, &aad, &mut by_aws_lc, &tag).unwrap();
                prop_assert_eq!((&by_rust_crypto, &by_aws_lc), (&plaintext, &plaintext));
            }
        }

        #[test]
        fn neither_opens_what_was_altered(
            key_bytes: [u8; 32],
            plaintext in vec(any::<u8>(), 0..100),
            bit: prop::sample::Index,
        ) {
            let key = key(key_bytes);
            let (rust_crypto, aws_lc) = (rust_crypto::Aead::new(&key), aws_lc::Aead::new(&key));
            let mut sealed = plaintext;
            let mut tag = rust_crypto.seal(&Nonce::default(), b"", &mut sealed).unwrap();

            let bit = bit.index(8 * (sealed.len() + TAG_LEN));
            let altered = sealed.iter_mut().chain(&mut tag).nth(bit / 8).unwrap();
            *altered ^= 1 << (bit % 8);
            prop_assert!(rust_crypto.open(&Nonce::default(), b"", &mut sealed.clone(), &tag).is_err());
            prop_assert!(aws_lc.open(&Nonce::default(), b"", &mut sealed, &tag).is_err());
        }
    }
}

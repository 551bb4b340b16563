//! Values that are not envelopes, where plaintext is refused and where it is allowed.

use super::*;

#[test]
fn plaintext_is_refused_by_default() {
    let ring = ring(1, &[]);
    for container in CONTAINERS {
        for stored in ["", "Ada Lovelace", "ed", "ed25519:AAAA", "ED1:f26f38f7:AAAA"] {
            let opened = open::<Ssn<'_>>(&ring, container, stored.as_bytes());
            assert!(matches!(opened, Err(Error::NotEncrypted)), "{container:?} {stored}");
        }
    }
    assert_eq!(ring.plaintext_reads(), 0);
}

#[test]
fn plaintext_passes_unchanged_and_counted_where_it_is_allowed() {
    let ring = ring(1, &[]).with_plaintext_in([Ssn::CONTEXT]);
    let clone = ring.clone();
    let stored: [&[u8]; 5] = [b"", b"Ada Lovelace", b"ed25519:AAAA", "Zoë".as_bytes(), b"\x00\xff"];
    let mut reads = 0;
    for container in CONTAINERS {
        for stored in stored {
            assert_eq!(*open::<Ssn<'_>>(&ring, container, stored).unwrap(), stored);
            reads += 1;
            assert_eq!((ring.plaintext_reads(), clone.plaintext_reads()), (reads, reads));
        }
    }
}

#[test]
fn plaintext_passes_only_in_the_contexts_that_are_named() {
    #[rustfmt::skip]
    let cases: [(&[&str], bool, bool); 5] = [
        (&[], false, false),
        (&[Ssn::CONTEXT], true, false),
        (&[Keyring::NO_CONTEXT], false, true),
        (&["users.email", "Ssn", "ssn "], false, false),
        (&[Keyring::NO_CONTEXT, "users.email", Ssn::CONTEXT], true, true),
    ];
    for (contexts, ssn, bare) in cases {
        let ring = ring(1, &[]).with_plaintext_in(contexts.iter().copied());
        for container in CONTAINERS {
            assert_eq!(open::<Ssn<'_>>(&ring, container, b"plain").is_ok(), ssn, "{contexts:?}");
            assert_eq!(open::<Bare<'_>>(&ring, container, b"plain").is_ok(), bare, "{contexts:?}");
        }
    }
}

#[test]
fn plaintext_passes_in_a_previous_context() {
    let ring = ring(1, &[]).with_plaintext_in(["clients.ssn"]);
    assert_eq!(*open::<Renamed<'_>>(&ring, Container::Text, b"plain").unwrap(), b"plain");
}

#[test]
fn envelopes_open_and_do_not_count_where_plaintext_is_allowed() {
    let ring = ring(1, &[]).with_plaintext_in([Ssn::CONTEXT]);
    for (container, _, stored) in envelopes(&ring) {
        assert_ne!(*open::<Ssn<'_>>(&ring, container, &stored).unwrap(), stored);
    }
    assert_eq!(ring.plaintext_reads(), 0);
}

#[test]
fn a_damaged_envelope_is_an_error_even_where_plaintext_is_allowed() {
    let ring = ring(1, &[2]).with_plaintext_in([Ssn::CONTEXT]);
    for (container, mode, mut stored) in envelopes(&ring) {
        let prefix = prefix_len(container, mode);
        for length in prefix..stored.len() {
            assert_refused(&ring, container, &stored[..length]);
        }
        for bit in 8 * prefix..8 * stored.len() {
            stored[bit / 8] ^= 1 << (bit % 8);
            assert_refused(&ring, container, &stored);
            stored[bit / 8] ^= 1 << (bit % 8);
        }
        let opened = open::<Bare<'_>>(&ring, container, &stored);
        assert!(matches!(opened, Err(Error::DecryptionFailed)));
    }
    assert_eq!(ring.plaintext_reads(), 0);
}

#[test]
fn an_envelope_of_an_unknown_key_is_an_error_even_where_plaintext_is_allowed() {
    let reader = ring(2, &[]).with_plaintext_in([Ssn::CONTEXT]);
    for (container, _, stored) in envelopes(&ring(1, &[])) {
        assert!(matches!(open::<Ssn<'_>>(&reader, container, &stored), Err(Error::UnknownKey { .. })));
    }
    assert_eq!(reader.plaintext_reads(), 0);
}

use super::*;

#[test]
fn growing_keeps_what_was_written() {
    for capacity in [0, 1, 7, 64] {
        let mut out = PlaintextWriter::with_capacity(capacity);
        let mut expected = Vec::new();
        for length in [0, 1, 3, 0, 17, 200, 1, 1_000] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            out.write_bytes(&bytes);
            expected.extend_from_slice(&bytes);
        }
        assert_eq!(*out.into_bytes(), expected);
    }
}

#[test]
fn each_way_to_write_appends() {
    let mut out = PlaintextWriter::with_capacity(0);
    out.write_bytes(b"a");
    write!(&mut out as &mut dyn std::fmt::Write, "{}", 1).unwrap();
    out.write_char('ë').unwrap();
    out.write_all(b"\xff").unwrap();
    out.flush().unwrap();
    assert_eq!(*out.into_bytes(), b"a1\xc3\xab\xff");
}

#[test]
fn writing_within_the_capacity_does_not_grow_the_buffer() {
    let mut out = PlaintextWriter::with_capacity(100);
    out.write_bytes(&[7; 100]);
    assert_eq!(out.into_bytes().capacity(), 100);
}

#[test]
fn debug_shows_the_length_only() {
    let mut out = PlaintextWriter::with_capacity(8);
    out.write_bytes(b"hunter2");
    assert_eq!(format!("{out:?}"), "PlaintextWriter(7 bytes)");
}

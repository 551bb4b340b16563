use super::*;

#[test]
fn the_size_of_bytes_is_known() {
    assert_eq!(vec![0_u8; 7].size_hint(), 7);
    assert_eq!((&[0_u8; 7][..]).size_hint(), 7);
    assert_eq!(Cow::Borrowed(&[0_u8; 7][..]).size_hint(), 7);
}

#[test]
fn wiped_bytes_are_empty() {
    let mut bytes = b"hunter2".to_vec();
    bytes.wipe();
    assert_eq!(bytes, b"");
    let mut bytes = Cow::<[u8]>::Owned(b"hunter2".to_vec());
    bytes.wipe();
    assert_eq!(*bytes, *b"");
}

#[test]
fn borrowed_bytes_are_not_wiped() {
    let mut bytes = Cow::Borrowed(&b"hunter2"[..]);
    bytes.wipe();
    assert_eq!(*bytes, *b"hunter2");
}

#[test]
fn secret_eq_compares_all_of_the_bytes() {
    for (other, equal) in
        [(&b"\x00\x01"[..], true), (b"\x00\x02", false), (b"\x80\x01", false), (b"\x00", false), (b"", false)]
    {
        assert_eq!((&b"\x00\x01"[..]).secret_eq(&other), equal);
        assert_eq!(b"\x00\x01".to_vec().secret_eq(&other.to_vec()), equal);
        assert_eq!(Cow::Borrowed(&b"\x00\x01"[..]).secret_eq(&Cow::Borrowed(other)), equal);
    }
}

proptest! {
    #[test]
    fn bytes_round_trip_and_are_their_own_form(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(&encode(&bytes), &bytes);
        prop_assert_eq!(&encode(&&*bytes), &bytes);
        prop_assert_eq!(&encode(&Cow::Borrowed(&*bytes)), &bytes);
        assert_round_trip(&bytes);
        assert_round_trip(&Cow::<[u8]>::Owned(bytes));
    }
}

use super::*;

#[test]
fn text_is_its_own_form() {
    assert_form(String::new(), "");
    assert_form("Zoë 🦊\0\n".to_owned(), "Zoë 🦊\0\n");
    assert_eq!(encode(&"Zoë"), "Zoë".as_bytes());
    assert_eq!(encode(&Cow::Borrowed("Zoë")), "Zoë".as_bytes());
    assert_eq!(encode(&SecretString::from("Zoë")), "Zoë".as_bytes());
}

#[test]
fn the_size_of_text_is_known() {
    assert_eq!("Zoë".to_owned().size_hint(), 4);
    assert_eq!("Zoë".size_hint(), 4);
    assert_eq!(Cow::Borrowed("Zoë").size_hint(), 4);
    assert_eq!(SecretString::from("Zoë").size_hint(), 4);
}

#[test]
fn bytes_that_are_not_utf_8_are_no_text() {
    for plaintext in [&b"\xffhunter2"[..], b"hunter2\xc3", b"hunter2\xed\xa0\x80"] {
        assert_refuses::<String>(plaintext);
        assert_refuses::<Cow<'_, str>>(plaintext);
        assert_refuses::<SecretString>(plaintext);
    }
}

#[test]
fn wiped_text_is_empty() {
    let mut text = "hunter2".to_owned();
    text.wipe();
    assert_eq!(text, "");
    let mut text = Cow::<str>::Owned("hunter2".to_owned());
    text.wipe();
    assert_eq!(text, "");
}

#[test]
fn borrowed_text_is_not_wiped() {
    let mut text = Cow::Borrowed("hunter2");
    text.wipe();
    assert_eq!(text, "hunter2");
}

#[test]
fn secret_eq_compares_all_of_a_text() {
    for (other, equal) in
        [("hunter2", true), ("hunter3", false), ("gunter2", false), ("hunter", false), ("hunter22", false)]
    {
        assert_eq!("hunter2".secret_eq(&other), equal);
        assert_eq!("hunter2".to_owned().secret_eq(&other.to_owned()), equal);
        assert_eq!(Cow::Borrowed("hunter2").secret_eq(&Cow::Owned(other.to_owned())), equal);
    }
}

proptest! {
    #[test]
    fn text_round_trips(text in any::<String>()) {
        assert_round_trip(&text);
        assert_round_trip(&Cow::<str>::Owned(text.clone()));
        let secret = decode::<SecretString>(encode(&SecretString::from(&*text))).unwrap();
        prop_assert_eq!(secret.expose_secret(), &*text);
    }
}

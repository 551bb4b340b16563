use email_address::EmailAddress;

use super::*;

refuses_garbage!(EmailAddress);

#[test]
fn an_address_is_written_as_it_was_given() {
    for address in [
        "ada@example.com",
        "Ada.Lovelace+Notes@Example.COM",
        "\"Ada Lovelace\"@example.com",
        "Ada Lovelace <ada@example.com>",
        "ada@[127.0.0.1]",
        "δοκιμή@παράδειγμα.δοκιμή",
    ] {
        let parsed: EmailAddress = address.parse().unwrap();
        assert_eq!(encode(&parsed), address.as_bytes());
        assert_eq!(decode::<EmailAddress>(address).unwrap().as_str(), address);
    }
}

proptest! {
    #[test]
    fn any_address_round_trips(
        address in "[a-zA-Z0-9!#$%&'*+/=?^_{|}~-]{1,20}@[a-zA-Z0-9]{1,20}(\\.[a-z]{2,6}){0,2}",
    ) {
        assert_round_trip(&address.parse::<EmailAddress>().unwrap());
    }
}

use ::uuid::Uuid;

use super::*;

refuses_garbage!(Uuid);

#[test]
fn a_uuid_is_lower_case_with_hyphens() {
    assert_form(
        Uuid::from_u128(0xA1A2_A3A4_B1B2_C1C2_D1D2_D3D4_D5D6_D7D8),
        "a1a2a3a4-b1b2-c1c2-d1d2-d3d4d5d6d7d8",
    );
    assert_form(Uuid::nil(), "00000000-0000-0000-0000-000000000000");
}

proptest! {
    #[test]
    fn any_uuid_round_trips(number in any::<u128>()) {
        assert_round_trip(&Uuid::from_u128(number));
    }
}

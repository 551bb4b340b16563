use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};

use super::*;

refuses_garbage!(BigDecimal);

#[test]
fn decimals_are_decimal_text() {
    assert_form(BigDecimal::new(12_345.into(), 2), "123.45");
    assert_form(BigDecimal::new((-5).into(), 3), "-0.005");
    assert_form(BigDecimal::from(0), "0");
    // The scale is kept: 1.50 is not written as 1.5.
    assert_eq!(encode(&BigDecimal::new(150.into(), 2)), b"1.50");
}

#[test]
fn large_scales_round_trip() {
    for digits in [1, -1, 12_345, i64::MAX, i64::MIN] {
        for scale in [-1_000_000, -100, -1, 0, 1, 100, 1_000_000] {
            assert_round_trip(&BigDecimal::new(digits.into(), scale));
        }
        for scale in [i64::MIN, i64::MAX] {
            let decoded: BigDecimal = decode(encode(&BigDecimal::new(digits.into(), scale))).unwrap();
            assert_eq!(decoded.into_bigint_and_exponent(), (digits.into(), scale));
        }
    }
}

fn any_decimal() -> impl Strategy<Value = BigDecimal> {
    let digits = (any::<bool>(), vec(any::<u8>(), 0..60)).prop_map(|(negative, bytes)| {
        BigInt::from_bytes_le(if negative { Sign::Minus } else { Sign::Plus }, &bytes)
    });
    let scale = prop_oneof![-30..30_i64, -2_000..2_000_i64];
    (digits, scale).prop_map(|(digits, scale)| BigDecimal::new(digits, scale))
}

proptest! {
    #[test]
    fn any_decimal_round_trips(decimal in any_decimal()) {
        assert_round_trip(&decimal);
    }
}

use super::*;

refuses_garbage!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128, bool);

#[test]
fn numbers_are_decimal_text() {
    assert_form(0_i32, "0");
    assert_form(-42_i64, "-42");
    assert_form(u8::MAX, "255");
    assert_form(i128::MIN, "-170141183460469231731687303715884105728");
    assert_form(u128::MAX, "340282366920938463463374607431768211455");
}

#[test]
fn a_boolean_is_1_or_0() {
    assert_form(true, "1");
    assert_form(false, "0");
    // As databases write theirs.
    assert!(decode::<bool>("true").unwrap());
    assert!(!decode::<bool>("false").unwrap());
    for plaintext in ["t", "f", "True", "", "01", "2", " 1", "1\n"] {
        assert!(decode::<bool>(plaintext).is_err(), "{plaintext}");
    }
}

#[test]
fn floats_are_their_shortest_text() {
    assert_form(1.5_f64, "1.5");
    assert_form(1.5_f32, "1.5");
    assert_form(0.1_f32, "0.1");
    assert_form(3.0_f64, "3.0");
    assert_form(-0.0_f64, "-0.0");
    assert_form(1e300_f64, "1e300");
    assert_form(5e-324_f64, "5e-324");
    assert_form(f64::MAX, "1.7976931348623157e308");
    assert_form(f64::INFINITY, "inf");
    assert_form(f32::NEG_INFINITY, "-inf");
    assert_eq!(encode(&f64::NAN), b"NaN");
    assert_eq!(encode(&-f32::NAN), b"NaN");
}

#[test]
fn a_float_keeps_the_sign_of_zero() {
    assert!(decode::<f64>(encode(&-0.0_f64)).unwrap().is_sign_negative());
    assert!(decode::<f32>(encode(&-0.0_f32)).unwrap().is_sign_negative());
    assert!(decode::<f64>(encode(&0.0_f64)).unwrap().is_sign_positive());
}

#[test]
fn what_is_out_of_range_is_refused() {
    assert_refuses::<u8>(b"256");
    assert_refuses::<u8>(b"-1");
    assert_refuses::<i8>(b"-129");
    assert_refuses::<i64>(b"9223372036854775808");
    assert_refuses::<i32>(b"1.5");
}

#[test]
fn garbage_is_no_float() {
    for plaintext in GARBAGE {
        assert_refuses::<f32>(plaintext);
        assert_refuses::<f64>(plaintext);
    }
}

proptest! {
    #[test]
    fn integers_round_trip(signed in any::<i128>(), unsigned in any::<u128>()) {
        assert_round_trip(&signed);
        assert_round_trip(&(signed as i64));
        assert_round_trip(&(signed as i32));
        assert_round_trip(&(signed as i16));
        assert_round_trip(&(signed as i8));
        assert_round_trip(&unsigned);
        assert_round_trip(&(unsigned as u64));
        assert_round_trip(&(unsigned as u32));
        assert_round_trip(&(unsigned as u16));
        assert_round_trip(&(unsigned as u8));
    }

    #[test]
    fn the_bits_of_an_f64_round_trip(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        let decoded = decode::<f64>(encode(&number)).unwrap();
        prop_assert!(decoded.to_bits() == bits || decoded.is_nan() && number.is_nan());
    }

    #[test]
    fn the_bits_of_an_f32_round_trip(bits in any::<u32>()) {
        let number = f32::from_bits(bits);
        let decoded = decode::<f32>(encode(&number)).unwrap();
        prop_assert!(decoded.to_bits() == bits || decoded.is_nan() && number.is_nan());
    }

    #[test]
    fn no_bytes_panic_as_a_float(plaintext in any_plaintext()) {
        let _ = (decode::<f32>(&plaintext), decode::<f64>(&plaintext));
    }
}

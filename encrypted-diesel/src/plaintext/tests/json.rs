use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Visit {
    reason: String,
    weight: Option<u8>,
}

fn visit() -> Json<Visit> {
    Json(Visit { reason: "hunter2".to_owned(), weight: None })
}

#[test]
fn json_is_compact() {
    assert_form(visit(), r#"{"reason":"hunter2","weight":null}"#);
    assert_form(json!({ "a": [1, -2.5, "é\n"], "b": null }), r#"{"a":[1,-2.5,"é\n"],"b":null}"#);
    assert_form(Value::Null, "null");
}

#[test]
fn json_of_another_shape_is_refused_and_not_quoted() {
    for plaintext in [&br#"{"reason":7}"#[..], br#""hunter2""#, br#"{"hunter2":1}"#, b"[]", b"null"] {
        assert_refuses::<Json<Visit>>(plaintext);
    }
}

#[test]
fn garbage_is_refused_and_not_quoted() {
    for plaintext in GARBAGE {
        assert_refuses::<Json<Visit>>(plaintext);
        assert_refuses::<Value>(plaintext);
    }
}

#[test]
fn what_json_cannot_express_is_not_written() {
    let by_tuple = Json(BTreeMap::from([((1, 2), 3)]));
    let mut out = PlaintextWriter::with_capacity(0);
    assert!(matches!(by_tuple.encode(&mut out), Err(Error::InvalidValue { .. })));
}

/// `serde_json` would write them as `null`.
#[test]
fn numbers_that_are_not_finite_are_not_written() {
    #[derive(Clone, Serialize)]
    enum Reading {
        None,
        Bare(f64),
        Pair(u8, f64),
        Named { at: u8, value: f32 },
    }

    #[derive(Serialize)]
    struct Newtype(f64);

    #[derive(Serialize)]
    struct Tuple(u8, f32);

    #[derive(Serialize)]
    struct Flat {
        unit: &'static str,
        nothing: Option<u8>,
        #[serde(flatten)]
        readings: BTreeMap<&'static str, f64>,
    }

    fn is_written<T: Serialize>(value: T) -> bool {
        let mut out = PlaintextWriter::with_capacity(0);
        match Json(value).encode(&mut out) {
            Ok(()) => true,
            Err(Error::InvalidValue { .. }) => false,
            Err(other) => panic!("{other}"),
        }
    }

    let flat =
        |number| Flat { unit: "n", nothing: None, readings: BTreeMap::from([("a", 1.0), ("b", number)]) };
    for (number, written) in
        [(f64::NAN, false), (f64::INFINITY, false), (f64::NEG_INFINITY, false), (1.5, true)]
    {
        let single = number as f32;
        assert_eq!(is_written(number), written, "{number}");
        assert_eq!(is_written(single), written, "{number}");
        assert_eq!(is_written(Some(number)), written, "{number}");
        assert_eq!(is_written(vec![None, Some(1.0), Some(number)]), written, "{number}");
        assert_eq!(is_written([[(1_u8, single)]]), written, "{number}");
        assert_eq!(is_written(BTreeMap::from([(1, BTreeMap::from([("n", number)]))])), written, "{number}");
        assert_eq!(is_written(Newtype(number)), written, "{number}");
        assert_eq!(is_written(Tuple(0, single)), written, "{number}");
        assert_eq!(is_written(flat(number)), written, "{number}");
        let readings =
            [Reading::Bare(number), Reading::Pair(1, number), Reading::Named { at: 1, value: single }];
        for reading in readings {
            assert_eq!(is_written((Reading::None, reading)), written, "{number}");
        }
    }
    assert!(is_written((None::<u8>, (), "NaN", 1_u128, f64::MAX, Vec::<f64>::new())));
}

#[test]
fn debug_shows_nothing() {
    assert_eq!(format!("{:?}", visit()), "Json([REDACTED])");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((any::<String>(), inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_round_trips(value in any_json()) {
        assert_round_trip(&value);
    }

    #[test]
    fn the_bits_of_a_float_round_trip(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let decoded: Json<f64> = decode(encode(&Json(number))).unwrap();
        prop_assert_eq!(decoded.0.to_bits(), bits);
    }

    #[test]
    fn no_bytes_panic(plaintext in any_plaintext()) {
        let _ = (decode::<Value>(&plaintext), decode::<Json<Visit>>(&plaintext));
    }
}

/// A value that could be written but not read back is refused when it is written.
#[test]
fn json_that_is_nested_too_deeply_is_refused() {
    let nested = |depth| (0..depth).fold(json!("[{\\\"["), |inner, _| json!([inner]));
    assert_round_trip(&nested(127));

    let mut out = PlaintextWriter::with_capacity(0);
    assert!(matches!(nested(128).encode(&mut out), Err(Error::InvalidValue { .. })));
}

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

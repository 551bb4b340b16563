// Equal values with different forms: a search for one would miss the other.

use encrypted_diesel::Encrypted;
use encrypted_diesel::plaintext::Canonical;

fn is_canonical<T: Canonical>() {}

#[derive(Encrypted, serde::Serialize, serde::Deserialize)]
#[encrypted(json)]
struct Address(String);

fn main() {
    is_canonical::<f32>(); //~ ERROR: equal values of `f32` may have different plaintext forms
    is_canonical::<Address>(); //~ ERROR: equal values of `Address` may have different plaintext forms
    is_canonical::<serde_json::Value>(); //~ ERROR: Value` may have different plaintext forms
    is_canonical::<bigdecimal::BigDecimal>(); //~ ERROR: equal values of `BigDecimal` may have different plaintext forms
    is_canonical::<email_address::EmailAddress>(); //~ ERROR: equal values of `EmailAddress` may have different plaintext forms
}

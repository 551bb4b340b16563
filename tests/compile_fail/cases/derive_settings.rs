// All wrong settings are reported at once, each in its place.

use encrypted_diesel::Encrypted;

#[derive(Encrypted)]
#[encrypted(contxt = "a")] //~ ERROR: unknown setting
struct Unknown(String);

#[derive(Encrypted)]
#[encrypted(context = "")] //~ ERROR: a context must not be empty
struct EmptyContext(String);

#[derive(Encrypted)]
#[encrypted(context = 7)] //~ ERROR: the context must be a string
struct NumberContext(String);

#[derive(Encrypted)]
#[encrypted(context)] //~ ERROR: expected `=`
struct NoContext(String);

#[derive(Encrypted)]
#[encrypted(previous_contexts = "a")] //~ ERROR: previous contexts must be a list of strings
struct NoList(String);

#[derive(Encrypted)]
#[encrypted(context = "a", previous_contexts = ["b", "a"])] //~ ERROR: duplicate context
struct RepeatedContext(String);

#[derive(Encrypted)]
#[encrypted(sql_type = "EncryptedText")] //~ ERROR: `sql_type` must be the path of a type
struct StringType(String);

#[derive(Encrypted)]
#[encrypted(index)] //~ ERROR: an index needs its own context
struct IndexWithoutContext(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalise(trim)))] //~ ERROR: unknown index setting
struct UnknownIndexSetting(String);

// Parsing stops at a setting that cannot be parsed. The context after it is not reported as missing.
#[derive(Encrypted)]
#[encrypted(index(normalize(trim, upper)), context = "a")] //~ ERROR: unknown normalizer
struct UnknownNormalizer(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize()))] //~ ERROR: `normalize` is empty
struct NoNormalizer(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(trim), normalize(digits)))] //~ ERROR: `normalize` is set twice
struct NormalizedTwice(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(first(0))))] //~ ERROR: the number of characters is out of range
struct FirstNone(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(last)))] //~ ERROR: this normalizer takes a number of characters
struct LastWithoutNumber(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(last(4, 5))))] //~ ERROR: this normalizer takes a number of characters
struct LastTwoNumbers(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(with("path"))))] //~ ERROR: `with` takes the path of a function
struct WithString(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(bits = 7))] //~ ERROR: a blind index must have 8 to 256 bits
struct TooFewBits(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(bits = 257))] //~ ERROR: a blind index must have 8 to 256 bits
struct TooManyBits(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(bits = "32"))] //~ ERROR: a blind index must have 8 to 256 bits
struct StringBits(String);

#[derive(Encrypted)]
#[encrypted(index(by = "LastFour"))] //~ ERROR: `by` must be the path of a type
struct ByString(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(last(4))))]
struct LastFour(String);

#[derive(Encrypted)]
#[encrypted(index(by = LastFour, bits = 16))] //~ ERROR: `by` cannot be combined with other settings
struct ByAndBits(String);

#[derive(Encrypted)]
#[encrypted(
    context = "a",
    index,
    index(by = LastFour),
    index(normalize(trim)), //~ ERROR: a type can have only one index of its own
)]
struct TwoOfItsOwn(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(trim)))]
struct Term<const N: usize>(String);

#[derive(Encrypted)]
#[encrypted(
    index(by = Term<1>),
    index(by = Term<2>),
    index(by = Term<3>),
    index(by = Term<4>),
    index(by = Term<5>),
    index(by = Term<6>),
    index(by = Term<7>), //~ ERROR: a type has at most 6 indexes
)]
struct SevenIndexes(String);

#[derive(Encrypted)]
#[encrypted(
    index(normalize(trim), bits = 300), //~ ERROR: an index needs its own context
    //~^ ERROR: a blind index must have 8 to 256 bits
    index(normalize(first(0))), //~ ERROR: a type can have only one index of its own
    //~^ ERROR: the number of characters is out of range
    json, //~ ERROR: equal values may have different JSON
)]
struct AllOfIndex(String);

#[derive(Encrypted)]
#[encrypted(
    context = "a",
    context = "b", //~ ERROR: `context` is set twice
    previous_contexts = ["c", "c"], //~ ERROR: duplicate context
)]
enum AllAtOnce { //~ ERROR: an enum has no plaintext form by itself
    #[encrypted(text)] //~ ERROR: `#[encrypted]` belongs on the type, not inside it
    One,
}

fn main() {}

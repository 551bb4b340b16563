// Settings that are wrong by themselves: each is shown where it stands, and all at once.

use encrypted_diesel::Encrypted;

#[derive(Encrypted)]
#[encrypted(contxt = "a")] //~ ERROR: unknown setting
struct Unknown(String);

#[derive(Encrypted)]
#[encrypted(context = "")] //~ ERROR: a context is not empty
struct EmptyContext(String);

#[derive(Encrypted)]
#[encrypted(context = 7)] //~ ERROR: a context is a string
struct NumberContext(String);

#[derive(Encrypted)]
#[encrypted(context)] //~ ERROR: expected `=`
struct NoContext(String);

#[derive(Encrypted)]
#[encrypted(previous_contexts = "a")] //~ ERROR: previous contexts are a list of strings
struct NoList(String);

#[derive(Encrypted)]
#[encrypted(context = "a", previous_contexts = ["b", "a"])] //~ ERROR: this context is there already
struct RepeatedContext(String);

#[derive(Encrypted)]
#[encrypted(sql_type = "EncryptedText")] //~ ERROR: an SQL type is the path of a type
struct StringType(String);

#[derive(Encrypted)]
#[encrypted(index)] //~ ERROR: an index needs a context of its own
struct IndexWithoutContext(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalise(trim)))] //~ ERROR: unknown setting of an index
struct UnknownIndexSetting(String);

// A setting that cannot be read ends the attribute: the context behind it is not missed.
#[derive(Encrypted)]
#[encrypted(index(normalize(trim, upper)), context = "a")] //~ ERROR: unknown normalizer
struct UnknownNormalizer(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize()))] //~ ERROR: nothing to normalize
struct NoNormalizer(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(trim), normalize(digits)))] //~ ERROR: `normalize` is set twice
struct NormalizedTwice(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(first(0))))] //~ ERROR: this is a number of characters
struct FirstNone(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(last)))] //~ ERROR: this takes a number of characters
struct LastWithoutNumber(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(last(4, 5))))] //~ ERROR: this takes a number of characters
struct LastTwoNumbers(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(with("path"))))] //~ ERROR: `with` takes the path of a function
struct WithString(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(bits = 7))] //~ ERROR: a blind index has a number of bits from 8 to 256
struct TooFewBits(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(bits = 257))] //~ ERROR: a blind index has a number of bits from 8 to 256
struct TooManyBits(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(bits = "32"))] //~ ERROR: a blind index has a number of bits from 8 to 256
struct StringBits(String);

#[derive(Encrypted)]
#[encrypted(index(by = "LastFour"))] //~ ERROR: `by` is the path of a type
struct ByString(String);

#[derive(Encrypted)]
#[encrypted(context = "a", index(normalize(last(4))))]
struct LastFour(String);

#[derive(Encrypted)]
#[encrypted(index(by = LastFour, bits = 16))] //~ ERROR: `by` takes nothing beside it
struct ByAndBits(String);

#[derive(Encrypted)]
#[encrypted(
    context = "a",
    index,
    index(by = LastFour),
    index(normalize(trim)), //~ ERROR: a type has one index of its own
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
    index(normalize(trim), bits = 300), //~ ERROR: an index needs a context of its own
    //~^ ERROR: a blind index has a number of bits from 8 to 256
    index(normalize(first(0))), //~ ERROR: a type has one index of its own
    //~^ ERROR: this is a number of characters
    json, //~ ERROR: equal values may have different JSON
)]
struct AllOfIndex(String);

#[derive(Encrypted)]
#[encrypted(
    context = "a",
    context = "b", //~ ERROR: `context` is set twice
    previous_contexts = ["c", "c"], //~ ERROR: this context is there already
)]
enum AllAtOnce { //~ ERROR: an enum has no plaintext form by itself
    #[encrypted(text)] //~ ERROR: `#[encrypted]` belongs to the whole type
    One,
}

fn main() {}

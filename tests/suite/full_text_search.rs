//! Beside another crate whose trait has a method `matches`, in one module.

use diesel::prelude::*;
use diesel_full_text_search::*;
use encrypted_diesel::EncryptedExpressionMethods;
use encrypted_diesel::Indexed;
use encrypted_diesel::{Encrypted, Key, Keyring};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    #[sql_name = "samples"]
    articles (id) {
        id -> Integer,
        text -> Nullable<Text>,
        #[sql_name = "bounded"]
        author -> Nullable<EncryptedText>,
        #[sql_name = "bytes"]
        author_index -> Nullable<BlindIndex>,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "articles.author", index(normalize(lowercase)))]
struct Author(String);

fn ring() -> Keyring {
    Keyring::new(Key::from([1; Key::LEN])).with_index_key(Key::from([2; Key::LEN])).unwrap()
}

#[test]
fn each_matches_is_its_own() {
    ring().scope(|| {
        let by_both = articles::table
            .filter(to_tsvector(articles::text).matches(to_tsquery("allergy")))
            .filter(articles::author_index.matches(Author("Ada".into())))
            .select(articles::id);
        let sql = diesel::debug_query::<diesel::pg::Pg, _>(&by_both).to_string();
        assert!(sql.contains(r#"(to_tsvector("samples"."text") @@ to_tsquery($1)"#), "{sql}");
        assert!(sql.contains(r#"("samples"."bytes" OPERATOR(pg_catalog.=) ANY ($2))"#), "{sql}");
    });
}

#[test]
fn both_find_on_postgres() {
    let mut connection = crate::postgres::connect();
    let rows = "INSERT INTO samples (id, text) VALUES (1, 'an allergy'), (2, 'a fracture'), (3, 'allergy')";
    diesel::sql_query(rows).execute(&mut connection).unwrap();
    ring().scope(|| {
        for (id, author) in [(1, "Ada"), (2, "Ada"), (3, "Bob")] {
            let author = Indexed::<_, articles::author, articles::author_index>::new(Author(author.into()));
            diesel::update(articles::table.find(id)).set(&author).execute(&mut connection).unwrap();
        }
        let by_both = articles::table
            .filter(to_tsvector(articles::text).matches(to_tsquery("allergy")))
            .filter(articles::author_index.matches(Author("ADA".into())))
            .select(articles::id);
        assert_eq!(by_both.load::<i32>(&mut connection), Ok(vec![1]));
    });
}

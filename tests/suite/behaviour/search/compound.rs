//! One index over several values.

use chrono::NaiveDate;

use super::*;

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "people.name", index(normalize(trim, nfkc, lowercase)))]
struct Name(String);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "people.born", index)]
struct Born(NaiveDate);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "people.name_and_born", index)]
struct NameAndBorn {
    #[encrypted(index)]
    name: Name,
    born: Option<Born>,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone, Debug, PartialEq)]
#[diesel(table_name = people, check_for_backend(Backend))]
struct Person {
    id: i32,
    #[diesel(embed)]
    who: WhoColumns,
}

type WhoColumns =
    Indexed<NameAndBorn, (people::name, people::born), (people::name_and_born, people::name_index)>;

fn who(name: &str, year: Option<i32>) -> NameAndBorn {
    let born = year.map(|year| Born(NaiveDate::from_ymd_opt(year, 12, 10).unwrap()));
    NameAndBorn { name: Name(name.into()), born }
}

fn with_people(test: impl FnOnce(&mut Database)) {
    let mut connection = connect();
    ring(&[1]).scope(|| {
        let people = [("Lovelace", Some(1815)), ("Lovelace", Some(1836)), ("Lo\u{308}we", None)];
        let people: Vec<_> =
            (1..).zip(people).map(|(id, (name, year))| Person { id, who: who(name, year).into() }).collect();
        diesel::insert_into(people::table).values(&people).execute(&mut connection).unwrap();
        test(&mut connection);
    });
}

fn find(connection: &mut Database, name: &str, year: Option<i32>) -> Vec<i32> {
    people::table
        .filter(people::name_and_born.matches(who(name, year)))
        .select(people::id)
        .load(connection)
        .unwrap()
}

#[test]
fn both_parts_have_to_match() {
    with_people(|connection| {
        assert_eq!(find(connection, " LOVELACE ", Some(1815)), [1]);
        assert_eq!(find(connection, "lovelace", Some(1836)), [2]);
        assert!(find(connection, "lovelace", Some(1900)).is_empty());
        assert!(find(connection, "love", Some(1815)).is_empty());
    });
}

/// The index depends on the order of the fields, so it is fixed once the first row is written.
#[test]
fn parts_are_digested_in_the_order_of_the_fields() {
    let NameAndBorn { name, born } = who("Lovelace", Some(1815));
    let name = <Name as IndexOf<Name>>::input(&name).unwrap();
    let born = <Born as IndexOf<Born>>::input(&born.unwrap()).unwrap();
    assert_eq!(
        <NameAndBorn as IndexOf<NameAndBorn>>::input(&who(" LOVELACE", Some(1815))).unwrap(),
        IndexSpec::new("people.name_and_born").compound([name, born])
    );
}

/// As searches do not find it.
#[test]
fn without_a_part_it_does_not_match() {
    let lowe = who("L\u{f6}we", None);
    assert!(!lowe.is_match(&lowe));
    assert!(who(" LOVELACE", Some(1815)).is_match(&who("Lovelace", Some(1815))));
    assert!(!who("Lovelace", Some(1836)).is_match(&who("Lovelace", Some(1815))));
}

#[test]
fn without_a_part_there_is_no_index() {
    with_people(|connection| {
        assert!(find(connection, "l\u{f6}we", None).is_empty());
        let indexes = people::table
            .select((people::name_and_born.is_null(), people::name_index.is_null()))
            .order(people::id)
            .load::<(bool, bool)>(connection);
        assert_eq!(indexes, Ok(vec![(false, false), (false, false), (true, false)]));
    });
}

#[test]
fn a_part_can_have_its_own_index() {
    with_people(|connection| {
        let named = |name: &str| {
            people::table
                .filter(people::name_index.matches(Name(name.into())))
                .select(people::id)
                .order(people::id)
        };
        assert_eq!(named("LOVELACE").load::<i32>(connection), Ok(vec![1, 2]));
        assert_eq!(named("L\u{f6}we").load::<i32>(connection), Ok(vec![3]));
    });
}

#[test]
fn all_columns_are_read_and_written_as_one() {
    with_people(|connection| {
        let load = |connection: &mut Database| {
            people::table.find(3).select(Person::as_select()).first(connection).unwrap()
        };
        assert_eq!(*load(connection).who, who("Lo\u{308}we", None));

        let changed = Person { id: 3, who: who("L\u{f6}we", Some(1900)).into() };
        diesel::update(people::table.find(3)).set(&changed).execute(connection).unwrap();
        assert_eq!(load(connection), changed);
        assert_eq!(find(connection, "l\u{f6}we", Some(1900)), [3]);

        let indexes = BlindIndexes::new::<WhoColumns>();
        assert_eq!(mismatched(connection, &indexes, 3), None);
        assert!(is_current(connection, &indexes, 3));

        // Each index in the other's column.
        let swapped = "UPDATE people SET name_and_born = (SELECT name_index FROM (SELECT * FROM people) AS p WHERE id = 3), \
                       name_index = (SELECT name_and_born FROM (SELECT * FROM people) AS p WHERE id = 3) WHERE id = 3";
        diesel::sql_query(swapped).execute(connection).unwrap();
        assert_eq!(mismatched(connection, &indexes, 3), Some(0));
        assert!(!is_current(connection, &indexes, 3));
        diesel::sql_query("UPDATE people SET name_and_born = name_index WHERE id = 3")
            .execute(connection)
            .unwrap();
        assert_eq!(mismatched(connection, &indexes, 3), Some(1));
        assert!(!is_current(connection, &indexes, 3));
    });
}

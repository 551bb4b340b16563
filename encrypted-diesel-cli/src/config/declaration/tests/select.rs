use super::*;

/// `table: columns; indexes`, one a line.
fn select(wanted: &[&str]) -> Result<String, String> {
    select_of(Takes::Columns, wanted)
}

fn select_of(takes: Takes, wanted: &[&str]) -> Result<String, String> {
    let declaration = good();
    let wanted: Vec<_> = wanted.iter().map(|name| (*name).to_owned()).collect();
    let selected = declaration.select(&wanted, takes).map_err(|error| error.to_string())?;
    let line = |Selected { table, columns, indexes }: Selected<'_>| {
        let columns = names(columns.iter().map(|column| &column.name)).join(" ");
        let indexes = names(indexes.iter().map(|index| &index.name)).join(" ");
        format!("{}: {columns}; {indexes}", table.full_name())
    };
    Ok(selected.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[test]
fn all_tables_and_columns() {
    let all = "users: email birthday avatar account; email_index email_short both\napp.visits: price; ";
    assert_eq!(select(&[]).unwrap(), all);
    assert_eq!(select(&["app.visits", "users"]).unwrap(), all);
    assert_eq!(select(&["users", "users.email", "app.visits.price"]).unwrap(), all);
}

#[test]
fn one_table() {
    assert_eq!(select(&["app.visits"]).unwrap(), "app.visits: price; ");
}

#[test]
fn columns_with_the_indexes_that_they_are_part_of() {
    assert_eq!(select(&["users.email"]).unwrap(), "users: email; email_index email_short both");
    assert_eq!(select(&["users.birthday"]).unwrap(), "users: birthday; both");
    assert_eq!(select(&["users.avatar"]).unwrap(), "users: avatar; ");
    assert_eq!(select(&["users.avatar", "users.birthday"]).unwrap(), "users: birthday avatar; both");
}

#[test]
fn indexes_for_commands_that_accept_them() {
    let select = |wanted| select_of(Takes::ColumnsAndIndexes, wanted);
    assert_eq!(select(&["users.email_short"]).unwrap(), "users: ; email_short");
    assert_eq!(
        select(&["users.email_index", "users.birthday"]).unwrap(),
        "users: birthday; email_index both"
    );
    assert_eq!(select(&[]), select(&["users", "app.visits"]));
    assert!(
        select(&["users.email_indx"])
            .unwrap_err()
            .ends_with("email_index, users.email_short, users.both, app.visits.price")
    );
}

#[test]
fn a_possible_secret_is_not_shown() {
    let key = "5e".repeat(32);
    for secret in ["postgres://ada:s3cret@localhost/clinic", "host=localhost password=s3cret", &key] {
        let error = select(&["users.emial", secret]).unwrap_err();
        assert!(
            error.contains("does not declare `users.emial` or this column, which is not shown because it looks like a URL"),
            "{error}"
        );
        assert!(!error.contains("s3cret") && !error.contains("5e5e"), "{error}");
    }
}

#[test]
fn an_index_where_only_columns_are_taken() {
    let error = select(&["users.email", "users.email_index"]).unwrap_err();
    assert!(error.starts_with("`users.email_index` is a blind index; this command takes columns"), "{error}");
}

#[test]
fn an_undeclared_name() {
    for unknown in ["visits", "users.emial", "email", "Users", ""] {
        assert_eq!(
            select(&["users.email", unknown]).unwrap_err(),
            format!(
                "encrypted-diesel.toml does not declare `{unknown}`; it declares users.email, users.birthday, \
                 users.avatar, users.account, app.visits.price"
            )
        );
    }
    assert!(select(&["a", "users", "b"]).unwrap_err().contains("does not declare `a` or `b`;"));
}

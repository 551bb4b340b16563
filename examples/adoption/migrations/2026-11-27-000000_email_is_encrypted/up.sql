-- SQLite can neither change a column's type nor make it NOT NULL. This fails if a row has no index.
CREATE TABLE encrypted_users (
    id INTEGER PRIMARY KEY NOT NULL,
    email ENCRYPTED_TEXT NOT NULL,
    email_index BLIND_INDEX_BLOB NOT NULL
);
INSERT INTO encrypted_users SELECT id, email, email_index FROM users;
DROP TABLE users;
ALTER TABLE encrypted_users RENAME TO users;
CREATE UNIQUE INDEX users_by_email_index ON users (email_index);

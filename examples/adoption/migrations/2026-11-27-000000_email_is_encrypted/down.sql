CREATE TABLE plain_users (
    id INTEGER PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    email_index BLIND_INDEX_BLOB
);
INSERT INTO plain_users SELECT id, email, email_index FROM users;
DROP TABLE users;
ALTER TABLE plain_users RENAME TO users;
CREATE UNIQUE INDEX users_by_email ON users (email);
CREATE UNIQUE INDEX users_by_email_index ON users (email_index);

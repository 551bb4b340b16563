ALTER TABLE users ADD COLUMN email_index BLIND_INDEX_BLOB;
CREATE UNIQUE INDEX users_by_email_index ON users (email_index);

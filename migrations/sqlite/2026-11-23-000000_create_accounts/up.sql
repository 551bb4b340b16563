-- Columns that can be searched. No two ciphertexts of `email` are equal, so an index on it would find nothing, and
-- UNIQUE would never fire: both belong on the blind index beside it.
CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    email ENCRYPTED_TEXT NOT NULL,
    email_index BLIND_INDEX_BLOB NOT NULL UNIQUE,
    phone ENCRYPTED_TEXT,
    phone_index BLIND_INDEX_BLOB,
    customer_number DETERMINISTIC_TEXT NOT NULL UNIQUE
);

CREATE INDEX accounts_phone_index ON accounts (phone_index);

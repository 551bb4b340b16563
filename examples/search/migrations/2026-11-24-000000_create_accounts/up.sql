-- Encrypted values are found by the blind indexes beside them. UNIQUE belongs on an index, because no two
-- ciphertexts are equal. A truncated index cannot be UNIQUE, because different values share it.
CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    email ENCRYPTED_TEXT NOT NULL,
    email_index BLIND_INDEX_BLOB NOT NULL UNIQUE,
    phone ENCRYPTED_TEXT NOT NULL,
    phone_index BLIND_INDEX_BLOB NOT NULL,
    phone_last_four BLIND_INDEX_BLOB NOT NULL
);

CREATE INDEX accounts_phone_index ON accounts (phone_index);
CREATE INDEX accounts_phone_last_four ON accounts (phone_last_four);

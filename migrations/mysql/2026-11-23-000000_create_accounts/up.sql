-- Columns that can be searched. No two ciphertexts of `email` are equal, so an index on it would find nothing, and
-- UNIQUE would never fire: both belong on the blind index beside it. MySQL can only index a prefix of a BLOB or TEXT,
-- so the blind index is a VARBINARY, and the customer number a VARCHAR.
CREATE TABLE accounts (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    email TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text',
    email_index VARBINARY(16) NOT NULL UNIQUE COMMENT 'blind_index',
    phone TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text',
    phone_index VARBINARY(16) COMMENT 'blind_index',
    -- holds up to 164 bytes of plaintext
    customer_number VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE COMMENT 'deterministic_text',
    INDEX accounts_phone_index (phone_index)
);

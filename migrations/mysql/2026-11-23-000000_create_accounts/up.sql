-- What can be searched. `email` is encrypted anew each time, so an index on it would find nothing, and
-- UNIQUE would refuse nothing: both go on the blind index beside it. That one has 16 bytes. It is no BLOB,
-- and the customer's number no TEXT, since MySQL can only index a prefix of these.
CREATE TABLE accounts (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    email TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text',
    email_index VARBINARY(16) NOT NULL UNIQUE COMMENT 'blind_index',
    phone TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text',
    phone_index VARBINARY(16) COMMENT 'blind_index',
    -- 255 characters hold 164 bytes, encrypted
    customer_number VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE COMMENT 'deterministic_text',
    INDEX accounts_phone_index (phone_index)
);

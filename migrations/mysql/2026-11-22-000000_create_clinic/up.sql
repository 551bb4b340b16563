-- The first word of a comment says what a column holds. Ciphertext is ASCII and case matters: `utf8mb4` would reserve
-- four bytes per character, and most collations treat `a` and `A` as equal.
CREATE TABLE patients (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    -- EncryptedVarchar::<120>::COLUMN_WIDTH
    name VARCHAR(691) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_varchar',
    ssn TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text',
    born TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text',
    notes TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text',
    photo LONGBLOB COMMENT 'encrypted_binary' -- a BLOB is limited to 64 KiB
);

CREATE TABLE visits (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    patient_id INTEGER NOT NULL,
    ward TEXT NOT NULL,
    diagnosis TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text',
    INDEX visits_patient_id (patient_id),
    FOREIGN KEY (patient_id) REFERENCES patients (id)
);

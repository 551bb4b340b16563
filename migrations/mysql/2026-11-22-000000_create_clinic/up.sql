-- A comment's first word says what a column holds. What is encrypted is ASCII, and compared as it is:
-- `utf8mb4` would make room for four bytes a letter, and most collations take `a` for `A`.
CREATE TABLE patients (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    -- EncryptedVarchar::<120>::COLUMN_WIDTH
    name VARCHAR(691) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_varchar',
    ssn TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text',
    born TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text',
    notes TEXT CHARACTER SET ascii COLLATE ascii_bin COMMENT 'encrypted_text',
    photo LONGBLOB COMMENT 'encrypted_binary' -- BLOB ends at 64 KiB
);

CREATE TABLE visits (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    patient_id INTEGER NOT NULL,
    ward TEXT NOT NULL,
    diagnosis TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'encrypted_text',
    INDEX visits_patient_id (patient_id),
    FOREIGN KEY (patient_id) REFERENCES patients (id)
);

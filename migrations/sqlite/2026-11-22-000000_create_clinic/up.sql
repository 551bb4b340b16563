-- SQLite accepts any name as a type. These names say what the columns hold, and keep the right affinity: TEXT for a
-- name that contains TEXT or CHAR, BLOB for one that contains BLOB.
CREATE TABLE patients (
    id INTEGER NOT NULL PRIMARY KEY,
    name ENCRYPTED_VARCHAR(691) NOT NULL, -- EncryptedVarchar::<120>::COLUMN_WIDTH
    ssn ENCRYPTED_TEXT NOT NULL,
    born ENCRYPTED_TEXT,
    notes ENCRYPTED_TEXT,
    photo ENCRYPTED_BLOB
);

CREATE TABLE visits (
    id INTEGER NOT NULL PRIMARY KEY,
    patient_id INTEGER NOT NULL REFERENCES patients (id),
    ward TEXT NOT NULL,
    diagnosis ENCRYPTED_TEXT NOT NULL
);

CREATE INDEX visits_patient_id ON visits (patient_id);

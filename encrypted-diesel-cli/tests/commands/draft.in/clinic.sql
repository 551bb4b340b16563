CREATE TABLE patients (
    id INTEGER NOT NULL PRIMARY KEY,
    name ENCRYPTED_VARCHAR(691) NOT NULL,
    ssn ENCRYPTED_TEXT NOT NULL,
    ssn_last_four_index BLIND_INDEX_BLOB NOT NULL,
    ward TEXT,
    photo ENCRYPTED_BLOB
);

CREATE TABLE "lab results" (
    patient_id INTEGER NOT NULL,
    taken DATE NOT NULL,
    "blood.group" DETERMINISTIC_TEXT,
    lookup BLIND_INDEX_BLOB,
    PRIMARY KEY (patient_id, taken)
);

CREATE TABLE notes (body ENCRYPTED_TEXT);

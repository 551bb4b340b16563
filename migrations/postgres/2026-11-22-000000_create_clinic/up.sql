CREATE TABLE patients (
    id SERIAL PRIMARY KEY,
    -- EncryptedVarchar::<120>::COLUMN_WIDTH, as a CHECK: with a width in the type, each width would be a domain.
    name encrypted_varchar NOT NULL CHECK (length(name) <= 691),
    ssn encrypted_text NOT NULL,
    born encrypted_text,
    notes encrypted_text,
    photo encrypted_binary
);

CREATE TABLE visits (
    id SERIAL PRIMARY KEY,
    patient_id INTEGER NOT NULL REFERENCES patients (id),
    ward TEXT NOT NULL,
    diagnosis encrypted_text NOT NULL
);

CREATE INDEX visits_patient_id ON visits (patient_id);

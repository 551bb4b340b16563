-- A domain says what a column holds, and `diesel print-schema` writes its name into the schema.
CREATE DOMAIN encrypted_text AS text;
CREATE DOMAIN encrypted_varchar AS varchar;

CREATE TABLE patients (
    id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ward TEXT NOT NULL,
    name encrypted_varchar NOT NULL CHECK (length(name) <= 691), -- EncryptedVarchar::<120>::COLUMN_WIDTH
    ssn encrypted_text NOT NULL,
    born encrypted_text,
    notes encrypted_text
);

CREATE INDEX patients_ward_id ON patients (ward, id);

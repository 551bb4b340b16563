-- Columns that can be searched. No two ciphertexts of `email` are equal, so an index on it would find nothing, and
-- UNIQUE would never fire: both belong on the blind index beside it.
CREATE TABLE accounts (
    id SERIAL PRIMARY KEY,
    email encrypted_text NOT NULL,
    email_index blind_index NOT NULL UNIQUE,
    phone encrypted_text,
    phone_index blind_index,
    customer_number deterministic_text NOT NULL UNIQUE
);

CREATE INDEX accounts_phone_index ON accounts (phone_index);

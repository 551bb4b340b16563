-- A domain says what a column holds, and `diesel print-schema` writes its name into the schema. Put NOT NULL on the
-- column, not on the domain: an outer join yields NULL in any case.
CREATE DOMAIN encrypted_text AS text;
CREATE DOMAIN encrypted_varchar AS varchar;
CREATE DOMAIN encrypted_binary AS bytea;
CREATE DOMAIN deterministic_text AS text;
CREATE DOMAIN blind_index AS bytea;

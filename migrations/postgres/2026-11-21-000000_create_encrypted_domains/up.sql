-- A domain says what a column holds, and Diesel's command-line tool writes its name into the schema.
-- Never NOT NULL in a domain, since an outer join gives NULL all the same: say it at the column.
CREATE DOMAIN encrypted_text AS text;
CREATE DOMAIN encrypted_varchar AS varchar;
CREATE DOMAIN encrypted_binary AS bytea;
CREATE DOMAIN deterministic_text AS text;
CREATE DOMAIN blind_index AS bytea;

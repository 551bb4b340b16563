DROP TABLE patients;
DROP DOMAIN encrypted_varchar;
DROP DOMAIN encrypted_text;

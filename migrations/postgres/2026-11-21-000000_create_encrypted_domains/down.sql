DROP DOMAIN blind_index;
DROP DOMAIN deterministic_text;
DROP DOMAIN encrypted_binary;
DROP DOMAIN encrypted_varchar;
DROP DOMAIN encrypted_text;

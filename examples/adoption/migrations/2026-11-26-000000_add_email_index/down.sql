DROP INDEX users_by_email_index;
ALTER TABLE users DROP COLUMN email_index;

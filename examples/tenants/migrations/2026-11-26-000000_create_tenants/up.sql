-- The keys of each tenant, sealed under the application's. Without its row, a tenant's notes cannot be read.
CREATE TABLE tenants (
    id TEXT PRIMARY KEY,
    keys TEXT NOT NULL
);

-- tenant_id refers to no tenant: the notes of a shredded one stay, as ciphertext, until somebody sweeps them.
CREATE TABLE notes (
    id SERIAL PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    text TEXT NOT NULL
);

CREATE INDEX notes_of_tenant ON notes (tenant_id, id);

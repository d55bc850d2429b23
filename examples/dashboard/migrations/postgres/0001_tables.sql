-- The tables of `migrations/sqlite`, in PostgreSQL's types. This database never had tokens outside
-- of the token store.
CREATE TABLE environments (
    id   TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('live', 'sandbox'))
);

CREATE TABLE admins (
    id         TEXT NOT NULL PRIMARY KEY,
    alias      TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    email      TEXT NOT NULL
);

CREATE TABLE memberships (
    admin_id       TEXT NOT NULL REFERENCES admins (id),
    environment_id TEXT NOT NULL REFERENCES environments (id),
    scopes         TEXT NOT NULL,
    PRIMARY KEY (admin_id, environment_id)
);

CREATE TABLE objects (
    kind           TEXT NOT NULL,
    id             TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id),
    PRIMARY KEY (kind, id)
);

CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

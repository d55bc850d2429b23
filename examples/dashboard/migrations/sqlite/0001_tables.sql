-- Ids are UUIDs in lower case with hyphens, times ISO 8601 in UTC.
CREATE TABLE environments (
    id   TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('live', 'sandbox'))
) STRICT;

CREATE TABLE admins (
    id         TEXT NOT NULL PRIMARY KEY,
    alias      TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name  TEXT NOT NULL,
    email      TEXT NOT NULL
) STRICT;

-- Who may sign in to which environment, and which scopes (wire names, space-separated) it allows to give.
CREATE TABLE memberships (
    admin_id       TEXT NOT NULL REFERENCES admins (id),
    environment_id TEXT NOT NULL REFERENCES environments (id),
    scopes         TEXT NOT NULL,
    PRIMARY KEY (admin_id, environment_id)
) STRICT, WITHOUT ROWID;

-- The token's text is nowhere, only its SHA-256.
CREATE TABLE tokens (
    id              TEXT NOT NULL PRIMARY KEY,
    digest          BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    checksum        TEXT NOT NULL CHECK (length(checksum) = 6),
    note            TEXT NOT NULL CHECK (length(note) <= 100),
    created_by      TEXT NOT NULL REFERENCES admins (id),
    created_at      TEXT NOT NULL,
    active          INTEGER NOT NULL CHECK (active IN (0, 1)),
    environment_id  TEXT NOT NULL REFERENCES environments (id),
    issuer_token_id TEXT REFERENCES tokens (id),
    revoked_at      TEXT,
    CHECK (active = (revoked_at IS NULL))
) STRICT;

CREATE INDEX tokens_by_environment ON tokens (environment_id);
CREATE INDEX tokens_by_admin ON tokens (created_by);
CREATE INDEX tokens_by_issuer ON tokens (issuer_token_id);

-- The declared scopes by wire name, in the order of the request.
CREATE TABLE token_scopes (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    scope    TEXT NOT NULL CHECK (scope <> '' AND instr(scope, ' ') = 0),
    PRIMARY KEY (token_id, scope)
) STRICT, WITHOUT ROWID;

-- What lies behind the routes that name an object but no environment.
CREATE TABLE objects (
    kind           TEXT NOT NULL,
    id             TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id),
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Keys made at the first start.
CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

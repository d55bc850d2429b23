-- Times are microseconds since 1970 in UTC. No column holds the text of a token.
CREATE TABLE scopes_tokens (
    -- Short, so that the tables that a look-up reads are small. A number is never used again, so
    -- that no secret of a deleted token can open another one, even without foreign keys.
    number     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id         TEXT    NOT NULL UNIQUE,
    -- On whose behalf the token acts.
    subject    TEXT,
    name       TEXT    NOT NULL,
    -- Wire names, separated by spaces, in the order in which they were asked for.
    scopes     TEXT    NOT NULL,
    -- A JSON list of texts.
    tenants    TEXT    NOT NULL,
    -- Any JSON of the application.
    data       TEXT,
    created_at INTEGER NOT NULL,
    not_before INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER,
    -- The token with which this one was issued.
    issuer_id  TEXT    REFERENCES scopes_tokens (id),
    -- How often the secret was replaced.
    version    INTEGER NOT NULL CHECK (version >= 0)
) STRICT;

CREATE INDEX scopes_tokens_by_age ON scopes_tokens (created_at, id);
CREATE INDEX scopes_tokens_by_subject ON scopes_tokens (subject, created_at, id);
CREATE INDEX scopes_tokens_by_issuer ON scopes_tokens (issuer_id) WHERE issuer_id IS NOT NULL;
CREATE INDEX scopes_tokens_by_expiry ON scopes_tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX scopes_tokens_by_revocation ON scopes_tokens (revoked_at) WHERE revoked_at IS NOT NULL;

-- The digests that open a token: the current one, and for some time its predecessor.
CREATE TABLE scopes_secrets (
    -- SHA-256 of the token's text.
    digest      BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    token       INTEGER NOT NULL REFERENCES scopes_tokens (number) ON DELETE CASCADE,
    -- The last six characters of the token's text.
    checksum    TEXT    NOT NULL CHECK (length(checksum) = 6),
    is_current  INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    -- Of a predecessor only.
    valid_until INTEGER,
    CHECK (is_current = (valid_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX scopes_secrets_by_token ON scopes_secrets (token, is_current);

-- The tenants again, to find tokens by them.
CREATE TABLE scopes_token_tenants (
    tenant     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    token_id   TEXT    NOT NULL REFERENCES scopes_tokens (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant, created_at, token_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX scopes_token_tenants_by_token ON scopes_token_tenants (token_id);

-- A table of its own, so that no request waits for a token's row.
CREATE TABLE scopes_uses (
    token_id     TEXT    NOT NULL PRIMARY KEY REFERENCES scopes_tokens (id) ON DELETE CASCADE,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scopes_audit (
    seq        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    action     TEXT    NOT NULL,
    -- Not a reference: the entry stays when the token's row is cleaned up.
    token_id   TEXT    NOT NULL,
    -- The token's subject.
    subject    TEXT,
    -- Who did it, and with which token.
    actor      TEXT,
    actor_token TEXT
) STRICT;

CREATE INDEX scopes_audit_by_token ON scopes_audit (token_id, seq);

CREATE TRIGGER scopes_audit_no_update BEFORE UPDATE ON scopes_audit
BEGIN SELECT RAISE(ABORT, 'scopes_audit is append-only'); END;
CREATE TRIGGER scopes_audit_no_delete BEFORE DELETE ON scopes_audit
BEGIN SELECT RAISE(ABORT, 'scopes_audit is append-only'); END;
-- `INSERT OR REPLACE` deletes without the trigger above.
CREATE TRIGGER scopes_audit_no_replace BEFORE INSERT ON scopes_audit
WHEN EXISTS (SELECT 1 FROM scopes_audit WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'scopes_audit is append-only'); END;

-- A revocation is final.
CREATE TRIGGER scopes_tokens_stay_revoked BEFORE UPDATE OF revoked_at ON scopes_tokens
WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at
BEGIN SELECT RAISE(ABORT, 'a revoked token stays revoked'); END;

-- Like the tables for SQLite. Texts are compared byte for byte, whatever the database's locale.
-- Times are microseconds since 1970 in UTC. No column holds the text of a token.
CREATE TABLE scopes_tokens (
    -- Short, so that the tables that a look-up reads are small.
    number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    -- On whose behalf the token acts.
    subject TEXT COLLATE "C",
    name TEXT NOT NULL,
    -- Wire names, separated by spaces, in the order in which they were asked for.
    scopes TEXT NOT NULL,
    -- A JSON list of texts.
    tenants TEXT NOT NULL,
    -- Any JSON of the application.
    data TEXT,
    created_at BIGINT NOT NULL,
    not_before BIGINT,
    expires_at BIGINT,
    revoked_at BIGINT,
    -- The token with which this one was issued.
    issuer_id TEXT COLLATE "C" REFERENCES scopes_tokens (id),
    -- How often the secret was replaced.
    version BIGINT NOT NULL CHECK (version >= 0)
);

CREATE INDEX scopes_tokens_by_age ON scopes_tokens (created_at, id);
CREATE INDEX scopes_tokens_by_subject ON scopes_tokens (subject, created_at, id);
CREATE INDEX scopes_tokens_by_issuer ON scopes_tokens (issuer_id) WHERE issuer_id IS NOT NULL;
CREATE INDEX scopes_tokens_by_expiry ON scopes_tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX scopes_tokens_by_revocation ON scopes_tokens (revoked_at) WHERE revoked_at IS NOT NULL;

-- The digests that open a token: the current one, and for some time its predecessor.
CREATE TABLE scopes_secrets (
    -- SHA-256 of the token's text.
    digest BYTEA NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    token BIGINT NOT NULL REFERENCES scopes_tokens (number) ON DELETE CASCADE,
    -- The last six characters of the token's text.
    checksum TEXT NOT NULL CHECK (length(checksum) = 6),
    is_current BIGINT NOT NULL CHECK (is_current IN (0, 1)),
    -- Of a predecessor only.
    valid_until BIGINT,
    CHECK ((is_current = 1) = (valid_until IS NULL))
);

CREATE UNIQUE INDEX scopes_secrets_by_token ON scopes_secrets (token, is_current);

-- The tenants again, to find tokens by them.
CREATE TABLE scopes_token_tenants (
    tenant TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    token_id TEXT COLLATE "C" NOT NULL REFERENCES scopes_tokens (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant, created_at, token_id)
);

CREATE INDEX scopes_token_tenants_by_token ON scopes_token_tenants (token_id);

-- A table of its own, so that no request waits for a token's row.
CREATE TABLE scopes_uses (
    token_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES scopes_tokens (id) ON DELETE CASCADE,
    last_used_at BIGINT NOT NULL
);

CREATE TABLE scopes_audit (
    seq BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    -- Not a reference: the entry stays when the token's row is cleaned up.
    token_id TEXT COLLATE "C" NOT NULL,
    -- The token's subject.
    subject TEXT COLLATE "C",
    -- Who did it, and with which token.
    actor TEXT COLLATE "C",
    actor_token TEXT COLLATE "C"
);

CREATE INDEX scopes_audit_by_token ON scopes_audit (token_id, seq);

CREATE FUNCTION scopes_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'scopes_audit is append-only';
END
$$;
CREATE TRIGGER scopes_audit_no_change BEFORE UPDATE OR DELETE ON scopes_audit
FOR EACH ROW EXECUTE FUNCTION scopes_audit_is_append_only();
CREATE TRIGGER scopes_audit_no_truncate BEFORE TRUNCATE ON scopes_audit
FOR EACH STATEMENT EXECUTE FUNCTION scopes_audit_is_append_only();

-- A revocation is final.
CREATE FUNCTION scopes_tokens_stay_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revoked token stays revoked';
END
$$;
CREATE TRIGGER scopes_tokens_stay_revoked BEFORE UPDATE OF revoked_at ON scopes_tokens
FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
EXECUTE FUNCTION scopes_tokens_stay_revoked();

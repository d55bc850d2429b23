-- Of the pages: one-time codes, sessions of browsers, and forms that were sent. A digest is the SHA-256
-- in hexadecimal digits, a time is in seconds.
CREATE TABLE page_state (
    kind           TEXT NOT NULL CHECK (kind IN ('code', 'session', 'form')),
    digest         TEXT NOT NULL,
    admin_id       TEXT NOT NULL REFERENCES admins (id),
    environment_id TEXT NOT NULL REFERENCES environments (id),
    expires_at     INTEGER NOT NULL,
    PRIMARY KEY (kind, digest)
) STRICT, WITHOUT ROWID;

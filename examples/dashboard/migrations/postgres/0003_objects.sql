DROP TABLE objects;

CREATE TABLE objects (
    id             TEXT NOT NULL PRIMARY KEY,
    kind           TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id),
    parent_id      TEXT REFERENCES objects (id) ON DELETE CASCADE,
    unique_key     TEXT,
    label          TEXT,
    user_id        TEXT,
    enabled        BIGINT CHECK (enabled IN (0, 1)),
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    body           TEXT NOT NULL
);

CREATE UNIQUE INDEX objects_by_key ON objects (environment_id, kind, unique_key);
CREATE INDEX objects_in_order ON objects (environment_id, kind, created_at, id);
CREATE INDEX objects_by_parent ON objects (parent_id, kind, created_at, id);
CREATE INDEX objects_by_age ON objects (kind, created_at);

-- Version 1 kept only the ids of objects, as samples. They have no contents to take over.
DROP TABLE objects;

-- All kinds of objects. `body` is the JSON that the kind declares; the other columns are what the
-- statements look for. Times are microseconds since 1970.
CREATE TABLE objects (
    id             TEXT NOT NULL PRIMARY KEY,
    kind           TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id),
    parent_id      TEXT REFERENCES objects (id) ON DELETE CASCADE,
    unique_key     TEXT,
    label          TEXT,
    user_id        TEXT,
    enabled        INTEGER CHECK (enabled IN (0, 1)),
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX objects_by_key ON objects (environment_id, kind, unique_key);
CREATE INDEX objects_in_order ON objects (environment_id, kind, created_at, id);
CREATE INDEX objects_by_parent ON objects (parent_id, kind, created_at, id);
CREATE INDEX objects_by_age ON objects (kind, created_at);

-- The time of the next thing that the server does with the object by itself. Only messages have
-- one: their next attempt.
ALTER TABLE objects ADD COLUMN due_at INTEGER;

UPDATE objects SET due_at = updated_at WHERE kind = 'message' AND label = 'pending';

-- A message counts its attempts.
UPDATE objects SET body = json_set(body, '$.attempts', 0) WHERE kind = 'message';

CREATE INDEX objects_by_due ON objects (kind, due_at) WHERE due_at IS NOT NULL;

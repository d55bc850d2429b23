-- The time of the next thing that the server does with the object by itself. Only messages have
-- one: their next attempt.
ALTER TABLE objects ADD COLUMN due_at BIGINT;

UPDATE objects SET due_at = updated_at WHERE kind = 'message' AND label = 'pending';

-- A message counts its attempts.
UPDATE objects SET body = jsonb_set(body::jsonb, '{attempts}', '0')::text WHERE kind = 'message';

CREATE INDEX objects_by_due ON objects (kind, due_at) WHERE due_at IS NOT NULL;

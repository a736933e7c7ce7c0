-- Looked for every minute, and hardly ever there.
CREATE INDEX alert_fired_undelivered ON alert_fired (shard_key, fired_at, id) WHERE NOT delivered;

UPDATE settings SET value = 5 WHERE shard_key = 0 AND name = 'schema_version';

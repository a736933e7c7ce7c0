-- The set of limits that owns a limit; NULL where it was made by hand.
ALTER TABLE quota_limit ADD COLUMN set_name text COLLATE "C";

UPDATE settings SET value = 13 WHERE shard_key = 0 AND name = 'schema_version';

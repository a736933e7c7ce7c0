-- What a token of each kind weighs under a limit on weighted tokens, as text.
ALTER TABLE quota_limit ADD COLUMN weights text COLLATE "C";

UPDATE settings SET value = 7 WHERE shard_key = 0 AND name = 'schema_version';

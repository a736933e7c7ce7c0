-- For how long processes may keep slices of a limit, microseconds; NULL where none is leased.
ALTER TABLE quota_limit ADD COLUMN lease_micros bigint;

UPDATE settings SET value = 12 WHERE shard_key = 0 AND name = 'schema_version';

-- From when on a counter says no more than an absent one, microseconds since 1970: it may go then.
-- Holds for the state as of idle_as_of only: versions that do not know these columns leave them alone.
-- Not indexed: an index would make every change of a counter write it too.
ALTER TABLE quota_counter
  ADD COLUMN idle_from bigint NOT NULL DEFAULT 0,
  ADD COLUMN idle_as_of bigint NOT NULL DEFAULT -1;

UPDATE settings SET value = 8 WHERE shard_key = 0 AND name = 'schema_version';

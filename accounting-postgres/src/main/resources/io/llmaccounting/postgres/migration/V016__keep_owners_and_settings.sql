-- Whose the objects are that providers keep. handle: a digest of the upstream and its id.
CREATE TABLE owned_object (
  handle text COLLATE "C" NOT NULL PRIMARY KEY,
  owner text COLLATE "C" NOT NULL,
  credential text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX owned_object_expiry ON owned_object (expires_at);

-- How a model was asked, as JSON; NULL where nothing is known.
ALTER TABLE usage_event ADD COLUMN IF NOT EXISTS asked jsonb;

UPDATE settings SET value = 16 WHERE shard_key = 0 AND name = 'schema_version';

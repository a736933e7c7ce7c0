-- Whose the objects are that providers keep. handle: a digest of the upstream and its id.
CREATE TABLE owned_object (
  handle TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  credential TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX owned_object_expiry ON owned_object (expires_at);

-- How a model was asked, as JSON; NULL where nothing is known.
ALTER TABLE usage_event ADD COLUMN asked TEXT;

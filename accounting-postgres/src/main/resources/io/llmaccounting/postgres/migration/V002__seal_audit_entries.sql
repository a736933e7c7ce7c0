ALTER TABLE audit_entry
  ADD COLUMN marks jsonb,
  ADD COLUMN stream uuid,
  ADD COLUMN sequence bigint,
  ADD COLUMN seal_version bigint,
  ADD COLUMN seal_key text COLLATE "C",
  ADD COLUMN hash text COLLATE "C";

-- A stream in its order, over all shards. Not unique: what somebody puts beside an entry is for
-- verification to find.
CREATE INDEX audit_entry_stream ON audit_entry (stream, sequence, id, at) WHERE stream IS NOT NULL;
CREATE INDEX audit_entry_unsealed ON audit_entry (at, id) WHERE stream IS NULL;
CREATE INDEX audit_entry_type ON audit_entry (shard_key, type, at, id);
CREATE INDEX audit_entry_session ON audit_entry (shard_key, session, at, id)
  WHERE session IS NOT NULL;
CREATE INDEX audit_entry_usage ON audit_entry (shard_key, usage_id, at, id)
  WHERE usage_id IS NOT NULL;

CREATE OR REPLACE VIEW audit_view AS
SELECT
  timestamptz 'epoch' + at * interval '1 microsecond' AS at,
  type, actor, outcome, model, project, user_name, caller, session, response_id, prompt, response,
  attributes, marks, stream, sequence, hash
FROM audit_entry;

UPDATE settings SET value = 2 WHERE shard_key = 0 AND name = 'schema_version';

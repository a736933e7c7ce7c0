ALTER TABLE audit_entry ADD COLUMN marks TEXT;
ALTER TABLE audit_entry ADD COLUMN stream BLOB;
ALTER TABLE audit_entry ADD COLUMN sequence INTEGER;
ALTER TABLE audit_entry ADD COLUMN seal_version INTEGER;
ALTER TABLE audit_entry ADD COLUMN seal_key TEXT;
ALTER TABLE audit_entry ADD COLUMN hash TEXT;

-- A stream in its order. Not unique: what somebody puts beside an entry is for verification to find.
CREATE INDEX audit_entry_stream ON audit_entry (stream, sequence, id, at) WHERE stream IS NOT NULL;
CREATE INDEX audit_entry_unsealed ON audit_entry (at, id) WHERE stream IS NULL;
CREATE INDEX audit_entry_type ON audit_entry (type, at, id);
CREATE INDEX audit_entry_session ON audit_entry (session, at, id) WHERE session IS NOT NULL;
CREATE INDEX audit_entry_usage ON audit_entry (usage_id, at, id) WHERE usage_id IS NOT NULL;

DROP VIEW audit_view;

CREATE VIEW audit_view AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', at / 1000000, 'unixepoch')
    || printf('.%06dZ', at % 1000000) AS at,
  type, actor, outcome, model, project, user_name, caller, session, response_id, prompt, response,
  attributes, marks, lower(hex(stream)) AS stream, sequence, hash
FROM audit_entry;

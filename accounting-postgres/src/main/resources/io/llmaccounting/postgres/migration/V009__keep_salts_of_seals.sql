-- Seals cover a salt. Where a person's data was erased from an entry, sealed_digest is of what was
-- sealed and attested_by the entry that says what this one is since.
ALTER TABLE audit_entry
  ADD COLUMN seal_salt text COLLATE "C",
  ADD COLUMN sealed_digest text COLLATE "C",
  ADD COLUMN attested_by uuid;

UPDATE settings SET value = 9 WHERE shard_key = 0 AND name = 'schema_version';

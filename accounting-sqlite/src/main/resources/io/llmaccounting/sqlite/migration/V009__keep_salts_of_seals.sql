-- Seals cover a salt. Where a person's data was erased from an entry, sealed_digest is of what was
-- sealed and attested_by the entry that says what this one is since.
ALTER TABLE audit_entry ADD COLUMN seal_salt TEXT;
ALTER TABLE audit_entry ADD COLUMN sealed_digest TEXT;
ALTER TABLE audit_entry ADD COLUMN attested_by BLOB;

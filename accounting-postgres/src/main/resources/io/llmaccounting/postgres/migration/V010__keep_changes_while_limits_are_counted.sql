-- Records that were made (seq -1) or corrected (seq of the last correction before) while a limit is counted anew.
CREATE TABLE usage_change (
  shard_key integer NOT NULL DEFAULT 0,
  usage_id uuid NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (shard_key, usage_id, seq)
);

-- Until when changes are written down, and a number that grows when records leave or are rewritten.
INSERT INTO settings (name, value) VALUES ('changes_kept_until', 0), ('records_revision', 0);
UPDATE settings SET value = 10 WHERE shard_key = 0 AND name = 'schema_version';

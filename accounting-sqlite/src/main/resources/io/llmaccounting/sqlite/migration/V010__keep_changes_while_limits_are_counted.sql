-- Records that were made (seq -1) or corrected (seq of the last correction before) while a limit is counted anew.
CREATE TABLE usage_change (
  usage_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (usage_id, seq)
) STRICT, WITHOUT ROWID;

-- Until when changes are written down, and a number that grows when records leave or are rewritten.
INSERT INTO settings (name, value) VALUES ('changes_kept_until', 0), ('records_revision', 0);

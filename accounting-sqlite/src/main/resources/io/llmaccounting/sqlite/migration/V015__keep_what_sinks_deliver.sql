-- Receivers of what was recorded. scan_after, scan_to: ids of the records of the past that are being delivered.
CREATE TABLE sink (
  name TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  holder BLOB,
  held_until INTEGER,
  scan_after BLOB,
  scan_to BLOB,
  delivered INTEGER NOT NULL,
  delivered_at INTEGER,
  error TEXT,
  error_at INTEGER,
  PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- What each sink has yet to deliver: usage_ids are the ids of records that one transaction made or adjusted, 16 bytes
-- each. The time of its own id is that of the transaction.
CREATE TABLE sink_outbox (
  sink TEXT NOT NULL,
  id BLOB NOT NULL,
  usage_ids BLOB NOT NULL,
  PRIMARY KEY (sink, id)
) STRICT, WITHOUT ROWID;

-- What receivers will never take.
CREATE TABLE sink_refused (
  sink TEXT NOT NULL,
  usage_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (sink, usage_id)
) STRICT, WITHOUT ROWID;

INSERT INTO settings (name, value) VALUES ('sinks_revision', 0);

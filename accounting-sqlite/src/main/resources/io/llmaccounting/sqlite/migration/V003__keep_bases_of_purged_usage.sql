-- What limits go on counting of records that were purged: the state of a counter that only they made.
CREATE TABLE quota_base (
  limit_id INTEGER NOT NULL,
  subject TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (limit_id, subject)
) STRICT, WITHOUT ROWID;

-- Keys leave by the time of their call, which its id carries.
CREATE INDEX usage_key_usage_id ON usage_key (usage_id);

INSERT INTO settings (name, value) VALUES ('holds_swept', 0);

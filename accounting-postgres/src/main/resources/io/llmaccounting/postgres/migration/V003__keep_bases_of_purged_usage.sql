-- What limits go on counting of records that were purged: the state of a counter that only they made.
CREATE TABLE quota_base (
  shard_key integer NOT NULL DEFAULT 0,
  limit_id bigint NOT NULL,
  subject text COLLATE "C" NOT NULL,
  as_of bigint NOT NULL,
  state bytea NOT NULL,
  PRIMARY KEY (shard_key, limit_id, subject)
);

-- Keys leave by the time of their call, which its id carries.
CREATE INDEX usage_key_usage_id ON usage_key (shard_key, usage_id);

INSERT INTO settings (name, value) VALUES ('holds_swept', 0);
UPDATE settings SET value = 3 WHERE shard_key = 0 AND name = 'schema_version';

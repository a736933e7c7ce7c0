-- Receivers of what was recorded. scan_after, scan_to: ids of the records of the past that are being delivered.
CREATE TABLE sink (
  shard_key integer NOT NULL DEFAULT 0,
  name text COLLATE "C" NOT NULL,
  opened_at bigint NOT NULL,
  holder uuid,
  held_until bigint,
  scan_after uuid,
  scan_to uuid,
  delivered bigint NOT NULL,
  delivered_at bigint,
  error text COLLATE "C",
  error_at bigint,
  PRIMARY KEY (shard_key, name)
) WITH (fillfactor = 40);

-- What each sink has yet to deliver: usage_ids are the ids of records that one transaction made or adjusted, 16 bytes
-- each. The time of its own id is that of the transaction.
CREATE TABLE sink_outbox (
  shard_key integer NOT NULL DEFAULT 0,
  sink text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  usage_ids bytea NOT NULL,
  PRIMARY KEY (shard_key, sink, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- What receivers will never take.
CREATE TABLE sink_refused (
  shard_key integer NOT NULL DEFAULT 0,
  sink text COLLATE "C" NOT NULL,
  usage_id uuid NOT NULL,
  at bigint NOT NULL,
  reason text COLLATE "C" NOT NULL,
  PRIMARY KEY (shard_key, sink, usage_id)
);

INSERT INTO settings (name, value) VALUES ('sinks_revision', 0);
UPDATE settings SET value = 15 WHERE shard_key = 0 AND name = 'schema_version';

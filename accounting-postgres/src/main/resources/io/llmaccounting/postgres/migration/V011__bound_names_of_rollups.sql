-- The names that rollups of a day tell apart. dimension: 1 project, 2 model, 3 user, 4 caller, 5 provider.
CREATE TABLE rollup_name (
  shard_key integer NOT NULL DEFAULT 0,
  day bigint NOT NULL,
  dimension bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (shard_key, day, dimension, name)
);

-- Days on which there were too many: from then on a name that is not in rollup_name is counted as '(other)'.
CREATE TABLE rollup_full (
  shard_key integer NOT NULL DEFAULT 0,
  day bigint NOT NULL,
  dimension bigint NOT NULL,
  PRIMARY KEY (shard_key, day, dimension)
);

INSERT INTO settings (name, value) VALUES ('names_per_day', 100000), ('names_revision', 0);
UPDATE settings SET value = 11 WHERE shard_key = 0 AND name = 'schema_version';

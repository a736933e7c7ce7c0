-- The names that rollups of a day tell apart. dimension: 1 project, 2 model, 3 user, 4 caller, 5 provider.
CREATE TABLE rollup_name (
  day INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (day, dimension, name)
) STRICT, WITHOUT ROWID;

-- Days on which there were too many: from then on a name that is not in rollup_name is counted as '(other)'.
CREATE TABLE rollup_full (
  day INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  PRIMARY KEY (day, dimension)
) STRICT, WITHOUT ROWID;

INSERT INTO settings (name, value) VALUES ('names_per_day', 100000), ('names_revision', 0);

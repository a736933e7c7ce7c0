-- Better figures of a call beside its record: source is null where those of the record still count,
-- priced_by where the cost is not a correction of its own. SQLite changes no column: the table is made anew.
DROP VIEW usage_view;

CREATE TABLE usage_adjustment_made_anew (
  usage_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  cost INTEGER,
  priced_by TEXT,
  at INTEGER NOT NULL,
  lower_bound INTEGER,
  uncached_input INTEGER,
  cache_read INTEGER,
  cache_write_5m INTEGER,
  cache_write_1h INTEGER,
  audio_input INTEGER,
  text_output INTEGER,
  reasoning INTEGER,
  audio_output INTEGER,
  reported_total INTEGER,
  source TEXT,
  outcome TEXT,
  extras TEXT,
  parts TEXT,
  given_cost INTEGER,
  reported_cost INTEGER,
  prefers_computed INTEGER,
  computed_cost INTEGER,
  computed_by TEXT,
  computed_lower_bound INTEGER,
  PRIMARY KEY (usage_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO usage_adjustment_made_anew (usage_id, seq, cost, priced_by, at, lower_bound)
SELECT usage_id, seq, cost, priced_by, at, lower_bound FROM usage_adjustment;

DROP TABLE usage_adjustment;
ALTER TABLE usage_adjustment_made_anew RENAME TO usage_adjustment;

CREATE VIEW usage_view AS
WITH counted AS (
  SELECT e.id, e.occurred_at, e.charged_at, e.settled_at, e.idempotency_key, e.provider, e.model,
    e.response_model, e.operation, e.project, e.user_name, e.caller, e.session, e.tags, e.latency,
    e.error_type, e.error_message, e.late, e.speed, e.given_cost, e.prefers_computed, e.lower_bound,
    coalesce(a.uncached_input + a.cache_read + a.cache_write_5m + a.cache_write_1h + a.audio_input,
      e.uncached_input + e.cache_read + e.cache_write_5m + e.cache_write_1h + e.audio_input)
      AS input_tokens,
    coalesce(a.text_output + a.reasoning + a.audio_output,
      e.text_output + e.reasoning + e.audio_output) AS output_tokens,
    coalesce(a.source, e.source) AS source,
    coalesce(a.outcome, e.outcome) AS outcome,
    CASE WHEN a.source IS NULL THEN e.parts ELSE a.parts END AS parts,
    CASE WHEN a.source IS NULL THEN e.reported_cost ELSE a.reported_cost END AS reported_cost,
    e.reported_cost AS first_reported_cost,
    a.seq AS adjusted, a.lower_bound AS adjusted_bound,
    CASE WHEN a.seq IS NOT NULL THEN a.cost ELSE coalesce(e.given_cost,
      CASE WHEN e.prefers_computed THEN e.computed_cost ELSE e.reported_cost END,
      e.computed_cost, e.reported_cost) END AS cost
  FROM usage_event e
  LEFT JOIN usage_adjustment a ON a.usage_id = e.id
    AND a.seq = (SELECT max(seq) FROM usage_adjustment WHERE usage_id = e.id))
SELECT
  lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
    || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)) AS id,
  strftime('%Y-%m-%dT%H:%M:%S', occurred_at / 1000000, 'unixepoch')
    || printf('.%06dZ', occurred_at % 1000000) AS occurred_at,
  strftime('%Y-%m-%dT%H:%M:%S', charged_at / 1000000, 'unixepoch')
    || printf('.%06dZ', charged_at % 1000000) AS charged_at,
  strftime('%Y-%m-%dT%H:%M:%S', settled_at / 1000000, 'unixepoch')
    || printf('.%06dZ', settled_at % 1000000) AS settled_at,
  idempotency_key, provider, model, response_model, operation,
  project, user_name, caller, session, tags,
  input_tokens, output_tokens, source, outcome,
  CASE WHEN cost IS NULL THEN NULL
    ELSE printf('%d.%09d', cost / 1000000000, cost % 1000000000) END AS cost_usd,
  latency / 1000 AS latency_ms,
  error_type, error_message, late,
  CASE WHEN reported_cost IS NULL THEN NULL
    ELSE printf('%d.%09d', reported_cost / 1000000000, reported_cost % 1000000000) END
    AS reported_cost_usd,
  coalesce(CASE WHEN adjusted IS NOT NULL THEN adjusted_bound
    WHEN given_cost IS NULL AND (first_reported_cost IS NULL OR prefers_computed) THEN lower_bound
    END, 0) AS cost_is_lower_bound,
  speed, parts
FROM counted;

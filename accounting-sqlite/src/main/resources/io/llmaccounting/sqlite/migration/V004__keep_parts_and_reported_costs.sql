-- Parts of answers, and what sellers say that a call cost. Flags without a value are not set.
ALTER TABLE usage_event ADD COLUMN parts TEXT;
ALTER TABLE usage_event ADD COLUMN reported_cost INTEGER;
ALTER TABLE usage_event ADD COLUMN prefers_computed INTEGER;
ALTER TABLE usage_event ADD COLUMN lower_bound INTEGER;
ALTER TABLE usage_event ADD COLUMN speed TEXT;

ALTER TABLE usage_adjustment ADD COLUMN lower_bound INTEGER;

ALTER TABLE usage_rollup ADD COLUMN lower_bound INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_rollup ADD COLUMN reported_cost_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_rollup ADD COLUMN reported_cost_sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_rollup ADD COLUMN cost_difference_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_rollup ADD COLUMN cost_difference_sum INTEGER NOT NULL DEFAULT 0;

DROP VIEW usage_view;

CREATE VIEW usage_view AS
WITH counted AS (
  SELECT e.*, a.seq AS adjusted, a.lower_bound AS adjusted_bound, coalesce(a.cost, e.given_cost,
      CASE WHEN e.prefers_computed THEN e.computed_cost ELSE e.reported_cost END,
      e.computed_cost, e.reported_cost) AS cost
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
  uncached_input + cache_read + cache_write_5m + cache_write_1h + audio_input AS input_tokens,
  text_output + reasoning + audio_output AS output_tokens,
  source, outcome,
  CASE WHEN cost IS NULL THEN NULL
    ELSE printf('%d.%09d', cost / 1000000000, cost % 1000000000) END AS cost_usd,
  latency / 1000 AS latency_ms,
  error_type, error_message, late,
  CASE WHEN reported_cost IS NULL THEN NULL
    ELSE printf('%d.%09d', reported_cost / 1000000000, reported_cost % 1000000000) END
    AS reported_cost_usd,
  coalesce(CASE WHEN adjusted IS NOT NULL THEN adjusted_bound
    WHEN given_cost IS NULL AND (reported_cost IS NULL OR prefers_computed) THEN lower_bound END, 0)
    AS cost_is_lower_bound,
  speed, parts
FROM counted;

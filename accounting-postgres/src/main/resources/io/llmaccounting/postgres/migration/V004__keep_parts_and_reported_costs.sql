-- Parts of answers, and what sellers say that a call cost. Flags without a value are not set.
ALTER TABLE usage_event
  ADD COLUMN parts jsonb,
  ADD COLUMN reported_cost bigint,
  ADD COLUMN prefers_computed boolean,
  ADD COLUMN lower_bound boolean,
  ADD COLUMN speed text COLLATE "C";

ALTER TABLE usage_adjustment ADD COLUMN lower_bound boolean;

ALTER TABLE usage_rollup
  ADD COLUMN lower_bound bigint NOT NULL DEFAULT 0,
  ADD COLUMN reported_cost_count bigint NOT NULL DEFAULT 0,
  ADD COLUMN reported_cost_sum bigint NOT NULL DEFAULT 0,
  ADD COLUMN cost_difference_count bigint NOT NULL DEFAULT 0,
  ADD COLUMN cost_difference_sum bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW usage_view AS
WITH counted AS (
  SELECT e.*, a.seq AS adjusted, a.lower_bound AS adjusted_bound, coalesce(a.cost, e.given_cost,
      CASE WHEN e.prefers_computed THEN e.computed_cost ELSE e.reported_cost END,
      e.computed_cost, e.reported_cost) AS cost
  FROM usage_event e
  LEFT JOIN usage_adjustment a ON a.shard_key = e.shard_key AND a.usage_id = e.id
    AND a.seq = (SELECT max(m.seq) FROM usage_adjustment m
      WHERE m.shard_key = e.shard_key AND m.usage_id = e.id))
SELECT
  id,
  timestamptz 'epoch' + occurred_at * interval '1 microsecond' AS occurred_at,
  timestamptz 'epoch' + charged_at * interval '1 microsecond' AS charged_at,
  timestamptz 'epoch' + settled_at * interval '1 microsecond' AS settled_at,
  idempotency_key, provider, model, response_model, operation,
  project, user_name, caller, session, tags,
  uncached_input + cache_read + cache_write_5m + cache_write_1h + audio_input AS input_tokens,
  text_output + reasoning + audio_output AS output_tokens,
  source, outcome,
  (cost / 1000000000.0)::numeric(20, 9) AS cost_usd,
  latency / 1000 AS latency_ms,
  error_type, error_message, late,
  (reported_cost / 1000000000.0)::numeric(20, 9) AS reported_cost_usd,
  coalesce(CASE WHEN adjusted IS NOT NULL THEN adjusted_bound
    WHEN given_cost IS NULL AND (reported_cost IS NULL OR prefers_computed) THEN lower_bound END,
    false) AS cost_is_lower_bound,
  speed, parts
FROM counted;

UPDATE settings SET value = 4 WHERE shard_key = 0 AND name = 'schema_version';

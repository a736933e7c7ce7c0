-- Better figures of a call beside its record: source is null where those of the record still count,
-- priced_by where the cost is not a correction of its own.
ALTER TABLE usage_adjustment
  ALTER COLUMN cost DROP NOT NULL,
  ALTER COLUMN priced_by DROP NOT NULL,
  ADD COLUMN uncached_input bigint,
  ADD COLUMN cache_read bigint,
  ADD COLUMN cache_write_5m bigint,
  ADD COLUMN cache_write_1h bigint,
  ADD COLUMN audio_input bigint,
  ADD COLUMN text_output bigint,
  ADD COLUMN reasoning bigint,
  ADD COLUMN audio_output bigint,
  ADD COLUMN reported_total bigint,
  ADD COLUMN source text COLLATE "C",
  ADD COLUMN outcome text COLLATE "C",
  ADD COLUMN extras jsonb,
  ADD COLUMN parts jsonb,
  ADD COLUMN given_cost bigint,
  ADD COLUMN reported_cost bigint,
  ADD COLUMN prefers_computed boolean,
  ADD COLUMN computed_cost bigint,
  ADD COLUMN computed_by text COLLATE "C",
  ADD COLUMN computed_lower_bound boolean;

CREATE OR REPLACE VIEW usage_view AS
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
  input_tokens, output_tokens, source, outcome,
  (cost / 1000000000.0)::numeric(20, 9) AS cost_usd,
  latency / 1000 AS latency_ms,
  error_type, error_message, late,
  (reported_cost / 1000000000.0)::numeric(20, 9) AS reported_cost_usd,
  coalesce(CASE WHEN adjusted IS NOT NULL THEN adjusted_bound
    WHEN given_cost IS NULL AND (first_reported_cost IS NULL OR prefers_computed) THEN lower_bound
    END, false) AS cost_is_lower_bound,
  speed, parts
FROM counted;

UPDATE settings SET value = 6 WHERE shard_key = 0 AND name = 'schema_version';

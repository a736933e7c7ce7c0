-- Times are microseconds since 1970 in UTC, money is nano-dollars, ids are the 16 bytes of a UUID,
-- flags are 0 or 1. The views show all of them as people read them.

CREATE TABLE usage_event (
  id BLOB NOT NULL PRIMARY KEY,
  idempotency_key TEXT,
  occurred_at INTEGER NOT NULL,
  model TEXT NOT NULL,
  response_model TEXT,
  provider TEXT,
  operation TEXT,
  uncached_input INTEGER,
  cache_read INTEGER,
  cache_write_5m INTEGER,
  cache_write_1h INTEGER,
  audio_input INTEGER,
  text_output INTEGER,
  reasoning INTEGER,
  audio_output INTEGER,
  reported_total INTEGER,
  source TEXT NOT NULL,
  local_input INTEGER,
  local_output INTEGER,
  extras TEXT,
  given_cost INTEGER,
  computed_cost INTEGER,
  priced_by TEXT,
  outcome TEXT NOT NULL,
  latency INTEGER,
  time_to_first_token INTEGER,
  streamed INTEGER,
  finish_reason TEXT,
  response_id TEXT,
  attempts INTEGER,
  error_type TEXT,
  error_message TEXT,
  service_tier TEXT,
  batch INTEGER NOT NULL,
  region TEXT,
  raw_usage TEXT,
  project TEXT,
  user_name TEXT,
  caller TEXT,
  session TEXT,
  tags TEXT,
  charged_at INTEGER NOT NULL,
  settled_at INTEGER NOT NULL,
  late INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_event_charged_at ON usage_event (charged_at);

-- The project of calls without one is ''. The fingerprint outlives a record that was purged.
CREATE TABLE usage_key (
  project TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  usage_id BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  PRIMARY KEY (project, idempotency_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_adjustment (
  usage_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  priced_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (usage_id, seq)
) STRICT, WITHOUT ROWID;

-- family: 1 all five dimensions, 2 without user and caller. grain: microseconds of one bucket.
-- A dimension without a value, or left out by the family, is ''.
CREATE TABLE usage_rollup (
  family INTEGER NOT NULL,
  grain INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  project TEXT NOT NULL,
  model TEXT NOT NULL,
  user_name TEXT NOT NULL,
  caller TEXT NOT NULL,
  provider TEXT NOT NULL,
  calls INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  unfinished INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  partial INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  uncached_input INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write_5m INTEGER NOT NULL,
  cache_write_1h INTEGER NOT NULL,
  audio_input INTEGER NOT NULL,
  text_output INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  audio_output INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  local_input_count INTEGER NOT NULL,
  local_input_sum INTEGER NOT NULL,
  local_output_count INTEGER NOT NULL,
  local_output_sum INTEGER NOT NULL,
  latency_count INTEGER NOT NULL,
  latency_sum INTEGER NOT NULL,
  first_token_count INTEGER NOT NULL,
  first_token_sum INTEGER NOT NULL,
  PRIMARY KEY (family, grain, bucket, project, model, user_name, caller, provider)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota_limit (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  who TEXT,
  metric TEXT NOT NULL,
  maximum INTEGER NOT NULL,
  window_rule TEXT NOT NULL,
  action TEXT NOT NULL,
  alert_percents TEXT NOT NULL,
  open_amount INTEGER NOT NULL,
  unpriced TEXT NOT NULL,
  unpriced_ceiling INTEGER NOT NULL,
  grain INTEGER
) STRICT;

CREATE TABLE quota_counter (
  limit_id INTEGER NOT NULL,
  subject TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (limit_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota_hold (
  id BLOB NOT NULL PRIMARY KEY,
  model TEXT NOT NULL,
  provider TEXT,
  project TEXT,
  user_name TEXT,
  caller TEXT,
  session TEXT,
  tags TEXT,
  admitted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  lives_micros INTEGER NOT NULL,
  amounts BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX quota_hold_expires_at ON quota_hold (expires_at);

-- Denials and alerts name the limit by its name: they outlive it.
CREATE TABLE quota_denial (
  limit_name TEXT NOT NULL,
  subject TEXT NOT NULL,
  minute INTEGER NOT NULL,
  denials INTEGER NOT NULL,
  last_requested INTEGER NOT NULL,
  last_reason TEXT NOT NULL,
  PRIMARY KEY (limit_name, subject, minute)
) STRICT, WITHOUT ROWID;

CREATE INDEX quota_denial_minute ON quota_denial (minute);

CREATE TABLE alert_fired (
  id BLOB NOT NULL PRIMARY KEY,
  limit_name TEXT NOT NULL,
  subject TEXT NOT NULL,
  percent INTEGER NOT NULL,
  fired_at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  maximum INTEGER NOT NULL,
  delivered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_fired_at ON alert_fired (fired_at);

CREATE TABLE project (
  name TEXT NOT NULL PRIMARY KEY,
  organisation_unit TEXT,
  email TEXT,
  active INTEGER NOT NULL,
  activated_at INTEGER,
  deactivated_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE app_user (
  name TEXT NOT NULL PRIMARY KEY,
  organisation_unit TEXT,
  email TEXT,
  active INTEGER NOT NULL,
  activated_at INTEGER,
  deactivated_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entry (
  id BLOB NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  actor TEXT,
  outcome TEXT,
  model TEXT,
  project TEXT,
  user_name TEXT,
  caller TEXT,
  session TEXT,
  usage_id BLOB,
  response_id TEXT,
  prompt TEXT,
  response TEXT,
  attributes TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_entry_at ON audit_entry (at, id);

-- Numbers of the whole store. limit_id is the last one given out; ids are never reused.
CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO settings (name, value)
VALUES ('limit_revision', 0), ('limit_id', 0), ('directory_revision', 0), ('purge_horizon', 0);

CREATE VIEW usage_view AS
SELECT
  lower(substr(hex(e.id), 1, 8) || '-' || substr(hex(e.id), 9, 4) || '-' || substr(hex(e.id), 13, 4)
    || '-' || substr(hex(e.id), 17, 4) || '-' || substr(hex(e.id), 21)) AS id,
  strftime('%Y-%m-%dT%H:%M:%S', e.occurred_at / 1000000, 'unixepoch')
    || printf('.%06dZ', e.occurred_at % 1000000) AS occurred_at,
  strftime('%Y-%m-%dT%H:%M:%S', e.charged_at / 1000000, 'unixepoch')
    || printf('.%06dZ', e.charged_at % 1000000) AS charged_at,
  strftime('%Y-%m-%dT%H:%M:%S', e.settled_at / 1000000, 'unixepoch')
    || printf('.%06dZ', e.settled_at % 1000000) AS settled_at,
  e.idempotency_key, e.provider, e.model, e.response_model, e.operation,
  e.project, e.user_name, e.caller, e.session, e.tags,
  e.uncached_input + e.cache_read + e.cache_write_5m + e.cache_write_1h + e.audio_input
    AS input_tokens,
  e.text_output + e.reasoning + e.audio_output AS output_tokens,
  e.source, e.outcome,
  CASE WHEN coalesce(a.cost, e.given_cost, e.computed_cost) IS NULL THEN NULL
    ELSE printf('%d.%09d', coalesce(a.cost, e.given_cost, e.computed_cost) / 1000000000,
      coalesce(a.cost, e.given_cost, e.computed_cost) % 1000000000) END AS cost_usd,
  e.latency / 1000 AS latency_ms,
  e.error_type, e.error_message, e.late
FROM usage_event e
LEFT JOIN usage_adjustment a ON a.usage_id = e.id
  AND a.seq = (SELECT max(seq) FROM usage_adjustment WHERE usage_id = e.id);

CREATE VIEW denial_view AS
SELECT limit_name, subject, strftime('%Y-%m-%dT%H:%MZ', minute / 1000000, 'unixepoch') AS minute,
  denials, last_requested, last_reason
FROM quota_denial;

CREATE VIEW audit_view AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', at / 1000000, 'unixepoch')
    || printf('.%06dZ', at % 1000000) AS at,
  type, actor, outcome, model, project, user_name, caller, session, response_id, prompt, response,
  attributes
FROM audit_entry;

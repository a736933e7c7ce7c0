-- Times are microseconds since 1970 in UTC, money is nano-dollars. The views show all of them as people
-- read them. Every key begins with shard_key, so that tables can be distributed by it; quota_limit,
-- project and app_user would be reference tables. Texts compare byte by byte, whatever the database's
-- collation. Names have no schema: search_path says where all of this goes.

CREATE TABLE usage_event (
  shard_key integer NOT NULL DEFAULT 0,
  id uuid NOT NULL,
  idempotency_key text COLLATE "C",
  occurred_at bigint NOT NULL,
  model text COLLATE "C" NOT NULL,
  response_model text COLLATE "C",
  provider text COLLATE "C",
  operation text COLLATE "C",
  uncached_input bigint,
  cache_read bigint,
  cache_write_5m bigint,
  cache_write_1h bigint,
  audio_input bigint,
  text_output bigint,
  reasoning bigint,
  audio_output bigint,
  reported_total bigint,
  source text COLLATE "C" NOT NULL,
  local_input bigint,
  local_output bigint,
  extras jsonb,
  given_cost bigint,
  computed_cost bigint,
  priced_by text COLLATE "C",
  outcome text COLLATE "C" NOT NULL,
  latency bigint,
  time_to_first_token bigint,
  streamed boolean,
  finish_reason text COLLATE "C",
  response_id text COLLATE "C",
  attempts bigint,
  error_type text COLLATE "C",
  error_message text COLLATE "C",
  service_tier text COLLATE "C",
  batch boolean NOT NULL,
  region text COLLATE "C",
  raw_usage text COLLATE "C",
  project text COLLATE "C",
  user_name text COLLATE "C",
  caller text COLLATE "C",
  session text COLLATE "C",
  tags jsonb,
  charged_at bigint NOT NULL,
  settled_at bigint NOT NULL,
  late boolean NOT NULL,
  PRIMARY KEY (shard_key, id)
) PARTITION BY RANGE (id);

-- What no other partition takes; it should stay empty, and the library tells when it does not.
CREATE TABLE usage_event_default PARTITION OF usage_event DEFAULT;
CREATE INDEX usage_event_charged_at ON usage_event USING brin (charged_at);

-- The project of calls without one is ''. The fingerprint outlives a record that was purged.
CREATE TABLE usage_key (
  shard_key integer NOT NULL DEFAULT 0,
  project text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  usage_id uuid NOT NULL,
  fingerprint bytea NOT NULL,
  PRIMARY KEY (shard_key, project, idempotency_key)
);

CREATE TABLE usage_adjustment (
  shard_key integer NOT NULL DEFAULT 0,
  usage_id uuid NOT NULL,
  seq bigint NOT NULL,
  cost bigint NOT NULL,
  priced_by text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (shard_key, usage_id, seq)
);

-- family: 1 all five dimensions, 2 without user and caller. grain: microseconds of one bucket.
-- A dimension without a value, or left out by the family, is ''.
CREATE TABLE usage_rollup (
  shard_key integer NOT NULL DEFAULT 0,
  family bigint NOT NULL,
  grain bigint NOT NULL,
  bucket bigint NOT NULL,
  project text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  user_name text COLLATE "C" NOT NULL,
  caller text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  failed bigint NOT NULL,
  cancelled bigint NOT NULL,
  unfinished bigint NOT NULL,
  estimated bigint NOT NULL,
  partial bigint NOT NULL,
  missing bigint NOT NULL,
  unpriced bigint NOT NULL,
  uncached_input bigint NOT NULL,
  cache_read bigint NOT NULL,
  cache_write_5m bigint NOT NULL,
  cache_write_1h bigint NOT NULL,
  audio_input bigint NOT NULL,
  text_output bigint NOT NULL,
  reasoning bigint NOT NULL,
  audio_output bigint NOT NULL,
  cost bigint NOT NULL,
  local_input_count bigint NOT NULL,
  local_input_sum bigint NOT NULL,
  local_output_count bigint NOT NULL,
  local_output_sum bigint NOT NULL,
  latency_count bigint NOT NULL,
  latency_sum bigint NOT NULL,
  first_token_count bigint NOT NULL,
  first_token_sum bigint NOT NULL,
  PRIMARY KEY (shard_key, family, grain, bucket, project, model, user_name, caller, provider)
) WITH (fillfactor = 70);

CREATE TABLE quota_limit (
  id bigint NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  who jsonb,
  metric text COLLATE "C" NOT NULL,
  maximum bigint NOT NULL,
  window_rule text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  alert_percents text COLLATE "C" NOT NULL,
  open_amount bigint NOT NULL,
  unpriced text COLLATE "C" NOT NULL,
  unpriced_ceiling bigint NOT NULL,
  grain bigint
);

CREATE TABLE quota_counter (
  shard_key integer NOT NULL DEFAULT 0,
  limit_id bigint NOT NULL,
  subject text COLLATE "C" NOT NULL,
  as_of bigint NOT NULL,
  state bytea NOT NULL,
  PRIMARY KEY (shard_key, limit_id, subject)
) WITH (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0);

-- The state stays in its row: moved out of it every change would be two rows.
ALTER TABLE quota_counter ALTER COLUMN state SET STORAGE MAIN;

CREATE TABLE quota_hold (
  shard_key integer NOT NULL DEFAULT 0,
  id uuid NOT NULL,
  model text COLLATE "C" NOT NULL,
  provider text COLLATE "C",
  project text COLLATE "C",
  user_name text COLLATE "C",
  caller text COLLATE "C",
  session text COLLATE "C",
  tags jsonb,
  admitted_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  lives_micros bigint NOT NULL,
  amounts bytea NOT NULL,
  PRIMARY KEY (shard_key, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE INDEX quota_hold_expires_at ON quota_hold (shard_key, expires_at);

-- Denials and alerts name the limit by its name: they outlive it.
CREATE TABLE quota_denial (
  shard_key integer NOT NULL DEFAULT 0,
  limit_name text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  minute bigint NOT NULL,
  denials bigint NOT NULL,
  last_requested bigint NOT NULL,
  last_reason text COLLATE "C" NOT NULL,
  PRIMARY KEY (shard_key, limit_name, subject, minute)
);

CREATE INDEX quota_denial_minute ON quota_denial (shard_key, minute);

CREATE TABLE alert_fired (
  shard_key integer NOT NULL DEFAULT 0,
  id uuid NOT NULL,
  limit_name text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  percent bigint NOT NULL,
  fired_at bigint NOT NULL,
  used bigint NOT NULL,
  maximum bigint NOT NULL,
  delivered boolean NOT NULL,
  PRIMARY KEY (shard_key, id)
);

CREATE INDEX alert_fired_at ON alert_fired (shard_key, fired_at);

CREATE TABLE project (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  organisation_unit text COLLATE "C",
  email text COLLATE "C",
  active boolean NOT NULL,
  activated_at bigint,
  deactivated_at bigint
);

CREATE TABLE app_user (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  organisation_unit text COLLATE "C",
  email text COLLATE "C",
  active boolean NOT NULL,
  activated_at bigint,
  deactivated_at bigint
);

CREATE TABLE audit_entry (
  shard_key integer NOT NULL DEFAULT 0,
  id uuid NOT NULL,
  at bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  actor text COLLATE "C",
  outcome text COLLATE "C",
  model text COLLATE "C",
  project text COLLATE "C",
  user_name text COLLATE "C",
  caller text COLLATE "C",
  session text COLLATE "C",
  usage_id uuid,
  response_id text COLLATE "C",
  prompt text COLLATE "C",
  response text COLLATE "C",
  attributes jsonb,
  PRIMARY KEY (shard_key, id)
);

CREATE INDEX audit_entry_at ON audit_entry (shard_key, at, id);

-- Numbers of the whole store. sharding (0 none, 1 by project) is added by the first who connects;
-- limit_id is the last one given out; ids are never reused.
CREATE TABLE settings (
  shard_key integer NOT NULL DEFAULT 0,
  name text COLLATE "C" NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (shard_key, name)
) WITH (fillfactor = 40);

INSERT INTO settings (name, value)
VALUES ('schema_version', 1), ('limit_revision', 0), ('limit_id', 0), ('directory_revision', 0),
  ('purge_horizon', 0);

CREATE VIEW usage_view AS
SELECT
  e.id,
  timestamptz 'epoch' + e.occurred_at * interval '1 microsecond' AS occurred_at,
  timestamptz 'epoch' + e.charged_at * interval '1 microsecond' AS charged_at,
  timestamptz 'epoch' + e.settled_at * interval '1 microsecond' AS settled_at,
  e.idempotency_key, e.provider, e.model, e.response_model, e.operation,
  e.project, e.user_name, e.caller, e.session, e.tags,
  e.uncached_input + e.cache_read + e.cache_write_5m + e.cache_write_1h + e.audio_input
    AS input_tokens,
  e.text_output + e.reasoning + e.audio_output AS output_tokens,
  e.source, e.outcome,
  (coalesce(a.cost, e.given_cost, e.computed_cost) / 1000000000.0)::numeric(20, 9) AS cost_usd,
  e.latency / 1000 AS latency_ms,
  e.error_type, e.error_message, e.late
FROM usage_event e
LEFT JOIN usage_adjustment a ON a.shard_key = e.shard_key AND a.usage_id = e.id
  AND a.seq = (SELECT max(m.seq) FROM usage_adjustment m
    WHERE m.shard_key = e.shard_key AND m.usage_id = e.id);

CREATE VIEW denial_view AS
SELECT limit_name, subject, timestamptz 'epoch' + minute * interval '1 microsecond' AS minute,
  denials, last_requested, last_reason
FROM quota_denial;

CREATE VIEW audit_view AS
SELECT
  timestamptz 'epoch' + at * interval '1 microsecond' AS at,
  type, actor, outcome, model, project, user_name, caller, session, response_id, prompt, response,
  attributes
FROM audit_entry;

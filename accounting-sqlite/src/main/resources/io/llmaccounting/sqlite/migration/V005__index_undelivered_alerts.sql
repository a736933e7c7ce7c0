-- Looked for every minute, and hardly ever there.
CREATE INDEX alert_fired_undelivered ON alert_fired (fired_at, id) WHERE NOT delivered;

-- From when on a counter says no more than an absent one, microseconds since 1970: it may go then.
-- Holds for the state as of idle_as_of only: versions that do not know these columns leave them alone.
ALTER TABLE quota_counter ADD COLUMN idle_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quota_counter ADD COLUMN idle_as_of INTEGER NOT NULL DEFAULT -1;

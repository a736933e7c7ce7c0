-- The set of limits that owns a limit; NULL where it was made by hand.
ALTER TABLE quota_limit ADD COLUMN set_name TEXT;

-- For how long processes may keep slices of a limit, microseconds; NULL where none is leased.
ALTER TABLE quota_limit ADD COLUMN lease_micros INTEGER;

-- What a token of each kind weighs under a limit on weighted tokens, as text.
ALTER TABLE quota_limit ADD COLUMN weights TEXT;

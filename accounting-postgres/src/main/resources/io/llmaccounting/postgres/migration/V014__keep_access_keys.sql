-- Keys by which callers are known. digest: SHA-256 of the secret, which is kept nowhere.
CREATE TABLE access_key (
  id uuid NOT NULL PRIMARY KEY,
  digest text COLLATE "C" NOT NULL UNIQUE,
  former_digest text COLLATE "C",
  former_until bigint,
  hint text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  project text COLLATE "C",
  user_name text COLLATE "C",
  tags jsonb,
  models jsonb,
  providers jsonb,
  roles text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  last_used_at bigint
);

CREATE INDEX access_key_former ON access_key (former_digest) WHERE former_digest IS NOT NULL;
CREATE INDEX access_key_name ON access_key (name, id);
CREATE INDEX access_key_project ON access_key (project, name, id);
CREATE INDEX access_key_user ON access_key (user_name, name, id);

-- Credentials of providers. sealed: encrypted by whoever uses it, with the key that sealed_by names.
CREATE TABLE provider_credential (
  id uuid NOT NULL PRIMARY KEY,
  project text COLLATE "C",
  upstream text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  sealed_by text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL
);

INSERT INTO settings (name, value) VALUES ('access_revision', 0), ('credential_revision', 0);
UPDATE settings SET value = 14 WHERE shard_key = 0 AND name = 'schema_version';

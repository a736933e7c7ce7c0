-- Keys by which callers are known. digest: SHA-256 of the secret, which is kept nowhere.
CREATE TABLE access_key (
  id BLOB NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  former_digest TEXT,
  former_until INTEGER,
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  project TEXT,
  user_name TEXT,
  tags TEXT,
  models TEXT,
  providers TEXT,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX access_key_former ON access_key (former_digest) WHERE former_digest IS NOT NULL;
CREATE INDEX access_key_name ON access_key (name, id);
CREATE INDEX access_key_project ON access_key (project, name, id);
CREATE INDEX access_key_user ON access_key (user_name, name, id);

-- Credentials of providers. sealed: encrypted by whoever uses it, with the key that sealed_by names.
CREATE TABLE provider_credential (
  id BLOB NOT NULL PRIMARY KEY,
  project TEXT,
  upstream TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  sealed_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO settings (name, value) VALUES ('access_revision', 0), ('credential_revision', 0);

-- What workspaces set about passwords: 0 is not set. Durations are in nanoseconds.
ALTER TABLE {settings} ADD COLUMN password_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE {settings} ADD COLUMN password_classes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE {settings} ADD COLUMN password_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE {settings} ADD COLUMN password_lock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE {settings} ADD COLUMN password_age INTEGER NOT NULL DEFAULT 0;
ALTER TABLE {settings} ADD COLUMN reset_validity INTEGER NOT NULL DEFAULT 0;

-- The hashes of members' passwords, with how they were made.
CREATE TABLE {credential} (
	member_id   BLOB    NOT NULL PRIMARY KEY REFERENCES {member} (id),
	hash        TEXT    NOT NULL CHECK (hash <> ''),
	must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
	set_at      INTEGER,
	expires_at  INTEGER
) STRICT, WITHOUT ROWID;

-- The passwords that a reset gives, by workspace, with the policy they were checked by.
CREATE TABLE {default_password} (
	workspace_id BLOB    NOT NULL PRIMARY KEY REFERENCES {workspace} (id),
	hash         TEXT    NOT NULL CHECK (hash <> ''),
	min_length   INTEGER NOT NULL,
	classes      INTEGER NOT NULL,
	set_at       INTEGER
) STRICT, WITHOUT ROWID;

-- Sign-ins that failed, by a hash of the member or of the name, until they are forgotten.
CREATE TABLE {attempt} (
	workspace_id BLOB    NOT NULL REFERENCES {workspace} (id),
	login        BLOB    NOT NULL,
	failures     INTEGER NOT NULL CHECK (failures > 0),
	ends_at      INTEGER,
	PRIMARY KEY (workspace_id, login)
) STRICT, WITHOUT ROWID;
CREATE INDEX {.attempt_by_end} ON {attempt} (workspace_id, ends_at);

ALTER TABLE {settings}
	ADD COLUMN password_length   bigint NOT NULL DEFAULT 0,
	ADD COLUMN password_classes  bigint NOT NULL DEFAULT 0,
	ADD COLUMN password_failures bigint NOT NULL DEFAULT 0,
	ADD COLUMN password_lock     bigint NOT NULL DEFAULT 0,
	ADD COLUMN password_age      bigint NOT NULL DEFAULT 0,
	ADD COLUMN reset_validity    bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN {settings}.password_lock IS 'In nanoseconds';
COMMENT ON COLUMN {settings}.password_age IS 'In nanoseconds';
COMMENT ON COLUMN {settings}.reset_validity IS 'In nanoseconds';

CREATE TABLE {credential} (
	member_id   uuid        PRIMARY KEY REFERENCES {member} (id),
	hash        text        NOT NULL CHECK (hash <> ''),
	must_change boolean     NOT NULL,
	set_at      timestamptz,
	expires_at  timestamptz
);
COMMENT ON TABLE {credential} IS 'The hashes of members'' passwords, with how they were made.';

CREATE TABLE {default_password} (
	workspace_id uuid        PRIMARY KEY REFERENCES {workspace} (id),
	hash         text        NOT NULL CHECK (hash <> ''),
	min_length   bigint      NOT NULL,
	classes      bigint      NOT NULL,
	set_at       timestamptz
);
COMMENT ON TABLE {default_password} IS 'The passwords that a reset gives, with the policy they were checked by.';

CREATE TABLE {attempt} (
	workspace_id uuid        NOT NULL REFERENCES {workspace} (id),
	login        bytea       NOT NULL,
	failures     bigint      NOT NULL CHECK (failures > 0),
	ends_at      timestamptz,
	PRIMARY KEY (workspace_id, login)
);
CREATE INDEX {.attempt_by_end} ON {attempt} (workspace_id, ends_at);
COMMENT ON TABLE {attempt} IS 'Sign-ins that failed, until they are forgotten.';
COMMENT ON COLUMN {attempt}.login IS 'A hash of the member, or of a name that nobody has';

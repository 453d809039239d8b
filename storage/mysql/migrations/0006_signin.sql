ALTER TABLE {settings}
	ADD COLUMN password_length   BIGINT NOT NULL DEFAULT 0 COMMENT '0 is not set',
	ADD COLUMN password_classes  BIGINT NOT NULL DEFAULT 0 COMMENT '0 is not set',
	ADD COLUMN password_failures BIGINT NOT NULL DEFAULT 0 COMMENT '0 is not set',
	ADD COLUMN password_lock     BIGINT NOT NULL DEFAULT 0 COMMENT 'in nanoseconds, 0 is not set',
	ADD COLUMN password_age      BIGINT NOT NULL DEFAULT 0 COMMENT 'in nanoseconds, 0 is not set',
	ADD COLUMN reset_validity    BIGINT NOT NULL DEFAULT 0 COMMENT 'in nanoseconds, 0 is not set';

CREATE TABLE {credential} (
	member_id   BINARY(16)   NOT NULL PRIMARY KEY,
	hash        VARCHAR(512) NOT NULL COMMENT 'says how it was made',
	must_change BOOLEAN      NOT NULL,
	set_at      BIGINT,
	expires_at  BIGINT,
	CONSTRAINT {.credential_of_member} FOREIGN KEY (member_id) REFERENCES {member} (id),
	CONSTRAINT {.credential_hash} CHECK (hash <> ''),
	CONSTRAINT {.credential_must_change} CHECK (must_change IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The hashes of members'' passwords';

CREATE TABLE {default_password} (
	workspace_id BINARY(16)   NOT NULL PRIMARY KEY,
	hash         VARCHAR(512) NOT NULL COMMENT 'says how it was made',
	min_length   BIGINT       NOT NULL COMMENT 'of the policy it was checked by',
	classes      BIGINT       NOT NULL COMMENT 'of the policy it was checked by',
	set_at       BIGINT,
	CONSTRAINT {.default_password_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.default_password_hash} CHECK (hash <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The passwords that a reset gives';

CREATE TABLE {attempt} (
	workspace_id BINARY(16) NOT NULL,
	login        BINARY(32) NOT NULL COMMENT 'a hash of the member, or of a name that nobody has',
	failures     BIGINT     NOT NULL,
	ends_at      BIGINT,
	PRIMARY KEY (workspace_id, login),
	KEY {.attempt_by_end} (workspace_id, ends_at),
	CONSTRAINT {.attempt_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.attempt_failures} CHECK (failures > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'Sign-ins that failed, until they are forgotten';

CREATE TABLE {denial} (
	workspace_id BINARY(16)     NOT NULL,
	seq          BIGINT         NOT NULL,
	by_system    BOOLEAN        NOT NULL,
	actor        VARBINARY(255) NOT NULL COMMENT 'the account, or the name of the system actor: personal data',
	permission   VARBINARY(255) NOT NULL,
	object_kind  SMALLINT       NOT NULL,
	object_id    BINARY(16)     NOT NULL,
	attempts     BIGINT         NOT NULL,
	first_at     BIGINT         NOT NULL,
	last_at      BIGINT         NOT NULL,
	on_behalf_of VARBINARY(255) NOT NULL COMMENT 'the account that the last attempt was for: personal data',
	request      VARBINARY(255) NOT NULL,
	reason       VARCHAR(64)    NOT NULL,
	PRIMARY KEY (workspace_id, seq),
	KEY {.denial_by_actor} (workspace_id, actor, seq),
	KEY {.denial_by_object} (workspace_id, object_id, seq),
	KEY {.denial_by_time} (workspace_id, first_at),
	CONSTRAINT {.denial_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.denial_seq} CHECK (seq > 0),
	CONSTRAINT {.denial_permission} CHECK (permission <> ''),
	CONSTRAINT {.denial_attempts} CHECK (attempts > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'What people were denied: one row for the attempts of a day at the same';

CREATE TABLE {link} (
	id           BINARY(16)     NOT NULL PRIMARY KEY,
	workspace_id BINARY(16)     NOT NULL,
	tenant_id    BINARY(16)     NOT NULL,
	role         VARBINARY(255) NOT NULL,
	programs     LONGTEXT                COMMENT 'JSON: the mini programs it assigns',
	domains      LONGTEXT                COMMENT 'JSON: the e-mail domains it is for, NULL for any',
	max_uses     BIGINT         NOT NULL,
	uses         BIGINT         NOT NULL,
	validity     BIGINT         NOT NULL COMMENT 'in nanoseconds, from its making or last renewal to expires_at',
	expires_at   BIGINT,
	generation   BIGINT         NOT NULL,
	maker        VARBINARY(255)          COMMENT 'who made or renewed it last',
	created_at   BIGINT,
	updated_at   BIGINT,
	revoked_at   BIGINT,
	KEY {.link_by_workspace} (workspace_id, id),
	CONSTRAINT {.link_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.link_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.link_programs} CHECK (JSON_VALID(programs)),
	CONSTRAINT {.link_domains} CHECK (JSON_VALID(domains)),
	CONSTRAINT {.link_max_uses} CHECK (max_uses > 0),
	CONSTRAINT {.link_uses} CHECK (uses >= 0 AND uses <= max_uses),
	CONSTRAINT {.link_maker} CHECK (maker <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'Invitations that are not to one person: whoever has the token may come';

CREATE TABLE {link_token} (
	hash       BINARY(32) NOT NULL PRIMARY KEY,
	link_id    BINARY(16) NOT NULL,
	generation BIGINT     NOT NULL,
	KEY {.link_token_by_link} (link_id),
	CONSTRAINT {.link_token_of_link} FOREIGN KEY (link_id) REFERENCES {link} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The tokens of links: their hashes, never themselves';

CREATE TABLE {bulk} (
	workspace_id BINARY(16)     NOT NULL,
	run_key      VARBINARY(200) NOT NULL,
	digest       BINARY(32)     NOT NULL COMMENT 'tells its rows from others',
	started_at   BIGINT,
	PRIMARY KEY (workspace_id, run_key),
	CONSTRAINT {.bulk_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The runs of bulk invitations';

CREATE TABLE {bulk_row} (
	workspace_id BINARY(16)     NOT NULL,
	run_key      VARBINARY(200) NOT NULL,
	line         BIGINT         NOT NULL,
	member_id    BINARY(16)     NOT NULL,
	PRIMARY KEY (workspace_id, run_key, line),
	KEY {.bulk_row_by_member} (member_id),
	CONSTRAINT {.bulk_row_of_bulk} FOREIGN KEY (workspace_id, run_key) REFERENCES {bulk} (workspace_id, run_key),
	CONSTRAINT {.bulk_row_of_member} FOREIGN KEY (member_id) REFERENCES {member} (id),
	CONSTRAINT {.bulk_row_line} CHECK (line > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The rows of bulk invitations that were sent';

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

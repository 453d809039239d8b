CREATE TABLE {role} (
	id           BINARY(16)    NOT NULL PRIMARY KEY,
	workspace_id BINARY(16)    NOT NULL,
	tenant_id    BINARY(16)    NOT NULL,
	code         VARCHAR(64)   NOT NULL,
	name         VARCHAR(1024) NOT NULL,
	definition   LONGTEXT      NOT NULL COMMENT 'JSON: the code, whether members have assigned mini programs, and the permissions with their scopes, by name',
	revision     INT           NOT NULL,
	created_at   BIGINT,
	updated_at   BIGINT,
	UNIQUE KEY {.role_code} (workspace_id, code),
	CONSTRAINT {.role_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.role_definition} CHECK (JSON_VALID(definition)),
	CONSTRAINT {.role_code_given} CHECK (code <> ''),
	CONSTRAINT {.role_revision} CHECK (revision > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The own roles of workspaces: a member has the code as his role';

-- The own roles of workspaces. definition is JSON: the code, whether members have
-- assigned mini programs, and the permissions with their scopes, by name. A member
-- has the code as his role.
CREATE TABLE {role} (
	id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	workspace_id BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id    BLOB    NOT NULL,
	code         TEXT    NOT NULL CHECK (code <> ''),
	name         TEXT    NOT NULL,
	definition   TEXT    NOT NULL CHECK (json_valid(definition)),
	revision     INTEGER NOT NULL CHECK (revision > 0),
	created_at   INTEGER,
	updated_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX {.role_code} ON {role} (workspace_id, code);

CREATE TABLE {role} (
	id           uuid             PRIMARY KEY,
	workspace_id uuid             NOT NULL REFERENCES {workspace} (id),
	tenant_id    uuid             NOT NULL,
	code         text COLLATE "C" NOT NULL CHECK (code <> ''),
	name         text             NOT NULL,
	definition   text COLLATE "C" NOT NULL,
	revision     integer          NOT NULL CHECK (revision > 0),
	created_at   timestamptz,
	updated_at   timestamptz
);
CREATE UNIQUE INDEX {.role_code} ON {role} (workspace_id, code);
COMMENT ON TABLE {role} IS 'The own roles of workspaces: a member has the code as his role.';
COMMENT ON COLUMN {role}.definition IS 'JSON: the code, whether members have assigned mini programs, and the permissions with their scopes, by name';

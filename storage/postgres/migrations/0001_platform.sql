COMMENT ON TABLE {superapp_migration} IS 'Which migrations were applied. The key keeps two processes from applying one twice.';
COMMENT ON COLUMN {superapp_migration}.finished_at IS 'NULL while the migration is under way';

CREATE TABLE {workspace} (
	id             uuid             PRIMARY KEY,
	tenant_id      uuid             NOT NULL REFERENCES {workspace} (id),
	kind           text COLLATE "C" NOT NULL CHECK (kind IN ('tenant', 'developer')),
	name           text             NOT NULL,
	status         text COLLATE "C" NOT NULL CHECK (status IN ('pending_verification', 'verified', 'rejected', 'disabled', 'removed')),
	company        text             NOT NULL,
	address        text             NOT NULL,
	scope          text             NOT NULL,
	representative text             NOT NULL,
	email          text             NOT NULL,
	created_at     timestamptz,
	updated_at     timestamptz,
	CHECK ((kind = 'tenant') = (tenant_id = id))
);
CREATE INDEX {.workspace_by_tenant} ON {workspace} (tenant_id, id);
CREATE INDEX {.workspace_tenants} ON {workspace} (id) WHERE kind = 'tenant';
COMMENT ON TABLE {workspace} IS 'The tenants of the platform and the developer workspaces under them. A tenant is its own tenant.';

-- A row of this table changes with every unit of work: the room in its page
-- keeps the indexes out of that.
CREATE TABLE {head} (
	workspace_id uuid   PRIMARY KEY REFERENCES {workspace} (id),
	seq          bigint NOT NULL CHECK (seq >= 0),
	hash         bytea  NOT NULL CHECK (octet_length(hash) = 32),
	at           timestamptz
) WITH (fillfactor = 50);
COMMENT ON TABLE {head} IS 'The end of each workspace''s audit trail: the row that a unit of work locks.';

CREATE TABLE {event} (
	workspace_id uuid             NOT NULL REFERENCES {workspace} (id),
	seq          bigint           NOT NULL CHECK (seq > 0),
	at           timestamptz,
	verb         text COLLATE "C" NOT NULL,
	object_kind  smallint         NOT NULL,
	object_id    uuid             NOT NULL,
	by_system    boolean          NOT NULL,
	actor        text COLLATE "C" NOT NULL,
	data         bytea,
	personal     bytea,
	salt         bytea,
	commitment   bytea            NOT NULL CHECK (octet_length(commitment) = 32),
	hash         bytea            NOT NULL CHECK (octet_length(hash) = 32),
	PRIMARY KEY (workspace_id, seq)
);
COMMENT ON TABLE {event} IS 'The audit trail, one chain for each workspace.';
COMMENT ON COLUMN {event}.object_kind IS '1 workspace, 2 mini program, 3 member, 4 version, 5 QR code';
COMMENT ON COLUMN {event}.data IS 'JSON, as the very bytes that were hashed';
COMMENT ON COLUMN {event}.personal IS 'JSON, as the very bytes that the commitment is of';

CREATE TABLE {member} (
	id              uuid             PRIMARY KEY,
	workspace_id    uuid             NOT NULL REFERENCES {workspace} (id),
	tenant_id       uuid             NOT NULL REFERENCES {workspace} (id),
	state           text COLLATE "C" NOT NULL CHECK (state IN ('invited', 'active', 'inactive', 'withdrawn', 'deleted')),
	role            text COLLATE "C" NOT NULL,
	name            text             NOT NULL,
	name_key        text COLLATE "C" NOT NULL,
	email           text COLLATE "C" CHECK (email <> ''),
	account         text COLLATE "C" CHECK (account <> ''),
	first_admin     boolean          NOT NULL,
	sent_at         timestamptz,
	expires_at      timestamptz,
	generation      bigint           NOT NULL,
	sender          text COLLATE "C" CHECK (sender <> ''),
	created_at      timestamptz,
	updated_at      timestamptz,
	joined_at       timestamptz,
	open_email      text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN state IN ('invited', 'active', 'inactive') THEN email END) STORED,
	present_account text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN state IN ('active', 'inactive') THEN account END) STORED
);
CREATE UNIQUE INDEX {.member_open_email} ON {member} (workspace_id, open_email) WHERE open_email IS NOT NULL;
CREATE UNIQUE INDEX {.member_present_account} ON {member} (workspace_id, present_account) WHERE present_account IS NOT NULL;
CREATE INDEX {.member_by_workspace} ON {member} (workspace_id, id);
CREATE INDEX {.member_by_tenant} ON {member} (tenant_id, id);
CREATE INDEX {.member_by_account} ON {member} (account, id) WHERE account IS NOT NULL;
CREATE INDEX {.member_by_email} ON {member} (email, id) WHERE email IS NOT NULL;
CREATE INDEX {.member_invited} ON {member} (id) WHERE state = 'invited';
CREATE INDEX {.member_admins} ON {member} (workspace_id, id)
	WHERE state = 'active' AND role IN ('workspace_admin', 'developer_admin');
COMMENT ON TABLE {member} IS 'The people of a workspace, from invitation to removal.';
COMMENT ON COLUMN {member}.name_key IS 'The name as searches compare it';
COMMENT ON COLUMN {member}.generation IS 'Only tokens of this generation work';
COMMENT ON COLUMN {member}.open_email IS 'Set while the e-mail is taken in the workspace, which makes it unique where it has to be';
COMMENT ON COLUMN {member}.present_account IS 'Set while the account is taken in the workspace, which makes it unique where it has to be';

CREATE TABLE {token} (
	hash       bytea  PRIMARY KEY CHECK (octet_length(hash) = 32),
	member_id  uuid   NOT NULL REFERENCES {member} (id),
	generation bigint NOT NULL
);
COMMENT ON TABLE {token} IS 'The tokens of invitations: their hashes, never themselves.';

CREATE TABLE {mini_program} (
	id             uuid             PRIMARY KEY,
	workspace_id   uuid             NOT NULL REFERENCES {workspace} (id),
	tenant_id      uuid             NOT NULL REFERENCES {workspace} (id),
	type           text COLLATE "C" NOT NULL CHECK (type IN ('dsl', 'h5')),
	language       text COLLATE "C" NOT NULL,
	name           text             NOT NULL,
	name_key       text COLLATE "C" NOT NULL,
	status         text COLLATE "C" NOT NULL CHECK (status IN ('in_development', 'published', 'offline', 'archived')),
	creator        text COLLATE "C" CHECK (creator <> ''),
	latest_version text             NOT NULL,
	uploaded_at    timestamptz,
	created_at     timestamptz,
	updated_at     timestamptz,
	open_name      text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN status <> 'archived' THEN name_key END) STORED
);
CREATE UNIQUE INDEX {.mini_program_open_name} ON {mini_program} (tenant_id, language, open_name) WHERE open_name IS NOT NULL;
CREATE INDEX {.mini_program_by_workspace} ON {mini_program} (workspace_id, id);
CREATE INDEX {.mini_program_by_status} ON {mini_program} (workspace_id, status, id);
CREATE INDEX {.mini_program_by_tenant} ON {mini_program} (tenant_id, id);
CREATE INDEX {.mini_program_by_creator} ON {mini_program} (creator, id) WHERE creator IS NOT NULL;
COMMENT ON TABLE {mini_program} IS 'The mini programs.';
COMMENT ON COLUMN {mini_program}.name_key IS 'The name as it is compared with others';
COMMENT ON COLUMN {mini_program}.open_name IS 'Set until the mini program is archived: until then its name is taken in the tenant and language';

CREATE TABLE {term} (
	tenant_id       uuid             NOT NULL REFERENCES {workspace} (id),
	suffix          text COLLATE "C" NOT NULL,
	mini_program_id uuid             NOT NULL REFERENCES {mini_program} (id),
	PRIMARY KEY (tenant_id, suffix, mini_program_id)
);
CREATE INDEX {.term_by_mini_program} ON {term} (mini_program_id, suffix);
COMMENT ON TABLE {term} IS 'The terms under which mini programs are found by name: each ends where the name ends, and begins where a word does.';

CREATE TABLE {held} (
	member_id       uuid NOT NULL REFERENCES {member} (id),
	mini_program_id uuid NOT NULL REFERENCES {mini_program} (id),
	owner_id        uuid NOT NULL REFERENCES {workspace} (id),
	team_role       text COLLATE "C" CHECK (team_role IN ('mini_program_admin', 'mini_program_developer')),
	PRIMARY KEY (member_id, mini_program_id)
);
CREATE INDEX {.held_by_mini_program} ON {held} (mini_program_id, member_id);
COMMENT ON TABLE {held} IS 'The mini programs that are assigned to a member, or of whose team he is.';
COMMENT ON COLUMN {held}.owner_id IS 'The workspace that owns the mini program';

CREATE TABLE {version} (
	id                uuid             PRIMARY KEY,
	mini_program_id   uuid             NOT NULL REFERENCES {mini_program} (id),
	workspace_id      uuid             NOT NULL REFERENCES {workspace} (id),
	tenant_id         uuid             NOT NULL REFERENCES {workspace} (id),
	number            text             NOT NULL,
	status            text COLLATE "C" NOT NULL,
	package_reference text             NOT NULL,
	package_size      bigint           NOT NULL,
	package_sha256    bytea            NOT NULL CHECK (octet_length(package_sha256) = 32),
	jsapis            json,
	notes             json,
	uploader          text COLLATE "C" CHECK (uploader <> ''),
	uploaded_at       timestamptz
);
CREATE INDEX {.version_by_mini_program} ON {version} (mini_program_id, id);
CREATE INDEX {.version_by_upload} ON {version} (workspace_id, uploaded_at, id);
COMMENT ON TABLE {version} IS 'The uploaded versions of mini programs.';

CREATE TABLE {qr_code} (
	id              uuid        PRIMARY KEY,
	mini_program_id uuid        NOT NULL REFERENCES {mini_program} (id),
	workspace_id    uuid        NOT NULL REFERENCES {workspace} (id),
	tenant_id       uuid        NOT NULL REFERENCES {workspace} (id),
	name            text        NOT NULL,
	page            text        NOT NULL,
	params          json,
	creator         text COLLATE "C" CHECK (creator <> ''),
	created_at      timestamptz
);
CREATE INDEX {.qr_code_by_mini_program} ON {qr_code} (mini_program_id, id);
COMMENT ON TABLE {qr_code} IS 'The definitions of QR codes.';

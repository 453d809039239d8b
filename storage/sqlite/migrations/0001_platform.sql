-- The tenants of the platform and the developer workspaces under them. A tenant
-- is its own tenant.
CREATE TABLE {workspace} (
	id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	tenant_id      BLOB    NOT NULL REFERENCES {workspace} (id),
	kind           TEXT    NOT NULL CHECK (kind IN ('tenant', 'developer')),
	name           TEXT    NOT NULL,
	status         TEXT    NOT NULL CHECK (status IN ('pending_verification', 'verified', 'rejected', 'disabled', 'removed')),
	company        TEXT    NOT NULL,
	address        TEXT    NOT NULL,
	scope          TEXT    NOT NULL,
	representative TEXT    NOT NULL,
	email          TEXT    NOT NULL,
	created_at     INTEGER,
	updated_at     INTEGER,
	CHECK ((kind = 'tenant') = (tenant_id = id))
) STRICT;
CREATE INDEX {workspace_by_tenant} ON {workspace} (tenant_id, id);
CREATE INDEX {workspace_tenants} ON {workspace} (id) WHERE kind = 'tenant';

-- The end of each workspace's audit trail: the row that a unit of work locks.
CREATE TABLE {head} (
	workspace_id BLOB    NOT NULL PRIMARY KEY REFERENCES {workspace} (id),
	seq          INTEGER NOT NULL CHECK (seq >= 0),
	hash         BLOB    NOT NULL CHECK (length(hash) = 32),
	at           INTEGER
) STRICT, WITHOUT ROWID;

-- The audit trail, one chain for each workspace. The bytes are kept as they were
-- hashed. object_kind: 1 workspace, 2 mini program, 3 member, 4 version, 5 QR code.
CREATE TABLE {event} (
	workspace_id BLOB    NOT NULL REFERENCES {workspace} (id),
	seq          INTEGER NOT NULL CHECK (seq > 0),
	at           INTEGER,
	verb         TEXT    NOT NULL,
	object_kind  INTEGER NOT NULL,
	object_id    BLOB    NOT NULL CHECK (length(object_id) = 16),
	by_system    INTEGER NOT NULL CHECK (by_system IN (0, 1)),
	actor        TEXT    NOT NULL,
	data         BLOB,
	personal     BLOB,
	salt         BLOB,
	commitment   BLOB    NOT NULL CHECK (length(commitment) = 32),
	hash         BLOB    NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (workspace_id, seq)
) STRICT;

-- The people of a workspace, from invitation to removal. open_email and
-- present_account are set only while the e-mail and the account are taken there,
-- which makes them unique where they have to be.
CREATE TABLE {member} (
	id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	workspace_id    BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id       BLOB    NOT NULL REFERENCES {workspace} (id),
	state           TEXT    NOT NULL CHECK (state IN ('invited', 'active', 'inactive', 'withdrawn', 'deleted')),
	role            TEXT    NOT NULL,
	name            TEXT    NOT NULL,
	name_key        TEXT    NOT NULL,
	email           TEXT    CHECK (email <> ''),
	account         TEXT    CHECK (account <> ''),
	first_admin     INTEGER NOT NULL CHECK (first_admin IN (0, 1)),
	sent_at         INTEGER,
	expires_at      INTEGER,
	generation      INTEGER NOT NULL,
	sender          TEXT    CHECK (sender <> ''),
	created_at      INTEGER,
	updated_at      INTEGER,
	joined_at       INTEGER,
	open_email      TEXT    GENERATED ALWAYS AS (CASE WHEN state IN ('invited', 'active', 'inactive') THEN email END) VIRTUAL,
	present_account TEXT    GENERATED ALWAYS AS (CASE WHEN state IN ('active', 'inactive') THEN account END) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX {member_open_email} ON {member} (workspace_id, open_email) WHERE open_email IS NOT NULL;
CREATE UNIQUE INDEX {member_present_account} ON {member} (workspace_id, present_account) WHERE present_account IS NOT NULL;
CREATE INDEX {member_by_workspace} ON {member} (workspace_id, id);
CREATE INDEX {member_by_tenant} ON {member} (tenant_id, id);
CREATE INDEX {member_by_account} ON {member} (account, id) WHERE account IS NOT NULL;
CREATE INDEX {member_by_email} ON {member} (email, id) WHERE email IS NOT NULL;
CREATE INDEX {member_invited} ON {member} (id) WHERE state = 'invited';
CREATE INDEX {member_admins} ON {member} (workspace_id, id)
	WHERE state = 'active' AND role IN ('workspace_admin', 'developer_admin');

-- The tokens of invitations: their hashes, never themselves. Only those of the
-- member's generation work.
CREATE TABLE {token} (
	hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
	member_id  BLOB    NOT NULL REFERENCES {member} (id),
	generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The mini programs. open_name is set until a mini program is archived: until
-- then its name is taken in the tenant and language.
CREATE TABLE {mini_program} (
	id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	workspace_id   BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id      BLOB    NOT NULL REFERENCES {workspace} (id),
	type           TEXT    NOT NULL CHECK (type IN ('dsl', 'h5')),
	language       TEXT    NOT NULL,
	name           TEXT    NOT NULL,
	name_key       TEXT    NOT NULL,
	status         TEXT    NOT NULL CHECK (status IN ('in_development', 'published', 'offline', 'archived')),
	creator        TEXT    CHECK (creator <> ''),
	latest_version TEXT    NOT NULL,
	uploaded_at    INTEGER,
	created_at     INTEGER,
	updated_at     INTEGER,
	open_name      TEXT    GENERATED ALWAYS AS (CASE WHEN status <> 'archived' THEN name_key END) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX {mini_program_open_name} ON {mini_program} (tenant_id, language, open_name) WHERE open_name IS NOT NULL;
CREATE INDEX {mini_program_by_workspace} ON {mini_program} (workspace_id, id);
CREATE INDEX {mini_program_by_status} ON {mini_program} (workspace_id, status, id);
CREATE INDEX {mini_program_by_tenant} ON {mini_program} (tenant_id, id);
CREATE INDEX {mini_program_by_creator} ON {mini_program} (creator, id) WHERE creator IS NOT NULL;

-- The terms under which mini programs are found by name: each ends where the
-- name ends, and begins where a word does.
CREATE TABLE {term} (
	tenant_id       BLOB NOT NULL REFERENCES {workspace} (id),
	suffix          TEXT NOT NULL,
	mini_program_id BLOB NOT NULL REFERENCES {mini_program} (id),
	PRIMARY KEY (tenant_id, suffix, mini_program_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX {term_by_mini_program} ON {term} (mini_program_id, suffix);

-- The mini programs that are assigned to a member, or of whose team he is.
-- owner_id is the workspace that owns the mini program.
CREATE TABLE {held} (
	member_id       BLOB NOT NULL REFERENCES {member} (id),
	mini_program_id BLOB NOT NULL REFERENCES {mini_program} (id),
	owner_id        BLOB NOT NULL REFERENCES {workspace} (id),
	team_role       TEXT CHECK (team_role IN ('mini_program_admin', 'mini_program_developer')),
	PRIMARY KEY (member_id, mini_program_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX {held_by_mini_program} ON {held} (mini_program_id, member_id);

-- The uploaded versions of mini programs. jsapis and notes are JSON.
CREATE TABLE {version} (
	id                BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	mini_program_id   BLOB    NOT NULL REFERENCES {mini_program} (id),
	workspace_id      BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id         BLOB    NOT NULL REFERENCES {workspace} (id),
	number            TEXT    NOT NULL,
	status            TEXT    NOT NULL,
	package_reference TEXT    NOT NULL,
	package_size      INTEGER NOT NULL,
	package_sha256    BLOB    NOT NULL CHECK (length(package_sha256) = 32),
	jsapis            TEXT    CHECK (json_valid(jsapis)),
	notes             TEXT    CHECK (json_valid(notes)),
	uploader          TEXT    CHECK (uploader <> ''),
	uploaded_at       INTEGER
) STRICT;
CREATE INDEX {version_by_mini_program} ON {version} (mini_program_id, id);
CREATE INDEX {version_by_upload} ON {version} (workspace_id, uploaded_at, id);

-- The definitions of QR codes. params is JSON.
CREATE TABLE {qr_code} (
	id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	mini_program_id BLOB    NOT NULL REFERENCES {mini_program} (id),
	workspace_id    BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id       BLOB    NOT NULL REFERENCES {workspace} (id),
	name            TEXT    NOT NULL,
	page            TEXT    NOT NULL,
	params          TEXT    CHECK (json_valid(params)),
	creator         TEXT    CHECK (creator <> ''),
	created_at      INTEGER
) STRICT;
CREATE INDEX {qr_code_by_mini_program} ON {qr_code} (mini_program_id, id);

-- Texts that are compared or ordered are VARBINARY: every character collation
-- ignores something, be it a blank at the end. Times are BIGINT, since what a
-- driver makes of a DATETIME depends on the connection. An index stands on every
-- foreign key, as InnoDB wants it.

CREATE TABLE {workspace} (
	id             BINARY(16)    NOT NULL PRIMARY KEY,
	tenant_id      BINARY(16)    NOT NULL COMMENT 'a tenant is its own',
	kind           VARCHAR(16)   NOT NULL,
	name           VARCHAR(255)  NOT NULL,
	status         VARCHAR(32)   NOT NULL,
	company        VARCHAR(1024) NOT NULL,
	address        VARCHAR(1024) NOT NULL,
	scope          VARCHAR(1024) NOT NULL,
	representative VARCHAR(1024) NOT NULL,
	email          VARCHAR(320)  NOT NULL,
	created_at     BIGINT,
	updated_at     BIGINT,
	KEY {.workspace_by_tenant} (tenant_id, id),
	KEY {.workspace_tenants} (kind, id),
	CONSTRAINT {.workspace_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.workspace_kind} CHECK (kind IN ('tenant', 'developer')),
	CONSTRAINT {.workspace_status} CHECK (status IN ('pending_verification', 'verified', 'rejected', 'disabled', 'removed')),
	CONSTRAINT {.workspace_tenant} CHECK ((kind = 'tenant') = (tenant_id = id))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The tenants of the platform, and the developer workspaces under them';

CREATE TABLE {head} (
	workspace_id BINARY(16) NOT NULL PRIMARY KEY,
	seq          BIGINT     NOT NULL,
	hash         BINARY(32) NOT NULL,
	at           BIGINT,
	units        BIGINT     NOT NULL DEFAULT 0 COMMENT 'Counts the units that locked the row and appended no event: a cluster finds conflicts by rows that change',
	CONSTRAINT {.head_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.head_seq} CHECK (seq >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The end of the audit trail of each workspace: the row that a unit of work locks';

CREATE TABLE {event} (
	workspace_id BINARY(16)       NOT NULL,
	seq          BIGINT           NOT NULL,
	at           BIGINT,
	verb         VARCHAR(255)     NOT NULL,
	object_kind  TINYINT UNSIGNED NOT NULL COMMENT '1 workspace, 2 mini program, 3 member, 4 version, 5 QR code',
	object_id    BINARY(16)       NOT NULL,
	by_system    BOOLEAN          NOT NULL,
	actor        VARCHAR(255)     NOT NULL,
	data         LONGBLOB                  COMMENT 'JSON, as it was hashed',
	personal     LONGBLOB                  COMMENT 'JSON, as it was hashed; NULL once it is erased',
	salt         VARBINARY(255),
	commitment   BINARY(32)       NOT NULL,
	hash         BINARY(32)       NOT NULL,
	PRIMARY KEY (workspace_id, seq),
	CONSTRAINT {.event_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.event_seq} CHECK (seq > 0),
	CONSTRAINT {.event_by_system} CHECK (by_system IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The audit trail, one chain of hashes for each workspace';

-- The generated columns are stored, not virtual: of a virtual one InnoDB has to
-- work out the values again whenever it cleans an index up.
CREATE TABLE {member} (
	id              BINARY(16)      NOT NULL PRIMARY KEY,
	workspace_id    BINARY(16)      NOT NULL,
	tenant_id       BINARY(16)      NOT NULL,
	state           VARCHAR(16)     NOT NULL,
	role            VARCHAR(64)     NOT NULL,
	name            VARCHAR(255)    NOT NULL,
	name_key        VARBINARY(4096) NOT NULL COMMENT 'the name as it is compared',
	email           VARBINARY(320),
	account         VARBINARY(255),
	first_admin     BOOLEAN         NOT NULL,
	sent_at         BIGINT,
	expires_at      BIGINT,
	generation      INT             NOT NULL,
	sender          VARBINARY(255),
	created_at      BIGINT,
	updated_at      BIGINT,
	joined_at       BIGINT,
	open_email      VARBINARY(320) GENERATED ALWAYS AS (CASE WHEN state IN ('invited', 'active', 'inactive') THEN email END) STORED
		COMMENT 'set while the e-mail is taken in the workspace',
	present_account VARBINARY(255) GENERATED ALWAYS AS (CASE WHEN state IN ('active', 'inactive') THEN account END) STORED
		COMMENT 'set while the account is taken in the workspace',
	UNIQUE KEY {.member_open_email} (workspace_id, open_email),
	UNIQUE KEY {.member_present_account} (workspace_id, present_account),
	KEY {.member_by_workspace} (workspace_id, id),
	KEY {.member_by_tenant} (tenant_id, id),
	KEY {.member_by_account} (account, id),
	KEY {.member_by_email} (email, id),
	KEY {.member_invited} (state, id),
	KEY {.member_admins} (workspace_id, state, role, id),
	CONSTRAINT {.member_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.member_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.member_state} CHECK (state IN ('invited', 'active', 'inactive', 'withdrawn', 'deleted')),
	CONSTRAINT {.member_email} CHECK (email <> ''),
	CONSTRAINT {.member_account} CHECK (account <> ''),
	CONSTRAINT {.member_first_admin} CHECK (first_admin IN (0, 1)),
	CONSTRAINT {.member_sender} CHECK (sender <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The people of a workspace, from invitation to removal';

CREATE TABLE {token} (
	hash       BINARY(32) NOT NULL PRIMARY KEY,
	member_id  BINARY(16) NOT NULL,
	generation INT        NOT NULL COMMENT 'only those of the generation of the member work',
	KEY {.token_by_member} (member_id),
	CONSTRAINT {.token_of_member} FOREIGN KEY (member_id) REFERENCES {member} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The tokens of invitations: their hashes, never themselves';

CREATE TABLE {mini_program} (
	id             BINARY(16)      NOT NULL PRIMARY KEY,
	workspace_id   BINARY(16)      NOT NULL,
	tenant_id      BINARY(16)      NOT NULL,
	type           VARCHAR(16)     NOT NULL,
	language       VARBINARY(64)   NOT NULL COMMENT 'a BCP 47 tag',
	name           VARCHAR(1024)   NOT NULL,
	name_key       VARBINARY(2048) NOT NULL COMMENT 'the name as it is compared',
	status         VARCHAR(32)     NOT NULL,
	creator        VARBINARY(255),
	latest_version VARCHAR(255)    NOT NULL,
	uploaded_at    BIGINT,
	created_at     BIGINT,
	updated_at     BIGINT,
	open_name      VARBINARY(2048) GENERATED ALWAYS AS (CASE WHEN status <> 'archived' THEN name_key END) STORED
		COMMENT 'set while the name is taken in the tenant and language',
	UNIQUE KEY {.mini_program_open_name} (tenant_id, language, open_name),
	KEY {.mini_program_by_workspace} (workspace_id, id),
	KEY {.mini_program_by_status} (workspace_id, status, id),
	KEY {.mini_program_by_tenant} (tenant_id, id),
	KEY {.mini_program_by_creator} (creator, id),
	CONSTRAINT {.mini_program_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.mini_program_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.mini_program_type} CHECK (type IN ('dsl', 'h5')),
	CONSTRAINT {.mini_program_status} CHECK (status IN ('in_development', 'published', 'offline', 'archived')),
	CONSTRAINT {.mini_program_creator} CHECK (creator <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The mini programs';

CREATE TABLE {term} (
	tenant_id       BINARY(16)     NOT NULL,
	suffix          VARBINARY(512) NOT NULL COMMENT 'begins where a word does, and ends where the name ends',
	mini_program_id BINARY(16)     NOT NULL,
	PRIMARY KEY (tenant_id, suffix, mini_program_id),
	KEY {.term_by_mini_program} (mini_program_id, suffix),
	CONSTRAINT {.term_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.term_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The terms under which mini programs are found by name';

CREATE TABLE {held} (
	member_id       BINARY(16)  NOT NULL,
	mini_program_id BINARY(16)  NOT NULL,
	owner_id        BINARY(16)  NOT NULL COMMENT 'the workspace that owns the mini program',
	team_role       VARCHAR(64),
	PRIMARY KEY (member_id, mini_program_id),
	KEY {.held_by_mini_program} (mini_program_id, member_id),
	KEY {.held_by_owner} (owner_id),
	CONSTRAINT {.held_by_member} FOREIGN KEY (member_id) REFERENCES {member} (id),
	CONSTRAINT {.held_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.held_of_owner} FOREIGN KEY (owner_id) REFERENCES {workspace} (id),
	CONSTRAINT {.held_team_role} CHECK (team_role IN ('mini_program_admin', 'mini_program_developer'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The mini programs that are assigned to a member, or of whose team he is';

CREATE TABLE {version} (
	id                BINARY(16)    NOT NULL PRIMARY KEY,
	mini_program_id   BINARY(16)    NOT NULL,
	workspace_id      BINARY(16)    NOT NULL,
	tenant_id         BINARY(16)    NOT NULL,
	number            VARCHAR(255)  NOT NULL,
	status            VARCHAR(32)   NOT NULL,
	package_reference VARCHAR(1024) NOT NULL,
	package_size      BIGINT        NOT NULL,
	package_sha256    BINARY(32)    NOT NULL,
	jsapis            LONGTEXT               COMMENT 'JSON',
	notes             LONGTEXT               COMMENT 'JSON',
	uploader          VARBINARY(255),
	uploaded_at       BIGINT,
	KEY {.version_by_mini_program} (mini_program_id, id),
	KEY {.version_by_upload} (workspace_id, uploaded_at, id),
	KEY {.version_by_tenant} (tenant_id),
	CONSTRAINT {.version_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.version_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.version_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.version_jsapis} CHECK (JSON_VALID(jsapis)),
	CONSTRAINT {.version_notes} CHECK (JSON_VALID(notes)),
	CONSTRAINT {.version_uploader} CHECK (uploader <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The uploaded versions of mini programs';

CREATE TABLE {qr_code} (
	id              BINARY(16)    NOT NULL PRIMARY KEY,
	mini_program_id BINARY(16)    NOT NULL,
	workspace_id    BINARY(16)    NOT NULL,
	tenant_id       BINARY(16)    NOT NULL,
	name            VARCHAR(255)  NOT NULL,
	page            VARCHAR(1024) NOT NULL,
	params          LONGTEXT               COMMENT 'JSON',
	creator         VARBINARY(255),
	created_at      BIGINT,
	KEY {.qr_code_by_mini_program} (mini_program_id, id),
	KEY {.qr_code_by_workspace} (workspace_id),
	KEY {.qr_code_by_tenant} (tenant_id),
	CONSTRAINT {.qr_code_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.qr_code_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.qr_code_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.qr_code_params} CHECK (JSON_VALID(params)),
	CONSTRAINT {.qr_code_creator} CHECK (creator <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The definitions of QR codes';

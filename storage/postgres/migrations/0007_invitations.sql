CREATE TABLE {link} (
	id           uuid             PRIMARY KEY,
	workspace_id uuid             NOT NULL REFERENCES {workspace} (id),
	tenant_id    uuid             NOT NULL REFERENCES {workspace} (id),
	role         text COLLATE "C" NOT NULL,
	programs     json,
	domains      json,
	max_uses     bigint           NOT NULL CHECK (max_uses > 0),
	uses         bigint           NOT NULL CHECK (uses >= 0 AND uses <= max_uses),
	validity     bigint           NOT NULL,
	expires_at   timestamptz,
	generation   bigint           NOT NULL,
	maker        text COLLATE "C" CHECK (maker <> ''),
	created_at   timestamptz,
	updated_at   timestamptz,
	revoked_at   timestamptz
);
CREATE INDEX {.link_by_workspace} ON {link} (workspace_id, id);
COMMENT ON TABLE {link} IS 'Invitations that are not to one person: whoever has the token may come.';
COMMENT ON COLUMN {link}.programs IS 'The mini programs it assigns';
COMMENT ON COLUMN {link}.domains IS 'The e-mail domains it is for, NULL for any';
COMMENT ON COLUMN {link}.validity IS 'In nanoseconds, from its making or last renewal to expires_at';
COMMENT ON COLUMN {link}.maker IS 'Who made or renewed it last';

CREATE TABLE {link_token} (
	hash       bytea  PRIMARY KEY CHECK (octet_length(hash) = 32),
	link_id    uuid   NOT NULL REFERENCES {link} (id),
	generation bigint NOT NULL
);
COMMENT ON TABLE {link_token} IS 'The tokens of links: their hashes, never themselves.';

CREATE TABLE {bulk} (
	workspace_id uuid             NOT NULL REFERENCES {workspace} (id),
	run_key      text COLLATE "C" NOT NULL,
	digest       bytea            NOT NULL CHECK (octet_length(digest) = 32),
	started_at   timestamptz,
	PRIMARY KEY (workspace_id, run_key)
);
COMMENT ON TABLE {bulk} IS 'The runs of bulk invitations.';
COMMENT ON COLUMN {bulk}.digest IS 'Tells its rows from others';

CREATE TABLE {bulk_row} (
	workspace_id uuid             NOT NULL,
	run_key      text COLLATE "C" NOT NULL,
	line         bigint           NOT NULL CHECK (line > 0),
	member_id    uuid             NOT NULL REFERENCES {member} (id),
	PRIMARY KEY (workspace_id, run_key, line),
	FOREIGN KEY (workspace_id, run_key) REFERENCES {bulk} (workspace_id, run_key)
);
COMMENT ON TABLE {bulk_row} IS 'The rows of bulk invitations that were sent.';

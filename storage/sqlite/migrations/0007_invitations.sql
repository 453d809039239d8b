-- Invitations that are not to one person: whoever has the token may come. programs
-- are the mini programs it assigns, domains the e-mail domains it is for, both JSON.
-- validity is in nanoseconds, from its making or last renewal to expires_at; maker
-- made or renewed it last.
CREATE TABLE {link} (
	id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	workspace_id BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id    BLOB    NOT NULL REFERENCES {workspace} (id),
	role         TEXT    NOT NULL,
	programs     TEXT    CHECK (json_valid(programs)),
	domains      TEXT    CHECK (json_valid(domains)),
	max_uses     INTEGER NOT NULL CHECK (max_uses > 0),
	uses         INTEGER NOT NULL CHECK (uses >= 0 AND uses <= max_uses),
	validity     INTEGER NOT NULL,
	expires_at   INTEGER,
	generation   INTEGER NOT NULL,
	maker        TEXT    CHECK (maker <> ''),
	created_at   INTEGER,
	updated_at   INTEGER,
	revoked_at   INTEGER
) STRICT;
CREATE INDEX {.link_by_workspace} ON {link} (workspace_id, id);

-- The tokens of links: their hashes, never themselves. Only those of the link's
-- generation work.
CREATE TABLE {link_token} (
	hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
	link_id    BLOB    NOT NULL REFERENCES {link} (id),
	generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The runs of bulk invitations. digest tells the rows of one from others.
CREATE TABLE {bulk} (
	workspace_id BLOB    NOT NULL REFERENCES {workspace} (id),
	run_key      TEXT    NOT NULL,
	digest       BLOB    NOT NULL CHECK (length(digest) = 32),
	started_at   INTEGER,
	PRIMARY KEY (workspace_id, run_key)
) STRICT, WITHOUT ROWID;

-- The rows of bulk invitations that were sent.
CREATE TABLE {bulk_row} (
	workspace_id BLOB    NOT NULL,
	run_key      TEXT    NOT NULL,
	line         INTEGER NOT NULL CHECK (line > 0),
	member_id    BLOB    NOT NULL REFERENCES {member} (id),
	PRIMARY KEY (workspace_id, run_key, line),
	FOREIGN KEY (workspace_id, run_key) REFERENCES {bulk} (workspace_id, run_key)
) STRICT, WITHOUT ROWID;

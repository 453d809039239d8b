-- What people were denied: one row for the attempts of a day at the same, which are
-- no part of the trail. actor and on_behalf_of are personal data.
CREATE TABLE {denial} (
	workspace_id BLOB    NOT NULL REFERENCES {workspace} (id),
	seq          INTEGER NOT NULL CHECK (seq > 0),
	by_system    INTEGER NOT NULL CHECK (by_system IN (0, 1)),
	actor        TEXT    NOT NULL,
	permission   TEXT    NOT NULL CHECK (permission <> ''),
	object_kind  INTEGER NOT NULL,
	object_id    BLOB    NOT NULL,
	attempts     INTEGER NOT NULL CHECK (attempts > 0),
	first_at     INTEGER NOT NULL,
	last_at      INTEGER NOT NULL,
	on_behalf_of TEXT    NOT NULL,
	request      TEXT    NOT NULL,
	reason       TEXT    NOT NULL,
	PRIMARY KEY (workspace_id, seq)
) STRICT;
CREATE INDEX {.denial_by_actor} ON {denial} (workspace_id, actor, seq);
CREATE INDEX {.denial_by_object} ON {denial} (workspace_id, object_id, seq);
CREATE INDEX {.denial_by_time} ON {denial} (workspace_id, first_at);

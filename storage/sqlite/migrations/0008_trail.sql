-- Personal data of an event can be erased by a later one: erasure is the last such,
-- 0 for none.
ALTER TABLE {event} ADD COLUMN erasure INTEGER NOT NULL DEFAULT 0 CHECK (erasure >= 0);
CREATE INDEX {.event_by_actor} ON {event} (workspace_id, actor, seq);
CREATE INDEX {.event_by_verb} ON {event} (workspace_id, verb, seq);

-- Whether there may be events that a handler has not had.
ALTER TABLE {head} ADD COLUMN fresh INTEGER NOT NULL DEFAULT 1;
CREATE INDEX {.head_fresh} ON {head} (fresh, workspace_id);

-- To whom events are delivered.
CREATE TABLE {delivery_handler} (
	name       TEXT PRIMARY KEY NOT NULL CHECK (name <> ''),
	created_at INTEGER
) STRICT, WITHOUT ROWID;

-- How far the events of a workspace were delivered to a handler. Without a row: not
-- yet. attempts is how often the event behind seq has failed, lease whoever delivers
-- now, until leased_until.
CREATE TABLE {delivery} (
	handler      TEXT    NOT NULL REFERENCES {delivery_handler} (name),
	workspace_id BLOB    NOT NULL,
	seq          INTEGER NOT NULL CHECK (seq >= 0),
	attempts     INTEGER NOT NULL CHECK (attempts >= 0),
	due_at       INTEGER,
	lease        BLOB,
	leased_until INTEGER,
	PRIMARY KEY (handler, workspace_id)
) STRICT, WITHOUT ROWID;

-- The events that a handler could not be given. again says whether one is to be
-- tried once more.
CREATE TABLE {dead_letter} (
	handler      TEXT    NOT NULL REFERENCES {delivery_handler} (name),
	workspace_id BLOB    NOT NULL,
	seq          INTEGER NOT NULL CHECK (seq > 0),
	attempts     INTEGER NOT NULL,
	error        TEXT    NOT NULL,
	failed_at    INTEGER,
	again        INTEGER NOT NULL,
	PRIMARY KEY (handler, workspace_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX {.dead_letter_again} ON {dead_letter} (again, handler, workspace_id, seq);

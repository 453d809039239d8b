-- Which migrations were applied: finished_at is NULL while one is under way. The
-- key keeps two processes from applying one twice. Times everywhere are
-- microseconds since 1970, UTC.
CREATE TABLE IF NOT EXISTS {superapp_migration} (
	version     INTEGER PRIMARY KEY,
	name        TEXT    NOT NULL,
	started_at  INTEGER NOT NULL,
	finished_at INTEGER
) STRICT;

-- Which migrations were applied. The key keeps two processes from applying one
-- twice. Times everywhere are microseconds since 1970, UTC.
CREATE TABLE IF NOT EXISTS {migration} (
	version    INTEGER PRIMARY KEY,
	name       TEXT    NOT NULL,
	applied_at INTEGER NOT NULL
) STRICT;

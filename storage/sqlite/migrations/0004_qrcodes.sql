-- Those that are there stay as they were: direct, and not the default. default_of
-- is the mini program of a default code, which makes it the only one. short is the
-- opaque id in the link of a short code, NULL for a direct one. revision counts the
-- targets it has had. deleted says whether deleted_at is set, for the index.
ALTER TABLE {qr_code} ADD COLUMN default_of BLOB CHECK (default_of = mini_program_id);
ALTER TABLE {qr_code} ADD COLUMN short TEXT CHECK (short <> '');
ALTER TABLE {qr_code} ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 0);
ALTER TABLE {qr_code} ADD COLUMN updated_at INTEGER;
ALTER TABLE {qr_code} ADD COLUMN expires_at INTEGER;
ALTER TABLE {qr_code} ADD COLUMN revoked_at INTEGER;
ALTER TABLE {qr_code} ADD COLUMN deleted_at INTEGER;
ALTER TABLE {qr_code} ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted = (deleted_at IS NOT NULL));
UPDATE {qr_code} SET updated_at = created_at;
-- Every mini program has a default code. Its id is random but for the version: pieces
-- of two bytes come together in a database of UTF-16, too.
INSERT INTO {qr_code} (id, mini_program_id, workspace_id, tenant_id, default_of, name, page, creator, created_at, updated_at)
	SELECT CAST(randomblob(6) || x'4000' || x'8000' || randomblob(6) AS BLOB), id, workspace_id, tenant_id, id, 'Test', '', creator, created_at, created_at
	FROM {mini_program} WHERE status <> 'archived';
DROP INDEX {.qr_code_by_mini_program};
CREATE INDEX {.qr_code_by_mini_program} ON {qr_code} (mini_program_id, deleted, id);
CREATE UNIQUE INDEX {.qr_code_default_of} ON {qr_code} (default_of) WHERE default_of IS NOT NULL;
CREATE UNIQUE INDEX {.qr_code_short} ON {qr_code} (short) WHERE short IS NOT NULL;

-- The targets that short codes have had, the last one included. creator set it.
-- params is JSON.
CREATE TABLE {qr_target} (
	code_id  BLOB    NOT NULL REFERENCES {qr_code} (id),
	revision INTEGER NOT NULL CHECK (revision > 0),
	page     TEXT    NOT NULL,
	params   TEXT    CHECK (json_valid(params)),
	creator  TEXT    CHECK (creator <> ''),
	at       INTEGER,
	PRIMARY KEY (code_id, revision)
) STRICT, WITHOUT ROWID;

-- How often short codes were scanned. slot spreads the count of a code over rows,
-- for engines on which those who count wait for each other.
CREATE TABLE {qr_scan} (
	code_id BLOB    NOT NULL,
	slot    INTEGER NOT NULL CHECK (slot >= 0),
	scans   INTEGER NOT NULL,
	PRIMARY KEY (code_id, slot)
) STRICT, WITHOUT ROWID;

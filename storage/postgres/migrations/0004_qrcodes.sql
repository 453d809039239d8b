-- Those that are there stay as they were: direct, and not the default.
ALTER TABLE {qr_code}
	ADD COLUMN default_of uuid             CHECK (default_of = mini_program_id),
	ADD COLUMN short      text COLLATE "C" CHECK (short <> ''),
	ADD COLUMN revision   bigint           NOT NULL DEFAULT 1 CHECK (revision >= 0),
	ADD COLUMN updated_at timestamptz,
	ADD COLUMN expires_at timestamptz,
	ADD COLUMN revoked_at timestamptz,
	ADD COLUMN deleted_at timestamptz,
	ADD COLUMN deleted    boolean          NOT NULL DEFAULT FALSE CHECK (deleted = (deleted_at IS NOT NULL));
UPDATE {qr_code} SET updated_at = created_at;
-- Every mini program has a default code.
INSERT INTO {qr_code} (id, mini_program_id, workspace_id, tenant_id, default_of, name, page, creator, created_at, updated_at)
	SELECT gen_random_uuid(), id, workspace_id, tenant_id, id, 'Test', '', creator, created_at, created_at FROM {mini_program} WHERE status <> 'archived';
DROP INDEX {qr_code_by_mini_program};
CREATE INDEX {.qr_code_by_mini_program} ON {qr_code} (mini_program_id, id) WHERE NOT deleted;
CREATE INDEX {.qr_code_deleted} ON {qr_code} (mini_program_id, id) WHERE deleted;
CREATE UNIQUE INDEX {.qr_code_default_of} ON {qr_code} (default_of) WHERE default_of IS NOT NULL;
CREATE UNIQUE INDEX {.qr_code_short} ON {qr_code} (short) WHERE short IS NOT NULL;
COMMENT ON COLUMN {qr_code}.default_of IS 'The mini program, if this is its default code: it has one at most';
COMMENT ON COLUMN {qr_code}.short IS 'The opaque id in the link of a short code, NULL for a direct one';
COMMENT ON COLUMN {qr_code}.revision IS 'How many targets it has had';
COMMENT ON COLUMN {qr_code}.deleted IS 'Whether deleted_at is set, for the indexes';

CREATE TABLE {qr_target} (
	code_id  uuid             NOT NULL REFERENCES {qr_code} (id),
	revision bigint           NOT NULL CHECK (revision > 0),
	page     text             NOT NULL,
	params   json,
	creator  text COLLATE "C" CHECK (creator <> ''),
	at       timestamptz,
	PRIMARY KEY (code_id, revision)
);
COMMENT ON TABLE {qr_target} IS 'The targets that short codes have had, the last one included.';
COMMENT ON COLUMN {qr_target}.creator IS 'Who set it';

-- The rows change with the scans: the room in their pages keeps the index out of
-- that. No foreign key, which would lock the code as well.
CREATE TABLE {qr_scan} (
	code_id uuid     NOT NULL,
	slot    smallint NOT NULL CHECK (slot >= 0),
	scans   bigint   NOT NULL,
	PRIMARY KEY (code_id, slot)
) WITH (fillfactor = 50);
COMMENT ON TABLE {qr_scan} IS 'How often short codes were scanned.';
COMMENT ON COLUMN {qr_scan}.slot IS 'Spreads the count of a code over rows, so that those who count wait less for each other';

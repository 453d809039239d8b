-- Those that are there stay as they were: direct, and not the default.
ALTER TABLE {qr_code}
	ADD COLUMN default_of BINARY(16)                   COMMENT 'the mini program, if this is its default code: it has one at most',
	ADD COLUMN short      VARBINARY(255)               COMMENT 'the opaque id in the link of a short code, NULL for a direct one',
	ADD COLUMN revision   BIGINT  NOT NULL DEFAULT 1   COMMENT 'how many targets it has had',
	ADD COLUMN updated_at BIGINT,
	ADD COLUMN expires_at BIGINT,
	ADD COLUMN revoked_at BIGINT,
	ADD COLUMN deleted_at BIGINT,
	ADD COLUMN deleted    BOOLEAN NOT NULL DEFAULT 0   COMMENT 'whether deleted_at is set, for the index',
	ADD UNIQUE KEY {.qr_code_default_of} (default_of),
	ADD UNIQUE KEY {.qr_code_short} (short),
	DROP KEY {.qr_code_by_mini_program},
	ADD KEY {.qr_code_by_mini_program} (mini_program_id, deleted, id),
	ADD CONSTRAINT {.qr_code_default} CHECK (default_of = mini_program_id),
	ADD CONSTRAINT {.qr_code_short_text} CHECK (short <> ''),
	ADD CONSTRAINT {.qr_code_revision} CHECK (revision >= 0),
	ADD CONSTRAINT {.qr_code_deleted} CHECK (deleted = (deleted_at IS NOT NULL));

UPDATE {qr_code} SET updated_at = created_at WHERE updated_at IS NULL;

-- Every mini program has a default code. Who runs it again finds that none is
-- missing. RANDOM_BYTES is not on every server.
INSERT INTO {qr_code} (id, mini_program_id, workspace_id, tenant_id, default_of, name, page, creator, created_at, updated_at)
	SELECT UNHEX(CONCAT(SUBSTR(p.h, 1, 12), '4', SUBSTR(p.h, 14, 3), '8', SUBSTR(p.h, 18, 15))), p.id, p.workspace_id, p.tenant_id, p.id, 'Test', '', p.creator, p.created_at, p.created_at
	FROM (SELECT m.*, SHA2(CONCAT(m.id, UUID(), RAND()), 256) AS h FROM {mini_program} AS m WHERE m.status <> 'archived') AS p
	WHERE NOT EXISTS (SELECT 1 FROM {qr_code} AS c WHERE c.default_of = p.id);

CREATE TABLE {qr_target} (
	code_id  BINARY(16)    NOT NULL,
	revision BIGINT        NOT NULL,
	page     VARCHAR(1024) NOT NULL,
	params   LONGTEXT               COMMENT 'JSON',
	creator  VARBINARY(255)         COMMENT 'who set it',
	at       BIGINT,
	PRIMARY KEY (code_id, revision),
	CONSTRAINT {.qr_target_of_code} FOREIGN KEY (code_id) REFERENCES {qr_code} (id),
	CONSTRAINT {.qr_target_revision} CHECK (revision > 0),
	CONSTRAINT {.qr_target_params} CHECK (JSON_VALID(params)),
	CONSTRAINT {.qr_target_creator} CHECK (creator <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The targets that short codes have had, the last one included';

-- No foreign key, which would lock the code as well, on a cluster for all nodes.
CREATE TABLE {qr_scan} (
	code_id BINARY(16) NOT NULL,
	slot    SMALLINT   NOT NULL COMMENT 'spreads the count of a code over rows, so that those who count wait less for each other',
	scans   BIGINT     NOT NULL,
	PRIMARY KEY (code_id, slot),
	CONSTRAINT {.qr_scan_slot} CHECK (slot >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'How often short codes were scanned';

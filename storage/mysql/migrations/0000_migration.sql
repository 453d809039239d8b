-- Which migrations were applied: finished_at is NULL while one is under way. Each
-- change of a table stands for good at once, so that the row is a lease as well:
-- holder is at it until lease_end, and has applied so many of its steps. Times
-- everywhere are microseconds since 1970, UTC.
CREATE TABLE IF NOT EXISTS {superapp_migration} (
	version     INT          NOT NULL PRIMARY KEY,
	name        VARCHAR(255) NOT NULL,
	started_at  BIGINT       NOT NULL,
	finished_at BIGINT,
	steps       INT          NOT NULL DEFAULT 0,
	holder      VARCHAR(64),
	lease_end   BIGINT       NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'Which migrations of the mini program platform were applied';

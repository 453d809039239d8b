CREATE TABLE IF NOT EXISTS {superapp_migration} (
	version     bigint      PRIMARY KEY,
	name        text        NOT NULL,
	started_at  timestamptz NOT NULL,
	finished_at timestamptz
);

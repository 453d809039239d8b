CREATE TABLE {denial} (
	workspace_id uuid             NOT NULL REFERENCES {workspace} (id),
	seq          bigint           NOT NULL CHECK (seq > 0),
	by_system    boolean          NOT NULL,
	actor        text COLLATE "C" NOT NULL,
	permission   text COLLATE "C" NOT NULL CHECK (permission <> ''),
	object_kind  smallint         NOT NULL,
	object_id    uuid             NOT NULL,
	attempts     bigint           NOT NULL CHECK (attempts > 0),
	first_at     timestamptz      NOT NULL,
	last_at      timestamptz      NOT NULL,
	on_behalf_of text             NOT NULL,
	request      text             NOT NULL,
	reason       text             NOT NULL,
	PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX {.denial_by_actor} ON {denial} (workspace_id, actor, seq);
CREATE INDEX {.denial_by_object} ON {denial} (workspace_id, object_id, seq);
CREATE INDEX {.denial_by_time} ON {denial} (workspace_id, first_at);
COMMENT ON TABLE {denial} IS 'What people were denied: one row for the attempts of a day at the same.';
COMMENT ON COLUMN {denial}.actor IS 'The account, or the name of the system actor: personal data';
COMMENT ON COLUMN {denial}.on_behalf_of IS 'The account that the last attempt was for: personal data';

-- Personal data of an event can be erased by a later one.
ALTER TABLE {event} ADD COLUMN erasure bigint NOT NULL DEFAULT 0 CHECK (erasure >= 0);
CREATE INDEX {.event_by_actor} ON {event} (workspace_id, actor, seq);
CREATE INDEX {.event_by_verb} ON {event} (workspace_id, verb, seq);
COMMENT ON COLUMN {event}.erasure IS 'The event that erased personal data of this one last, 0 for none';
COMMENT ON COLUMN {event}.personal IS 'JSON, as the very bytes that the commitment, or that of the erasure, is of';

-- An index of what changes seldom: the column stays as it is while events come
-- faster than they are delivered.
ALTER TABLE {head} ADD COLUMN fresh boolean NOT NULL DEFAULT TRUE;
CREATE INDEX {.head_fresh} ON {head} (workspace_id) WHERE fresh;
COMMENT ON COLUMN {head}.fresh IS 'Whether there may be events that a handler has not had';

CREATE TABLE {delivery_handler} (
	name       text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
	created_at timestamptz
);
COMMENT ON TABLE {delivery_handler} IS 'To whom events are delivered.';

-- The rows change with every delivery: the room in their pages keeps the index
-- out of that. No foreign key on the workspace, which would lock it as well.
CREATE TABLE {delivery} (
	handler      text COLLATE "C" NOT NULL REFERENCES {delivery_handler} (name),
	workspace_id uuid             NOT NULL,
	seq          bigint           NOT NULL CHECK (seq >= 0),
	attempts     bigint           NOT NULL CHECK (attempts >= 0),
	due_at       timestamptz,
	lease        uuid,
	leased_until timestamptz,
	PRIMARY KEY (handler, workspace_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE {delivery} IS 'How far the events of a workspace were delivered to a handler. Without a row: not yet.';
COMMENT ON COLUMN {delivery}.attempts IS 'How often the event behind seq has failed';
COMMENT ON COLUMN {delivery}.lease IS 'Whoever delivers now, until leased_until';

CREATE TABLE {dead_letter} (
	handler      text COLLATE "C" NOT NULL REFERENCES {delivery_handler} (name),
	workspace_id uuid             NOT NULL,
	seq          bigint           NOT NULL CHECK (seq > 0),
	attempts     bigint           NOT NULL,
	error        text             NOT NULL,
	failed_at    timestamptz,
	again        boolean          NOT NULL,
	PRIMARY KEY (handler, workspace_id, seq)
);
CREATE INDEX {.dead_letter_again} ON {dead_letter} (handler, workspace_id, seq) WHERE again;
COMMENT ON TABLE {dead_letter} IS 'The events that a handler could not be given.';
COMMENT ON COLUMN {dead_letter}.again IS 'Whether it is to be tried once more';

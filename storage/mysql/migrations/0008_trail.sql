-- Personal data of an event can be erased by a later one. Texts that are looked for
-- are compared byte by byte, the spaces at their ends too.
ALTER TABLE {event}
	MODIFY COLUMN verb VARBINARY(255) NOT NULL,
	MODIFY COLUMN actor VARBINARY(255) NOT NULL,
	ADD COLUMN erasure BIGINT NOT NULL DEFAULT 0 COMMENT 'the event that erased personal data of this one last, 0 for none',
	ADD KEY {.event_by_actor} (workspace_id, actor, seq),
	ADD KEY {.event_by_verb} (workspace_id, verb, seq),
	ADD CONSTRAINT {.event_erasure} CHECK (erasure >= 0);

ALTER TABLE {head}
	ADD COLUMN fresh BOOLEAN NOT NULL DEFAULT 1 COMMENT 'whether there may be events that a handler has not had',
	ADD KEY {.head_fresh} (fresh, workspace_id);

CREATE TABLE {delivery_handler} (
	name       VARBINARY(64) NOT NULL,
	created_at BIGINT,
	PRIMARY KEY (name),
	CONSTRAINT {.delivery_handler_name} CHECK (name <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'To whom events are delivered';

-- No foreign keys, which would lock the handler and the workspace as well, on a
-- cluster for all nodes.
CREATE TABLE {delivery} (
	handler      VARBINARY(64) NOT NULL,
	workspace_id BINARY(16)    NOT NULL,
	seq          BIGINT        NOT NULL,
	attempts     BIGINT        NOT NULL COMMENT 'how often the event behind seq has failed',
	due_at       BIGINT,
	lease        BINARY(16)             COMMENT 'whoever delivers now, until leased_until',
	leased_until BIGINT,
	PRIMARY KEY (handler, workspace_id),
	CONSTRAINT {.delivery_seq} CHECK (seq >= 0),
	CONSTRAINT {.delivery_attempts} CHECK (attempts >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'How far the events of a workspace were delivered to a handler. Without a row: not yet';

CREATE TABLE {dead_letter} (
	handler      VARBINARY(64) NOT NULL,
	workspace_id BINARY(16)    NOT NULL,
	seq          BIGINT        NOT NULL,
	attempts     BIGINT        NOT NULL,
	error        TEXT          NOT NULL,
	failed_at    BIGINT,
	again        BOOLEAN       NOT NULL COMMENT 'whether it is to be tried once more',
	PRIMARY KEY (handler, workspace_id, seq),
	KEY {.dead_letter_again} (again, handler, workspace_id, seq),
	CONSTRAINT {.dead_letter_seq} CHECK (seq > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The events that a handler could not be given';

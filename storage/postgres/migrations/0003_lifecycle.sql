CREATE TABLE {information} (
	mini_program_id uuid             NOT NULL REFERENCES {mini_program} (id),
	language        text COLLATE "C" NOT NULL,
	tenant_id       uuid             NOT NULL REFERENCES {workspace} (id),
	name            text             NOT NULL,
	name_key        text COLLATE "C" NOT NULL,
	open_name       text COLLATE "C",
	tagline         text             NOT NULL,
	description     text             NOT NULL,
	keywords        json,
	PRIMARY KEY (mini_program_id, language)
);
INSERT INTO {information} (mini_program_id, language, tenant_id, name, name_key, open_name, tagline, description)
	SELECT id, language, tenant_id, name, name_key, open_name, '', '' FROM {mini_program};
CREATE UNIQUE INDEX {.information_open_name} ON {information} (tenant_id, language, open_name) WHERE open_name IS NOT NULL;
COMMENT ON TABLE {information} IS 'What is said of a mini program in each language.';
COMMENT ON COLUMN {information}.name_key IS 'The name as it is compared with others';
COMMENT ON COLUMN {information}.open_name IS 'Set until the mini program is archived: until then its name is taken in the tenant and language';

ALTER TABLE {version}
	ADD COLUMN digest   bytea CHECK (octet_length(digest) = 32),
	ADD COLUMN progress json,
	ADD CHECK (status IN ('new', 'under_review', 'approved', 'rejected', 'pilot_testing', 'grayscale', 'released', 'canceled', 'superseded', 'offline', 'rolled_back'));
CREATE INDEX {.version_by_status} ON {version} (mini_program_id, status, id);
CREATE INDEX {.version_live} ON {version} (mini_program_id, id)
	WHERE status IN ('under_review', 'approved', 'pilot_testing', 'grayscale', 'released', 'offline');
COMMENT ON COLUMN {version}.digest IS 'The hash of everything that was reviewed, NULL until it is submitted';
COMMENT ON COLUMN {version}.progress IS 'What became of it since it was uploaded';

-- The unique index goes with the column. The versions are no foreign keys: with
-- them neither table could be loaded before the other.
ALTER TABLE {mini_program}
	DROP COLUMN open_name,
	ADD COLUMN candidate    uuid,
	ADD COLUMN percent      smallint NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 99),
	ADD COLUMN full_version uuid;
COMMENT ON COLUMN {mini_program}.candidate IS 'The version in pilot testing or in grayscale';
COMMENT ON COLUMN {mini_program}.percent IS 'How many users of a hundred get the candidate, 0 in pilot testing';
COMMENT ON COLUMN {mini_program}.full_version IS 'The version that everybody else gets';

CREATE TABLE {profile} (
	mini_program_id uuid    PRIMARY KEY REFERENCES {mini_program} (id),
	category        text    NOT NULL,
	regions         json,
	contacts        json,
	entrance        text    NOT NULL,
	logo_sha256     bytea   CHECK (octet_length(logo_sha256) = 32),
	logo_format     text    NOT NULL,
	logo_size       integer NOT NULL,
	logo_side       integer NOT NULL,
	client_id       text    NOT NULL,
	merchant_id     text    NOT NULL,
	servers         json,
	web_views       json,
	testers         json
);
COMMENT ON TABLE {profile} IS 'What is said of a mini program whatever the language, and how it is configured.';

CREATE TABLE {logo} (
	mini_program_id uuid  PRIMARY KEY REFERENCES {mini_program} (id),
	data            bytea NOT NULL
);
COMMENT ON TABLE {logo} IS 'The bytes of the logos.';

CREATE TABLE {request} (
	id              uuid             PRIMARY KEY,
	kind            text COLLATE "C" NOT NULL CHECK (kind IN ('version_release', 'removal', 'feature_activation', 'developer_workspace', 'workspace_change')),
	status          text COLLATE "C" NOT NULL CHECK (status IN ('in_review', 'approved', 'rejected', 'withdrawn', 'void')),
	workspace_id    uuid             NOT NULL REFERENCES {workspace} (id),
	tenant_id       uuid             NOT NULL REFERENCES {workspace} (id),
	mini_program_id uuid             REFERENCES {mini_program} (id),
	object_kind     smallint         NOT NULL,
	object_id       uuid             NOT NULL,
	topic           text COLLATE "C" NOT NULL,
	submitter       text COLLATE "C" CHECK (submitter <> ''),
	frozen          bytea,
	digest          bytea            NOT NULL CHECK (octet_length(digest) = 32),
	reason          text             NOT NULL,
	decider         text COLLATE "C" CHECK (decider <> ''),
	answer          text             NOT NULL,
	submitted_at    timestamptz,
	ended_at        timestamptz,
	open_key        text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN status = 'in_review' THEN topic END) STORED
);
CREATE UNIQUE INDEX {.request_open_key} ON {request} (workspace_id, open_key) WHERE open_key IS NOT NULL;
CREATE INDEX {.request_by_tenant} ON {request} (tenant_id, id);
CREATE INDEX {.request_by_tenant_status} ON {request} (tenant_id, status, id);
CREATE INDEX {.request_by_workspace} ON {request} (workspace_id, id);
CREATE INDEX {.request_by_workspace_status} ON {request} (workspace_id, status, id);
CREATE INDEX {.request_by_status} ON {request} (status, id);
CREATE INDEX {.request_by_mini_program} ON {request} (mini_program_id, id) WHERE mini_program_id IS NOT NULL;
CREATE INDEX {.request_standing} ON {request} (mini_program_id, id) WHERE status = 'in_review' OR status = 'approved' AND kind = 'removal';
CREATE INDEX {.request_by_submitter} ON {request} (submitter, id) WHERE submitter IS NOT NULL;
CREATE INDEX {.request_by_object} ON {request} (object_id, id);
COMMENT ON TABLE {request} IS 'What is submitted for approval.';
COMMENT ON COLUMN {request}.object_kind IS '1 workspace, 2 mini program, 3 member, 4 version, 5 QR code, 6 request, 7 feature, 8 JSAPI';
COMMENT ON COLUMN {request}.topic IS 'Of one topic only one request of a workspace is in review';
COMMENT ON COLUMN {request}.frozen IS 'JSON, as the very bytes that were submitted';
COMMENT ON COLUMN {request}.open_key IS 'The topic while the request is in review, which makes it unique where it has to be';

CREATE TABLE {jsapi} (
	id          uuid             PRIMARY KEY,
	tenant_id   uuid             NOT NULL REFERENCES {workspace} (id),
	name        text COLLATE "C" NOT NULL,
	description text             NOT NULL,
	platforms   json,
	created_at  timestamptz,
	updated_at  timestamptz
);
CREATE UNIQUE INDEX {.jsapi_name} ON {jsapi} (tenant_id, name);
CREATE INDEX {.jsapi_by_tenant} ON {jsapi} (tenant_id, id);
COMMENT ON TABLE {jsapi} IS 'The callables of the super app of a tenant.';

CREATE TABLE {feature} (
	id          uuid             PRIMARY KEY,
	tenant_id   uuid             NOT NULL REFERENCES {workspace} (id),
	name        text             NOT NULL,
	name_key    text COLLATE "C" NOT NULL,
	description text             NOT NULL,
	jsapis      json,
	access      text COLLATE "C" NOT NULL CHECK (access IN ('direct', 'activation')),
	shared      json,
	for_all     boolean          NOT NULL CHECK (for_all = (shared IS NULL)),
	retired     boolean          NOT NULL,
	created_at  timestamptz,
	updated_at  timestamptz
);
CREATE UNIQUE INDEX {.feature_name_key} ON {feature} (tenant_id, name_key);
CREATE INDEX {.feature_by_tenant} ON {feature} (tenant_id, id);
CREATE INDEX {.feature_for_all} ON {feature} (tenant_id, for_all, id);
COMMENT ON TABLE {feature} IS 'The features of the catalogue of a tenant: packages of JSAPIs.';
COMMENT ON COLUMN {feature}.name_key IS 'The name as it is compared with others';
COMMENT ON COLUMN {feature}.jsapis IS 'Their names';
COMMENT ON COLUMN {feature}.shared IS 'The ids of the workspaces that see it, NULL for all';

CREATE TABLE {feature_shared} (
	workspace_id uuid NOT NULL REFERENCES {workspace} (id),
	feature_id   uuid NOT NULL REFERENCES {feature} (id),
	PRIMARY KEY (workspace_id, feature_id)
);
CREATE INDEX {.feature_shared_by_feature} ON {feature_shared} (feature_id);
COMMENT ON TABLE {feature_shared} IS 'Finds the features that a workspace sees because they are shared with it.';

CREATE TABLE {attached} (
	mini_program_id uuid NOT NULL REFERENCES {mini_program} (id),
	feature_id      uuid NOT NULL REFERENCES {feature} (id),
	attached_at     timestamptz,
	PRIMARY KEY (mini_program_id, feature_id)
);
CREATE INDEX {.attached_by_feature} ON {attached} (feature_id);
COMMENT ON TABLE {attached} IS 'The features that mini programs have.';

CREATE TABLE {settings} (
	workspace_id   uuid    PRIMARY KEY REFERENCES {workspace} (id),
	validity       bigint  NOT NULL,
	max_batch      bigint  NOT NULL,
	recipient      text    NOT NULL,
	removal_period bigint  NOT NULL,
	own_decision   boolean NOT NULL
);
COMMENT ON TABLE {settings} IS 'What workspaces set for themselves: 0 and nothing are not set.';
COMMENT ON COLUMN {settings}.validity IS 'In nanoseconds';
COMMENT ON COLUMN {settings}.removal_period IS 'In nanoseconds';

CREATE INDEX {.event_by_object} ON {event} (workspace_id, object_id, seq);
COMMENT ON COLUMN {event}.object_kind IS '1 workspace, 2 mini program, 3 member, 4 version, 5 QR code, 6 request, 7 feature, 8 JSAPI';

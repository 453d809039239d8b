-- What is said of a mini program in each language. open_name is set until the
-- mini program is archived: until then its name is taken in the tenant and
-- language. keywords is JSON.
CREATE TABLE {information} (
	mini_program_id BLOB NOT NULL REFERENCES {mini_program} (id),
	language        TEXT NOT NULL,
	tenant_id       BLOB NOT NULL REFERENCES {workspace} (id),
	name            TEXT NOT NULL,
	name_key        TEXT NOT NULL,
	open_name       TEXT,
	tagline         TEXT NOT NULL,
	description     TEXT NOT NULL,
	keywords        TEXT CHECK (json_valid(keywords)),
	PRIMARY KEY (mini_program_id, language)
) STRICT, WITHOUT ROWID;
INSERT INTO {information} (mini_program_id, language, tenant_id, name, name_key, open_name, tagline, description)
	SELECT id, language, tenant_id, name, name_key, open_name, '', '' FROM {mini_program};
CREATE UNIQUE INDEX {.information_open_name} ON {information} (tenant_id, language, open_name) WHERE open_name IS NOT NULL;
DROP INDEX {.mini_program_open_name};
ALTER TABLE {mini_program} DROP COLUMN open_name;

-- The statuses of versions become a closed list: the check stands with the new
-- column, since SQLite adds none to a table, and to make the table anew would take
-- along what a host refers to it with. progress is JSON: what became of a version since
-- it was uploaded.
ALTER TABLE {version} ADD COLUMN digest BLOB CHECK (length(digest) = 32);
ALTER TABLE {version} ADD COLUMN progress TEXT CHECK (progress IS NULL OR json_valid(progress))
	CHECK (status IN ('new', 'under_review', 'approved', 'rejected', 'pilot_testing', 'grayscale', 'released', 'canceled', 'superseded', 'offline', 'rolled_back'));
CREATE INDEX {.version_by_status} ON {version} (mini_program_id, status, id);
CREATE INDEX {.version_live} ON {version} (mini_program_id, id)
	WHERE status IN ('under_review', 'approved', 'pilot_testing', 'grayscale', 'released', 'offline');

-- Which versions users get: candidate is in pilot testing, or in grayscale for so
-- many per cent of them, and full_version is for everybody else. No foreign keys:
-- with them neither table could be loaded before the other.
ALTER TABLE {mini_program} ADD COLUMN candidate BLOB CHECK (length(candidate) = 16);
ALTER TABLE {mini_program} ADD COLUMN percent INTEGER NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 99);
ALTER TABLE {mini_program} ADD COLUMN full_version BLOB CHECK (length(full_version) = 16);

-- What is said of a mini program whatever the language, and how it is configured.
-- Lists are JSON.
CREATE TABLE {profile} (
	mini_program_id BLOB    NOT NULL PRIMARY KEY REFERENCES {mini_program} (id),
	category        TEXT    NOT NULL,
	regions         TEXT    CHECK (json_valid(regions)),
	contacts        TEXT    CHECK (json_valid(contacts)),
	entrance        TEXT    NOT NULL,
	logo_sha256     BLOB    CHECK (length(logo_sha256) = 32),
	logo_format     TEXT    NOT NULL,
	logo_size       INTEGER NOT NULL,
	logo_side       INTEGER NOT NULL,
	client_id       TEXT    NOT NULL,
	merchant_id     TEXT    NOT NULL,
	servers         TEXT    CHECK (json_valid(servers)),
	web_views       TEXT    CHECK (json_valid(web_views)),
	testers         TEXT    CHECK (json_valid(testers))
) STRICT, WITHOUT ROWID;

-- The bytes of the logos.
CREATE TABLE {logo} (
	mini_program_id BLOB NOT NULL PRIMARY KEY REFERENCES {mini_program} (id),
	data            BLOB NOT NULL
) STRICT;

-- What is submitted for approval. frozen is JSON, as the very bytes that were
-- submitted. open_key is set while a request is in review, which makes it the only
-- one on its topic. object_kind: see below.
CREATE TABLE {request} (
	id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	kind            TEXT    NOT NULL CHECK (kind IN ('version_release', 'removal', 'feature_activation', 'developer_workspace', 'workspace_change')),
	status          TEXT    NOT NULL CHECK (status IN ('in_review', 'approved', 'rejected', 'withdrawn', 'void')),
	workspace_id    BLOB    NOT NULL REFERENCES {workspace} (id),
	tenant_id       BLOB    NOT NULL REFERENCES {workspace} (id),
	mini_program_id BLOB    REFERENCES {mini_program} (id),
	object_kind     INTEGER NOT NULL,
	object_id       BLOB    NOT NULL CHECK (length(object_id) = 16),
	topic           TEXT    NOT NULL,
	submitter       TEXT    CHECK (submitter <> ''),
	frozen          BLOB,
	digest          BLOB    NOT NULL CHECK (length(digest) = 32),
	reason          TEXT    NOT NULL,
	decider         TEXT    CHECK (decider <> ''),
	answer          TEXT    NOT NULL,
	submitted_at    INTEGER,
	ended_at        INTEGER,
	open_key        TEXT    GENERATED ALWAYS AS (CASE WHEN status = 'in_review' THEN topic END) VIRTUAL
) STRICT;
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

-- The callables of a tenant's super app. platforms is JSON.
CREATE TABLE {jsapi} (
	id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	tenant_id   BLOB NOT NULL REFERENCES {workspace} (id),
	name        TEXT NOT NULL,
	description TEXT NOT NULL,
	platforms   TEXT CHECK (json_valid(platforms)),
	created_at  INTEGER,
	updated_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX {.jsapi_name} ON {jsapi} (tenant_id, name);
CREATE INDEX {.jsapi_by_tenant} ON {jsapi} (tenant_id, id);

-- The features of a tenant's catalogue. jsapis and shared are JSON: the names of
-- the JSAPIs, and the workspaces that see the feature, NULL for all.
CREATE TABLE {feature} (
	id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	tenant_id   BLOB    NOT NULL REFERENCES {workspace} (id),
	name        TEXT    NOT NULL,
	name_key    TEXT    NOT NULL,
	description TEXT    NOT NULL,
	jsapis      TEXT    CHECK (json_valid(jsapis)),
	access      TEXT    NOT NULL CHECK (access IN ('direct', 'activation')),
	shared      TEXT    CHECK (json_valid(shared)),
	for_all     INTEGER NOT NULL CHECK (for_all = (shared IS NULL)),
	retired     INTEGER NOT NULL CHECK (retired IN (0, 1)),
	created_at  INTEGER,
	updated_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX {.feature_name_key} ON {feature} (tenant_id, name_key);
CREATE INDEX {.feature_by_tenant} ON {feature} (tenant_id, id);
CREATE INDEX {.feature_for_all} ON {feature} (tenant_id, for_all, id);

-- Finds the features that a workspace sees because they are shared with it.
CREATE TABLE {feature_shared} (
	workspace_id BLOB NOT NULL REFERENCES {workspace} (id),
	feature_id   BLOB NOT NULL REFERENCES {feature} (id),
	PRIMARY KEY (workspace_id, feature_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX {.feature_shared_by_feature} ON {feature_shared} (feature_id);

-- The features that mini programs have.
CREATE TABLE {attached} (
	mini_program_id BLOB NOT NULL REFERENCES {mini_program} (id),
	feature_id      BLOB NOT NULL REFERENCES {feature} (id),
	attached_at     INTEGER,
	PRIMARY KEY (mini_program_id, feature_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX {.attached_by_feature} ON {attached} (feature_id);

-- What workspaces set for themselves: 0 and '' are not set. Times are nanoseconds.
CREATE TABLE {settings} (
	workspace_id   BLOB    NOT NULL PRIMARY KEY REFERENCES {workspace} (id),
	validity       INTEGER NOT NULL,
	max_batch      INTEGER NOT NULL,
	recipient      TEXT    NOT NULL,
	removal_period INTEGER NOT NULL,
	own_decision   INTEGER NOT NULL CHECK (own_decision IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Finds the history of an object. Its kind is 1 workspace, 2 mini program, 3
-- member, 4 version, 5 QR code, 6 request, 7 feature, 8 JSAPI.
CREATE INDEX {.event_by_object} ON {event} (workspace_id, object_id, seq);

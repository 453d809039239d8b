CREATE TABLE {information} (
	mini_program_id BINARY(16)      NOT NULL,
	language        VARBINARY(64)   NOT NULL COMMENT 'a BCP 47 tag',
	tenant_id       BINARY(16)      NOT NULL,
	name            VARCHAR(1024)   NOT NULL,
	name_key        VARBINARY(2048) NOT NULL COMMENT 'the name as it is compared',
	open_name       VARBINARY(2048)          COMMENT 'set until the mini program is archived: until then its name is taken in the tenant and language',
	tagline         TEXT            NOT NULL,
	description     MEDIUMTEXT      NOT NULL,
	keywords        LONGTEXT                 COMMENT 'JSON',
	PRIMARY KEY (mini_program_id, language),
	UNIQUE KEY {.information_open_name} (tenant_id, language, open_name),
	CONSTRAINT {.information_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.information_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.information_keywords} CHECK (JSON_VALID(keywords))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'What is said of a mini program in each language';

-- Who runs it again finds that nothing is missing.
INSERT INTO {information} (mini_program_id, language, tenant_id, name, name_key, open_name, tagline, description)
	SELECT p.id, p.language, p.tenant_id, p.name, p.name_key, CASE WHEN p.status <> 'archived' THEN p.name_key END, '', '' FROM {mini_program} AS p
	WHERE NOT EXISTS (SELECT 1 FROM {information} AS i WHERE i.mini_program_id = p.id);

ALTER TABLE {version}
	ADD COLUMN digest   BINARY(32) COMMENT 'the hash of everything that was reviewed, NULL until it is submitted',
	ADD COLUMN progress LONGTEXT   COMMENT 'JSON: what became of it since it was uploaded',
	ADD KEY {.version_by_status} (mini_program_id, status, id),
	ADD CONSTRAINT {.version_status} CHECK (status IN ('new', 'under_review', 'approved', 'rejected', 'pilot_testing', 'grayscale', 'released', 'canceled', 'superseded', 'offline', 'rolled_back')),
	ADD CONSTRAINT {.version_progress} CHECK (JSON_VALID(progress));

-- The versions are no foreign keys: with them neither table could be loaded before
-- the other.
ALTER TABLE {mini_program}
	DROP KEY {.mini_program_open_name},
	DROP COLUMN open_name,
	ADD COLUMN candidate    BINARY(16)                 COMMENT 'the version in pilot testing or in grayscale',
	ADD COLUMN percent      TINYINT NOT NULL DEFAULT 0 COMMENT 'how many users of a hundred get the candidate, 0 in pilot testing',
	ADD COLUMN full_version BINARY(16)                 COMMENT 'the version that everybody else gets',
	ADD CONSTRAINT {.mini_program_percent} CHECK (percent BETWEEN 0 AND 99);

CREATE TABLE {profile} (
	mini_program_id BINARY(16)    NOT NULL PRIMARY KEY,
	category        VARCHAR(255)  NOT NULL,
	regions         LONGTEXT               COMMENT 'JSON',
	contacts        LONGTEXT               COMMENT 'JSON',
	entrance        TEXT          NOT NULL,
	logo_sha256     BINARY(32),
	logo_format     VARCHAR(16)   NOT NULL,
	logo_size       INT           NOT NULL,
	logo_side       INT           NOT NULL,
	client_id       VARCHAR(1024) NOT NULL,
	merchant_id     VARCHAR(1024) NOT NULL,
	servers         LONGTEXT               COMMENT 'JSON',
	web_views       LONGTEXT               COMMENT 'JSON',
	testers         LONGTEXT               COMMENT 'JSON',
	CONSTRAINT {.profile_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.profile_regions} CHECK (JSON_VALID(regions)),
	CONSTRAINT {.profile_contacts} CHECK (JSON_VALID(contacts)),
	CONSTRAINT {.profile_servers} CHECK (JSON_VALID(servers)),
	CONSTRAINT {.profile_web_views} CHECK (JSON_VALID(web_views)),
	CONSTRAINT {.profile_testers} CHECK (JSON_VALID(testers))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'What is said of a mini program whatever the language, and how it is configured';

CREATE TABLE {logo} (
	mini_program_id BINARY(16) NOT NULL PRIMARY KEY,
	data            MEDIUMBLOB NOT NULL,
	CONSTRAINT {.logo_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The bytes of the logos';

CREATE TABLE {request} (
	id              BINARY(16)       NOT NULL PRIMARY KEY,
	kind            VARCHAR(32)      NOT NULL,
	status          VARCHAR(32)      NOT NULL,
	workspace_id    BINARY(16)       NOT NULL,
	tenant_id       BINARY(16)       NOT NULL,
	mini_program_id BINARY(16),
	object_kind     TINYINT UNSIGNED NOT NULL COMMENT '1 workspace, 2 mini program, 3 member, 4 version, 5 QR code, 6 request, 7 feature, 8 JSAPI',
	object_id       BINARY(16)       NOT NULL,
	topic           VARBINARY(512)   NOT NULL COMMENT 'of one topic only one request of a workspace is in review',
	submitter       VARBINARY(255),
	frozen          LONGBLOB                  COMMENT 'JSON, as it was submitted',
	digest          BINARY(32)       NOT NULL,
	reason          TEXT             NOT NULL,
	decider         VARBINARY(255),
	answer          TEXT             NOT NULL,
	submitted_at    BIGINT,
	ended_at        BIGINT,
	open_key        VARBINARY(512) GENERATED ALWAYS AS (CASE WHEN status = 'in_review' THEN topic END) STORED
		COMMENT 'the topic while the request is in review',
	UNIQUE KEY {.request_open_key} (workspace_id, open_key),
	KEY {.request_by_tenant} (tenant_id, id),
	KEY {.request_by_tenant_status} (tenant_id, status, id),
	KEY {.request_by_workspace} (workspace_id, id),
	KEY {.request_by_workspace_status} (workspace_id, status, id),
	KEY {.request_by_status} (status, id),
	KEY {.request_by_mini_program} (mini_program_id, id),
	KEY {.request_standing} (mini_program_id, status, kind),
	KEY {.request_by_submitter} (submitter, id),
	KEY {.request_by_object} (object_id, id),
	CONSTRAINT {.request_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.request_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.request_of_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.request_kind} CHECK (kind IN ('version_release', 'removal', 'feature_activation', 'developer_workspace', 'workspace_change')),
	CONSTRAINT {.request_status} CHECK (status IN ('in_review', 'approved', 'rejected', 'withdrawn', 'void')),
	CONSTRAINT {.request_submitter} CHECK (submitter <> ''),
	CONSTRAINT {.request_decider} CHECK (decider <> '')
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'What is submitted for approval';

CREATE TABLE {jsapi} (
	id          BINARY(16)     NOT NULL PRIMARY KEY,
	tenant_id   BINARY(16)     NOT NULL,
	name        VARBINARY(512) NOT NULL,
	description TEXT           NOT NULL,
	platforms   LONGTEXT                COMMENT 'JSON',
	created_at  BIGINT,
	updated_at  BIGINT,
	UNIQUE KEY {.jsapi_name} (tenant_id, name),
	KEY {.jsapi_by_tenant} (tenant_id, id),
	CONSTRAINT {.jsapi_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.jsapi_platforms} CHECK (JSON_VALID(platforms))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The callables of the super app of a tenant';

CREATE TABLE {feature} (
	id          BINARY(16)      NOT NULL PRIMARY KEY,
	tenant_id   BINARY(16)      NOT NULL,
	name        VARCHAR(1024)   NOT NULL,
	name_key    VARBINARY(2048) NOT NULL COMMENT 'the name as it is compared',
	description TEXT            NOT NULL,
	jsapis      LONGTEXT                 COMMENT 'JSON: their names',
	access      VARCHAR(16)     NOT NULL,
	shared      LONGTEXT                 COMMENT 'JSON: the ids of the workspaces that see it, NULL for all',
	for_all     BOOLEAN         NOT NULL COMMENT 'whether all workspaces see it',
	retired     BOOLEAN         NOT NULL,
	created_at  BIGINT,
	updated_at  BIGINT,
	UNIQUE KEY {.feature_name_key} (tenant_id, name_key),
	KEY {.feature_by_tenant} (tenant_id, id),
	KEY {.feature_for_all} (tenant_id, for_all, id),
	CONSTRAINT {.feature_of_tenant} FOREIGN KEY (tenant_id) REFERENCES {workspace} (id),
	CONSTRAINT {.feature_jsapis} CHECK (JSON_VALID(jsapis)),
	CONSTRAINT {.feature_access} CHECK (access IN ('direct', 'activation')),
	CONSTRAINT {.feature_shared_json} CHECK (JSON_VALID(shared)),
	CONSTRAINT {.feature_all} CHECK (for_all = (shared IS NULL)),
	CONSTRAINT {.feature_retired} CHECK (retired IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The features of the catalogue of a tenant: packages of JSAPIs';

CREATE TABLE {feature_shared} (
	workspace_id BINARY(16) NOT NULL,
	feature_id   BINARY(16) NOT NULL,
	PRIMARY KEY (workspace_id, feature_id),
	KEY {.feature_shared_by_feature} (feature_id),
	CONSTRAINT {.feature_shared_with} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.feature_shared_of_feature} FOREIGN KEY (feature_id) REFERENCES {feature} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'Finds the features that a workspace sees because they are shared with it';

CREATE TABLE {attached} (
	mini_program_id BINARY(16) NOT NULL,
	feature_id      BINARY(16) NOT NULL,
	attached_at     BIGINT,
	PRIMARY KEY (mini_program_id, feature_id),
	KEY {.attached_by_feature} (feature_id),
	CONSTRAINT {.attached_to_mini_program} FOREIGN KEY (mini_program_id) REFERENCES {mini_program} (id),
	CONSTRAINT {.attached_of_feature} FOREIGN KEY (feature_id) REFERENCES {feature} (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'The features that mini programs have';

CREATE TABLE {settings} (
	workspace_id   BINARY(16)   NOT NULL PRIMARY KEY,
	validity       BIGINT       NOT NULL COMMENT 'in nanoseconds, 0 is not set',
	max_batch      BIGINT       NOT NULL COMMENT '0 is not set',
	recipient      VARCHAR(255) NOT NULL COMMENT 'empty is not set',
	removal_period BIGINT       NOT NULL COMMENT 'in nanoseconds, 0 is not set',
	own_decision   BOOLEAN      NOT NULL,
	CONSTRAINT {.settings_of_workspace} FOREIGN KEY (workspace_id) REFERENCES {workspace} (id),
	CONSTRAINT {.settings_own_decision} CHECK (own_decision IN (0, 1))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
	COMMENT = 'What workspaces set for themselves';

-- Finds the history of an object.
ALTER TABLE {event}
	MODIFY COLUMN object_kind TINYINT UNSIGNED NOT NULL COMMENT '1 workspace, 2 mini program, 3 member, 4 version, 5 QR code, 6 request, 7 feature, 8 JSAPI',
	ADD KEY {.event_by_object} (workspace_id, object_id, seq);

-- Finds the open invitation of a workspace's first admin.
CREATE INDEX {.member_first} ON {member} (workspace_id, id) WHERE first_admin AND state = 'invited';

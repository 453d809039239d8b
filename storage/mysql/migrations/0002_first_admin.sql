-- Finds the open invitation of a workspace's first admin.
CREATE INDEX {.member_first} ON {member} (workspace_id, state, first_admin);

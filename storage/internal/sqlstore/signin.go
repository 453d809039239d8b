package sqlstore

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/signin"
)

// Passwords implements signin.Reader.
func (r *reader) Passwords(ctx context.Context, q signin.Query) (k signin.Kept, err error) {
	var reads []Read
	// Why a record of nobody is looked for: a name that nobody has takes as long.
	if c := &k.Credential; q.Record || !q.Member.IsZero() {
		reads = append(reads, Read{
			SQL:  `SELECT c.member_id, c.hash, c.must_change, c.set_at, c.expires_at FROM {credential} AS c WHERE c.member_id = ?`,
			Args: []any{q.Member.UUID},
			Scan: one(nil, (*uuidColumn)(&c.Member.UUID), &c.Hash, &c.MustChange, (*timeColumn)(&c.SetAt), (*timeColumn)(&c.ExpiresAt)),
		})
	}
	if q.Record {
		reads = append(reads, readMember(q.Member, &k.Member))
	}
	if q.Key != ([32]byte{}) {
		a := &k.Attempts
		a.Workspace, a.Key = q.Workspace, q.Key
		reads = append(reads, Read{
			SQL:  `SELECT a.failures, a.ends_at FROM {attempt} AS a WHERE a.workspace_id = ? AND a.login = ?`,
			Args: []any{q.Workspace.UUID, q.Key[:]},
			Scan: one(nil, &a.Failures, (*timeColumn)(&a.Until)),
		})
	}
	if q.Default {
		d := &k.Default
		reads = append(reads, Read{
			SQL:  `SELECT d.hash, d.min_length, d.classes, d.set_at FROM {default_password} AS d WHERE d.workspace_id = ?`,
			Args: []any{q.Workspace.UUID},
			Scan: one(nil, &d.Hash, &d.Policy.MinLength, &d.Policy.Classes, (*timeColumn)(&d.SetAt)),
		})
	}
	err = r.read(ctx, "read passwords", reads...)
	return k, err
}

// PutCredential implements signin.Tx.
func (t *tx) PutCredential(ctx context.Context, c signin.Credential) error {
	return t.write(ctx, "store a password", Write{
		SQL: `INSERT INTO {credential} (member_id, hash, must_change, set_at, expires_at) VALUES (?, ?, ?, ?, ?) ` +
			t.dialect.Upsert("member_id", "hash", "must_change", "set_at", "expires_at"),
		Args: []any{c.Member.UUID, c.Hash, c.MustChange, c.SetAt, c.ExpiresAt},
	})
}

// PutAttempts implements signin.Tx.
func (t *tx) PutAttempts(ctx context.Context, a signin.Attempts, now time.Time) error {
	put := Write{
		SQL: `INSERT INTO {attempt} (workspace_id, login, failures, ends_at) VALUES (?, ?, ?, ?) ` +
			t.dialect.Upsert("workspace_id, login", "failures", "ends_at"),
		Args: []any{a.Workspace.UUID, a.Key[:], a.Failures, a.Until},
	}
	if a.Failures == 0 {
		put = Write{SQL: `DELETE FROM {attempt} WHERE workspace_id = ? AND login = ?`, Args: []any{a.Workspace.UUID, a.Key[:]}}
	}
	return t.write(ctx, "count a sign-in", put,
		Write{SQL: `DELETE FROM {attempt} WHERE workspace_id = ? AND ends_at <= ?`, Args: []any{a.Workspace.UUID, now}})
}

// PutDefaultPassword implements signin.Tx.
func (t *tx) PutDefaultPassword(ctx context.Context, w id.Workspace, d signin.Default) error {
	put := Write{
		SQL: `INSERT INTO {default_password} (workspace_id, hash, min_length, classes, set_at) VALUES (?, ?, ?, ?, ?) ` +
			t.dialect.Upsert("workspace_id", "hash", "min_length", "classes", "set_at"),
		Args: []any{w.UUID, d.Hash, d.Policy.MinLength, d.Policy.Classes, d.SetAt},
	}
	if d.Hash == "" {
		put = Write{SQL: `DELETE FROM {default_password} WHERE workspace_id = ?`, Args: []any{w.UUID}}
	}
	return t.write(ctx, "store a default password", put)
}

package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A city is a store with a workspace of many members, beside raw database/sql
// on the same file with as many connections.
type city struct {
	store   *sqlite.Store
	raw     *sql.DB
	ws      workspace.Workspace
	members []member.Member
}

func newCity(b *testing.B, n int) city {
	path := file(b)
	c := city{store: open(b, path, &sqlite.Options{Synchronous: sqlite.Normal}), ws: tenant()}
	var err error
	c.raw, err = sql.Open("sqlite", path+"?_pragma=query_only(1)")
	require.NoError(b, err)
	b.Cleanup(func() { c.raw.Close() })
	require.NoError(b, c.store.Update(b.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		if err := tx.InsertWorkspace(ctx, c.ws); err != nil {
			return err
		}
		for i := range n {
			m := person(c.ws, id.Account(fmt.Sprint("u-", i)))
			c.members = append(c.members, m)
			if err := tx.InsertMember(ctx, m); err != nil {
				return err
			}
		}
		return nil
	}))
	return c
}

// A row is a member as raw code scans it.
type row struct {
	id, workspace, tenant        []byte
	state, role, name, key       string
	email, account, sender       sql.NullString
	first                        bool
	sent, expires, joined        sql.NullInt64
	generation, created, updated int64
}

func (r *row) into() []any {
	return []any{&r.id, &r.workspace, &r.tenant, &r.state, &r.role, &r.name, &r.key, &r.email, &r.account, &r.first,
		&r.sent, &r.expires, &r.generation, &r.sender, &r.created, &r.updated, &r.joined}
}

const (
	rowColumns = `m.id, m.workspace_id, m.tenant_id, m.state, m.role, m.name, m.name_key, m.email, m.account, m.first_admin,
		m.sent_at, m.expires_at, m.generation, m.sender, m.created_at, m.updated_at, m.joined_at`
	rowsOfPage = `SELECT ` + rowColumns + ` FROM member m WHERE m.workspace_id = ? AND m.id > ? ORDER BY m.id LIMIT 50`
	oneRow     = `SELECT ` + rowColumns + `, h.mini_program_id, h.owner_id, h.team_role FROM member m
		LEFT JOIN held h ON h.member_id = m.id WHERE m.id = ? ORDER BY h.mini_program_id`
	heldOfPage = `SELECT h.member_id, h.mini_program_id, h.owner_id, h.team_role FROM held h WHERE h.member_id IN
		(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ORDER BY h.member_id, h.mini_program_id`
	factsRow = `SELECT w.id, w.tenant_id, w.status, t.status, NULL, NULL, h.id, h.state, h.role, hp.member_id IS NOT NULL, hp.team_role,
		a.id, a.state, a.role, ap.member_id IS NOT NULL
		FROM member o JOIN workspace w ON w.id = o.workspace_id JOIN workspace t ON t.id = w.tenant_id
		LEFT JOIN member h ON h.workspace_id = w.id AND h.present_account = ?
		LEFT JOIN held hp ON hp.member_id = h.id AND hp.mini_program_id = NULL
		LEFT JOIN member a ON w.tenant_id <> w.id AND a.workspace_id = w.tenant_id AND a.present_account = ?
		LEFT JOIN held ap ON ap.member_id = a.id AND ap.mini_program_id = NULL WHERE o.id = ?`
)

func prepare(b *testing.B, db *sql.DB, text string) *sql.Stmt {
	s, err := db.Prepare(text)
	require.NoError(b, err)
	b.Cleanup(func() { s.Close() })
	return s
}

// inTx runs fn in a transaction that reads, which is what a View promises.
func (c city) inTx(b *testing.B, fn func(*sql.Tx) error) {
	tx, err := c.raw.Begin()
	if err == nil {
		err = fn(tx)
		tx.Rollback()
	}
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkFacts(b *testing.B) {
	c := newCity(b, 1000)
	ctx := context.Background()
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			m := c.members[i*7919%len(c.members)]
			f, err := c.store.Facts(ctx, rbac.Query{Account: m.Account, Object: rbac.OnMember(m.ID)})
			if err != nil || !f.Found {
				b.Fatal(f, err)
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		b.ReportAllocs()
		s := prepare(b, c.raw, factsRow)
		for i := 0; b.Loop(); i++ {
			m := c.members[i*7919%len(c.members)]
			var w, t, p, h, a []byte
			var ws, ts string
			var creator, hs, hr, team, as, ar sql.NullString
			var hp, ap bool
			account := string(m.Account)
			if err := s.QueryRowContext(ctx, account, account, m.ID.UUID[:]).Scan(&w, &t, &ws, &ts, &p, &creator,
				&h, &hs, &hr, &hp, &team, &a, &as, &ar, &ap); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkMember(b *testing.B) {
	c := newCity(b, 1000)
	ctx := context.Background()
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			m := c.members[i*7919%len(c.members)]
			if err := c.store.View(ctx, func(ctx context.Context, r storage.Reader) error {
				_, err := r.Member(ctx, m.ID)
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	s := prepare(b, c.raw, oneRow)
	read := func(s *sql.Stmt, m member.Member) error {
		var r row
		var program, owner []byte
		var team sql.NullString
		return s.QueryRowContext(ctx, m.ID.UUID[:]).Scan(append(r.into(), &program, &owner, &team)...)
	}
	b.Run("raw in a transaction", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			c.inTx(b, func(tx *sql.Tx) error { return read(tx.Stmt(s), c.members[i*7919%len(c.members)]) })
		}
	})
	b.Run("raw alone", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := read(s, c.members[i*7919%len(c.members)]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkMembers(b *testing.B) {
	const size = 50
	c := newCity(b, 1000)
	ctx := context.Background()
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			after := c.members[i*7919%(len(c.members)-size-1)].ID
			if err := c.store.View(ctx, func(ctx context.Context, r storage.Reader) error {
				page, err := r.Members(ctx, member.Query{Workspace: c.ws.ID, After: after, Limit: size})
				if len(page) != size {
					b.Fatal(len(page))
				}
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	page, held := prepare(b, c.raw, rowsOfPage), prepare(b, c.raw, heldOfPage)
	read := func(page, held *sql.Stmt, after id.Member) error {
		rows, err := page.QueryContext(ctx, c.ws.ID.UUID[:], after.UUID[:])
		if err != nil {
			return err
		}
		defer rows.Close()
		var list []row
		var ids []any
		for rows.Next() {
			var r row
			if err := rows.Scan(r.into()...); err != nil {
				return err
			}
			list, ids = append(list, r), append(ids, r.id)
		}
		if len(list) != size {
			return fmt.Errorf("%d rows", len(list))
		}
		of, err := held.QueryContext(ctx, ids...)
		if err != nil {
			return err
		}
		defer of.Close()
		for of.Next() {
			return fmt.Errorf("nobody holds anything")
		}
		return of.Err()
	}
	after := func(i int) id.Member { return c.members[i*7919%(len(c.members)-size-1)].ID }
	b.Run("raw in a transaction", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			c.inTx(b, func(tx *sql.Tx) error { return read(tx.Stmt(page), tx.Stmt(held), after(i)) })
		}
	})
	b.Run("raw alone", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := read(page, held, after(i)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkUpdate(b *testing.B) {
	c := newCity(b, 1000)
	ctx := context.Background()
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			m := c.members[i%len(c.members)]
			if err := c.store.Update(ctx, unit.On(rbac.User("u-1"), rbac.OnMember(m.ID)), func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMember(ctx, m)
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

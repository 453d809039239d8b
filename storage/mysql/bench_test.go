package mysql_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/mysql"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A city is a store with a workspace of many members, beside raw database/sql
// on the same pool.
type city struct {
	store   *mysql.Store
	raw     *sql.DB
	ws      workspace.Workspace
	members []member.Member
}

func newCity(b *testing.B, dsn string, n int) city {
	c := city{raw: pool(b, dsn), ws: tenant()}
	c.raw.SetMaxIdleConns(8)
	c.store = open(b, c.raw, nil)
	require.NoError(b, c.store.Migrate(b.Context()))
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

// cities runs a benchmark with and without the setting that saves a trip.
func cities(b *testing.B, run func(b *testing.B, c city)) {
	for name, settings := range map[string]string{"default": "", "interpolateParams": "interpolateParams=true"} {
		b.Run(name, func(b *testing.B) { run(b, newCity(b, with(dbtest.MySQL(b).DSN, settings), 1000)) })
	}
}

// member returns one of the members, all over the place.
func (c city) member(i int) member.Member { return c.members[i*7919%len(c.members)] }

// A row is a member as raw code scans it.
type row struct {
	id, workspace, tenant                   []byte
	state, role, name, key                  string
	email, account, sender                  sql.NullString
	first                                   bool
	sent, expires, created, updated, joined sql.NullInt64
	generation                              int
}

func (r *row) into() []any {
	return []any{&r.id, &r.workspace, &r.tenant, &r.state, &r.role, &r.name, &r.key, &r.email, &r.account, &r.first,
		&r.sent, &r.expires, &r.generation, &r.sender, &r.created, &r.updated, &r.joined}
}

const (
	rowColumns = `m.id, m.workspace_id, m.tenant_id, m.state, m.role, m.name, m.name_key, m.email, m.account, m.first_admin,
		m.sent_at, m.expires_at, m.generation, m.sender, m.created_at, m.updated_at, m.joined_at`
	rowsOfPage = `SELECT ` + rowColumns + ` FROM member m FORCE INDEX (member_by_workspace) WHERE m.workspace_id = ? AND m.id > ? ORDER BY m.id LIMIT 50`
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

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// inTx runs fn in a transaction that reads, which is what a View promises.
func (c city) inTx(ctx context.Context, fn func(querier) error) error {
	tx, err := c.raw.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(tx)
}

// loop times fn.
func loop(b *testing.B, name string, fn func(ctx context.Context, i int) error) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		ctx := context.Background()
		for i := 0; b.Loop(); i++ {
			if err := fn(ctx, i); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkFacts(b *testing.B) {
	cities(b, func(b *testing.B, c city) {
		loop(b, "store", func(ctx context.Context, i int) error {
			m := c.member(i)
			f, err := c.store.Facts(ctx, rbac.Query{Account: m.Account, Object: rbac.OnMember(m.ID)})
			if !f.Found {
				return fmt.Errorf("facts = %+v, err = %w", f, err)
			}
			return err
		})
		loop(b, "raw", func(ctx context.Context, i int) error {
			m := c.member(i)
			var w, t, p, h, a []byte
			var ws, ts string
			var creator, hs, hr, team, as, ar sql.NullString
			var hp, ap bool
			return c.raw.QueryRowContext(ctx, factsRow, string(m.Account), string(m.Account), m.ID.UUID[:]).Scan(&w, &t, &ws, &ts, &p, &creator,
				&h, &hs, &hr, &hp, &team, &a, &as, &ar, &ap)
		})
	})
}

func BenchmarkMember(b *testing.B) {
	cities(b, func(b *testing.B, c city) {
		loop(b, "store", func(ctx context.Context, i int) error {
			return c.store.View(ctx, func(ctx context.Context, r storage.Reader) error {
				_, err := r.Member(ctx, c.member(i).ID)
				return err
			})
		})
		read := func(ctx context.Context, q querier, m member.Member) error {
			var r row
			var program, owner []byte
			var team sql.NullString
			return q.QueryRowContext(ctx, oneRow, m.ID.UUID[:]).Scan(append(r.into(), &program, &owner, &team)...)
		}
		loop(b, "raw in a transaction", func(ctx context.Context, i int) error {
			return c.inTx(ctx, func(q querier) error { return read(ctx, q, c.member(i)) })
		})
		loop(b, "raw alone", func(ctx context.Context, i int) error { return read(ctx, c.raw, c.member(i)) })
	})
}

func BenchmarkMembers(b *testing.B) {
	const size = 50
	cities(b, func(b *testing.B, c city) {
		after := func(i int) id.Member { return c.members[i*7919%(len(c.members)-size-1)].ID }
		loop(b, "store", func(ctx context.Context, i int) error {
			return c.store.View(ctx, func(ctx context.Context, r storage.Reader) error {
				page, err := r.Members(ctx, member.Query{Workspace: c.ws.ID, After: after(i), Limit: size})
				if len(page) != size {
					return fmt.Errorf("%d members, err = %w", len(page), err)
				}
				return err
			})
		})
		read := func(ctx context.Context, q querier, after id.Member) error {
			rows, err := q.QueryContext(ctx, rowsOfPage, c.ws.ID.UUID[:], after.UUID[:])
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
				return fmt.Errorf("%d rows, err = %w", len(list), rows.Err())
			}
			of, err := q.QueryContext(ctx, heldOfPage, ids...)
			if err != nil {
				return err
			}
			defer of.Close()
			for of.Next() {
				return fmt.Errorf("nobody holds anything")
			}
			return of.Err()
		}
		loop(b, "raw in a transaction", func(ctx context.Context, i int) error {
			return c.inTx(ctx, func(q querier) error { return read(ctx, q, after(i)) })
		})
		loop(b, "raw alone", func(ctx context.Context, i int) error { return read(ctx, c.raw, after(i)) })
	})
}

// BenchmarkVerbs compares two verbs with the insert of a single row.
func BenchmarkVerbs(b *testing.B) {
	cities(b, func(b *testing.B, c city) {
		k := superapptest.New(b, &superapptest.Options{Store: c.store, NoRerun: true})
		admin, m := k.As(rbac.WorkspaceAdmin), k.Member(rbac.Developer).ID
		invite := func() member.Invite {
			name := id.New().String()
			return member.Invite{Workspace: k.Tenant, Email: name + "@people.example", Name: "Nia", Role: rbac.WorkspaceReviewer}
		}
		loop(b, "insert of a row", func(ctx context.Context, i int) error {
			_, err := c.raw.ExecContext(ctx, `INSERT INTO token (hash, member_id, generation) VALUES (UNHEX(SHA2(?, 256)), ?, 1)`, id.New().String(), m.UUID[:])
			return err
		})
		loop(b, "invite", func(ctx context.Context, i int) error {
			_, _, err := k.Members.Invite(ctx, admin, invite())
			return err
		})
		b.Run("accept", func(b *testing.B) {
			b.ReportAllocs()
			ctx := context.Background()
			for b.Loop() {
				b.StopTimer()
				in := invite()
				_, token, err := k.Members.Invite(ctx, admin, in)
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if _, err := k.Members.Accept(ctx, token, member.Account{ID: id.Account(in.Email), Email: in.Email, EmailVerified: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A city is a store with a workspace of many members, beside raw pgx on the
// same pool.
type city struct {
	store   *postgres.Store
	raw     *pgxpool.Pool
	dsn     string
	schema  string
	ws      workspace.Workspace
	members []member.Member
}

func newCity(b *testing.B, n int) city {
	s := dbtest.Postgres(b)
	c := city{raw: pool(b, s.DSN), dsn: s.DSN, schema: s.Name, ws: tenant()}
	c.store = open(b, c.raw, &postgres.Options{Schema: s.Name})
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
	c.analyze(b)
	return c
}

// analyze lets the server know how many rows there are. It does so by itself, but
// not at once, and plans for empty tables until then.
func (c city) analyze(b *testing.B) {
	_, err := c.raw.Exec(b.Context(), "ANALYZE")
	require.NoError(b, err)
}

// member returns one of the members, all over the place.
func (c city) member(i int) member.Member { return c.members[i*7919%len(c.members)] }

// A row is a member as raw code scans it.
type row struct {
	id, workspace, tenant  [16]byte
	state, role, name, key string
	email, account, sender pgtype.Text
	first                  bool
	sent, expires, joined  pgtype.Timestamptz
	created, updated       time.Time
	generation             int
}

func (r *row) into() []any {
	return []any{&r.id, &r.workspace, &r.tenant, &r.state, &r.role, &r.name, &r.key, &r.email, &r.account, &r.first,
		&r.sent, &r.expires, &r.generation, &r.sender, &r.created, &r.updated, &r.joined}
}

const (
	rowColumns = `m.id, m.workspace_id, m.tenant_id, m.state, m.role, m.name, m.name_key, m.email, m.account, m.first_admin,
		m.sent_at, m.expires_at, m.generation, m.sender, m.created_at, m.updated_at, m.joined_at`
	rowsOfPage = `SELECT ` + rowColumns + ` FROM %[1]s.member m WHERE m.workspace_id = $1 AND m.id > $2 ORDER BY m.id LIMIT 50`
	oneRow     = `SELECT ` + rowColumns + `, h.mini_program_id, h.owner_id, h.team_role FROM %[1]s.member m
		LEFT JOIN %[1]s.held h ON h.member_id = m.id WHERE m.id = $1 ORDER BY h.mini_program_id`
	heldOfPage = `SELECT h.member_id, h.mini_program_id, h.owner_id, h.team_role FROM %[1]s.held h
		WHERE h.member_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
		$26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)
		ORDER BY h.member_id, h.mini_program_id`
	factsRow = `SELECT w.id, w.tenant_id, w.status, t.status, NULL, NULL, h.id, h.state, h.role, hp.member_id IS NOT NULL, hp.team_role,
		a.id, a.state, a.role, ap.member_id IS NOT NULL
		FROM %[1]s.member o JOIN %[1]s.workspace w ON w.id = o.workspace_id JOIN %[1]s.workspace t ON t.id = w.tenant_id
		LEFT JOIN %[1]s.member h ON h.workspace_id = w.id AND h.present_account = $1
		LEFT JOIN %[1]s.held hp ON hp.member_id = h.id AND hp.mini_program_id = NULL
		LEFT JOIN %[1]s.member a ON w.tenant_id <> w.id AND a.workspace_id = w.tenant_id AND a.present_account = $2
		LEFT JOIN %[1]s.held ap ON ap.member_id = a.id AND ap.mini_program_id = NULL WHERE o.id = $3`
)

func (c city) text(s string) string { return fmt.Sprintf(s, c.schema) }

// inTx runs fn in a transaction that reads, which is what a View promises.
func (c city) inTx(ctx context.Context, fn func(querier) error) error {
	tx, err := c.raw.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return fn(tx)
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
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
	c := newCity(b, 1000)
	loop(b, "store", func(ctx context.Context, i int) error {
		m := c.member(i)
		f, err := c.store.Facts(ctx, rbac.Query{Account: m.Account, Object: rbac.OnMember(m.ID)})
		if !f.Found {
			return fmt.Errorf("facts = %+v, err = %w", f, err)
		}
		return err
	})
	text := c.text(factsRow)
	loop(b, "raw", func(ctx context.Context, i int) error {
		m := c.member(i)
		var w, t, h [16]byte
		var p, a pgtype.UUID
		var ws, ts string
		var creator, hs, hr, team, as, ar pgtype.Text
		var hp, ap bool
		return c.raw.QueryRow(ctx, text, string(m.Account), string(m.Account), [16]byte(m.ID.UUID)).Scan(&w, &t, &ws, &ts, &p, &creator,
			&h, &hs, &hr, &hp, &team, &a, &as, &ar, &ap)
	})
}

func BenchmarkMember(b *testing.B) {
	c := newCity(b, 1000)
	loop(b, "store", func(ctx context.Context, i int) error {
		return c.store.View(ctx, func(ctx context.Context, r storage.Reader) error {
			_, err := r.Member(ctx, c.member(i).ID)
			return err
		})
	})
	text := c.text(oneRow)
	read := func(ctx context.Context, q querier, m member.Member) error {
		var r row
		var program, owner pgtype.UUID
		var team pgtype.Text
		return q.QueryRow(ctx, text, [16]byte(m.ID.UUID)).Scan(append(r.into(), &program, &owner, &team)...)
	}
	loop(b, "raw in a transaction", func(ctx context.Context, i int) error {
		return c.inTx(ctx, func(q querier) error { return read(ctx, q, c.member(i)) })
	})
	loop(b, "raw alone", func(ctx context.Context, i int) error { return read(ctx, c.raw, c.member(i)) })
}

func BenchmarkMembers(b *testing.B) {
	const size = 50
	c := newCity(b, 1000)
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
	page, held := c.text(rowsOfPage), c.text(heldOfPage)
	read := func(ctx context.Context, q querier, after id.Member) error {
		rows, err := q.Query(ctx, page, [16]byte(c.ws.ID.UUID), [16]byte(after.UUID))
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
		of, err := q.Query(ctx, held, ids...)
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
}

// BenchmarkVerbs compares two verbs with the insert of a single row, and with
// the same statements one by one, which is what a store on database/sql sends.
func BenchmarkVerbs(b *testing.B) {
	c := newCity(b, 1000)
	k := superapptest.New(b, &superapptest.Options{Store: c.store, NoRerun: true})
	one := k.Over(openSQL(b, db(b, c.dsn), &postgres.Options{Schema: c.schema}))
	admin := k.As(rbac.WorkspaceAdmin)
	invite := func() member.Invite {
		name := id.New().String()
		return member.Invite{Workspace: k.Tenant, Email: name + "@people.example", Name: "Nia", Role: rbac.WorkspaceReviewer}
	}
	for range 500 {
		_, _, err := k.Members.Invite(b.Context(), admin, invite())
		require.NoError(b, err)
	}
	c.analyze(b)

	insert := c.text(`INSERT INTO %s.token (hash, member_id, generation) VALUES (sha256($1::text::bytea), $2, 1)`)
	m := k.Member(rbac.Developer).ID
	loop(b, "insert of a row", func(ctx context.Context, i int) error {
		_, err := c.raw.Exec(ctx, insert, id.New().String(), m.String())
		return err
	})
	for name, p := range map[string]interface {
		Invite(context.Context, rbac.Actor, member.Invite) (member.Member, member.Token, error)
		Accept(context.Context, member.Token, member.Account) (member.Member, error)
	}{"pool": k.Members, "one by one": one.Members} {
		loop(b, "invite/"+name, func(ctx context.Context, i int) error {
			_, _, err := p.Invite(ctx, admin, invite())
			return err
		})
		b.Run("accept/"+name, func(b *testing.B) {
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
				if _, err := p.Accept(ctx, token, member.Account{ID: id.Account(in.Email), Email: in.Email, EmailVerified: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

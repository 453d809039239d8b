package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
)

// nowhere is a server that is not there.
const nowhere = "postgres://nobody@127.0.0.1:1/none"

func TestNew(t *testing.T) {
	t.Parallel()

	t.Run("touches nothing", func(t *testing.T) {
		t.Parallel()
		open(t, pool(t, nowhere), nil)
		openSQL(t, db(t, nowhere), nil)
	})

	t.Run("no pool", func(t *testing.T) {
		t.Parallel()
		_, err := postgres.New(nil, nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = postgres.NewSQL(nil, nil)
		require.ErrorIs(t, err, fault.ErrInvalid)
	})

	for problem, bad := range map[string]postgres.Options{
		"schema malformed":          {Schema: `x"; DROP SCHEMA public; --`},
		"schema not_allowed":        {Schema: "PG_own"},
		"table_prefix malformed":    {TablePrefix: "App_"},
		"busy_timeout not_allowed":  {BusyTimeout: -time.Second},
		"write_timeout not_allowed": {WriteTimeout: -time.Second},
	} {
		t.Run("a bad option: "+problem, func(t *testing.T) {
			t.Parallel()
			_, first := postgres.New(pool(t, nowhere), &bad)
			_, second := postgres.NewSQL(db(t, nowhere), &bad)
			for _, err := range []error{first, second} {
				invalid, ok := errors.AsType[*fault.InvalidError](err)
				require.True(t, ok, "err = %v, want an InvalidError", err)
				require.Len(t, invalid.Problems, 1)
				require.Equal(t, problem, invalid.Problems[0].Field+" "+invalid.Problems[0].Reason)
			}
		})
	}

	t.Run("odd names are those they say", func(t *testing.T) {
		t.Parallel()
		own := dbtest.Postgres(t)
		p := pool(t, own.DSN)
		// Capitals, and a prefix like a column.
		schema := own.Name + "_Select"
		t.Cleanup(func() {
			_, err := p.Exec(context.Background(), `DROP SCHEMA "`+schema+`" CASCADE`)
			require.NoError(t, err)
		})
		s, w := open(t, p, &postgres.Options{Schema: schema, TablePrefix: "open_email_"}), tenant()
		require.NoError(t, s.Migrate(t.Context()))
		require.NoError(t, put(t.Context(), s, w, person(w, "u-1")))
		require.ErrorIs(t, put(t.Context(), s, w), storage.ErrExists)
		require.ErrorIs(t, put(t.Context(), s, person(w, "u-1")), member.ErrPresent)
		require.NotEmpty(t, tables(t, p, `"`+schema+`"`))
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})

	t.Run("every call afterwards says so, and the pool stays open", func(t *testing.T) {
		t.Parallel()
		own := schemas(t)
		p := pool(t, own.DSN)
		s := open(t, p, &postgres.Options{Schema: own.Name})
		tx, err := p.Begin(t.Context())
		require.NoError(t, err)
		defer tx.Rollback(context.Background())
		bound := s.Bind(tx)
		require.NoError(t, s.Close())
		require.NoError(t, s.Close(), "the second time does nothing")
		for _, closed := range []storage.Store{s, bound} {
			for way, err := range ways(t.Context(), closed) {
				require.ErrorIs(t, err, storage.ErrClosed, way)
			}
		}
		require.ErrorIs(t, s.Migrate(t.Context()), storage.ErrClosed)
		require.ErrorIs(t, s.Validate(t.Context()), storage.ErrClosed)
		_, err = s.Pending(t.Context())
		require.ErrorIs(t, err, storage.ErrClosed)
		require.NoError(t, p.Ping(t.Context()))
	})

	t.Run("a unit that runs goes on to its end", func(t *testing.T) {
		t.Parallel()
		own, w := schemas(t), tenant()
		p := pool(t, own.DSN)
		o := &postgres.Options{Schema: own.Name}
		s := open(t, p, o)
		require.NoError(t, s.Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.NoError(t, s.Close())
			return tx.InsertWorkspace(ctx, w)
		}))
		require.True(t, stored(t, open(t, p, o), w))
	})
}

// TestNothingIsLeft: whatever becomes of a unit, its connection goes back to the
// pool without a transaction and without a setting.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	own := migrated(t, postgres.Options{})(t)
	p := pool(t, own.DSN)
	s, w := open(t, p, &postgres.Options{Schema: own.Name}), tenant()
	require.NoError(t, put(t.Context(), s, w))
	wrong := errors.New("wrong")
	for name, fn := range map[string]func(ctx context.Context, tx storage.Tx) error{
		"commits":             func(ctx context.Context, tx storage.Tx) error { return tx.UpdateWorkspace(ctx, w) },
		"fails":               func(ctx context.Context, tx storage.Tx) error { return errors.Join(tx.InsertWorkspace(ctx, w), wrong) },
		"is refused":          func(ctx context.Context, tx storage.Tx) error { return tx.InsertWorkspace(ctx, w) },
		"changes nothing":     func(ctx context.Context, tx storage.Tx) error { return tx.UpdateMember(ctx, person(w, "u")) },
		"panics":              func(ctx context.Context, tx storage.Tx) error { panic(wrong) },
		"panics after a read": func(ctx context.Context, tx storage.Tx) error { tx.Workspace(ctx, w.ID); panic(wrong) },
	} {
		func() {
			defer func() { recover() }()
			s.Update(t.Context(), unit.Scope{Workspaces: scope(w)}, fn)
		}()
		func() {
			defer func() { recover() }()
			s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
				r.Workspace(ctx, w.ID)
				panic(wrong)
			})
		}()
		_, err := s.Facts(t.Context(), rbac.Query{Object: rbac.OnWorkspace(w.ID)})
		require.NoError(t, err, name)
		require.Zero(t, p.Stat().AcquiredConns(), name)
		for _, conn := range p.AcquireAllIdle(t.Context()) {
			require.EqualValues(t, 'I', conn.Conn().PgConn().TxStatus(), name)
			var set int
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_settings WHERE source = 'session'").Scan(&set))
			require.Zero(t, set, name)
			conn.Release()
		}
	}
	require.EqualValues(t, 1, p.Stat().NewConnsCount(), "none was thrown away")
}

package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// errLost is what the driver says when its connection breaks.
var errLost = errors.New("connection lost")

// A script is a Session whose errors a test chooses.
type script struct {
	writes  []Write
	onWrite func(Write) error
	commit  error
}

func (s *script) Read(context.Context, ...Read) error { return nil }

func (s *script) Write(_ context.Context, writes ...Write) error {
	for _, w := range writes {
		s.writes = append(s.writes, w)
		if s.onWrite != nil {
			if err := s.onWrite(w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *script) Commit(context.Context) error { return s.commit }
func (s *script) Rollback() error              { return nil }

// A stage is a Database with a single session.
type stage struct{ *script }

func (s stage) Begin(context.Context, bool) (Session, error) { return s.script, nil }
func (s stage) Read(context.Context, Read) error             { return nil }

// scripted returns a store whose every unit is the script's.
func scripted(s *script) *Store {
	store := New(Config{Database: stage{s}, Patience: time.Minute, Log: slog.New(slog.DiscardHandler), Dialect: &Dialect{
		Upsert: func(string, ...string) string { return "" },
		Time:   func(t time.Time) any { return t },
		Classify: func(err error) (Class, string) {
			if errors.Is(err, errLost) {
				return Unknown, ""
			}
			return Failed, ""
		},
	}})
	store.ready.Store(true)
	return store
}

func TestOutcomeUnknown(t *testing.T) {
	t.Parallel()

	t.Run("of a commit is told, whatever the context, and not tried again", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		err := scripted(&script{commit: errLost}).Update(ctx, unit.Scope{}, func(context.Context, storage.Tx) error {
			runs++
			cancel()
			return nil
		})
		require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
		require.ErrorIs(t, err, errLost)
		require.NotErrorIs(t, err, context.Canceled)
		require.Equal(t, 1, runs)
	})

	t.Run("before the commit there is nothing to know", func(t *testing.T) {
		t.Parallel()
		err := scripted(&script{onWrite: func(Write) error { return errLost }}).Update(t.Context(), unit.Scope{},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMiniProgram(ctx, miniprogram.MiniProgram{}, nil)
			})
		require.ErrorIs(t, err, storage.ErrFailed)
		require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
	})
}

func TestFailureEndsTheUnit(t *testing.T) {
	t.Parallel()
	s := &script{}
	change := func(ctx context.Context, tx storage.Tx) error {
		return tx.UpdateMiniProgram(ctx, miniprogram.MiniProgram{}, nil)
	}
	err := scripted(s).Update(t.Context(), unit.Scope{}, func(ctx context.Context, outer storage.Tx) error {
		require.ErrorIs(t, outer.Nest(ctx, unit.Scope{}, func(ctx context.Context, inner storage.Tx) error {
			brief, cancel := context.WithCancel(ctx)
			s.onWrite = func(Write) error { cancel(); return errLost }
			require.Error(t, change(brief, outer))
			s.onWrite, s.writes = nil, nil
			require.ErrorIs(t, change(ctx, inner), storage.ErrFailed, "also the one nested in it, and whatever the context was")
			return nil
		}), storage.ErrFailed)
		require.ErrorIs(t, change(ctx, outer), storage.ErrFailed)
		return nil
	})
	require.ErrorIs(t, err, storage.ErrFailed)
	require.Empty(t, s.writes, "nothing reaches the engine any more")
}

func TestTermsAreToldApartByTheirTable(t *testing.T) {
	t.Parallel()
	s := &script{}
	require.NoError(t, scripted(s).Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		return tx.InsertMiniProgram(ctx, miniprogram.MiniProgram{ID: id.MiniProgram{UUID: id.New()}}, []string{"cafe", "café"})
	}))
	last := s.writes[len(s.writes)-1].SQL
	require.Contains(t, last, "UNION ALL SELECT ?", "UNION alone compares as the connection does")
	require.Equal(t, strings.Count(last, "UNION"), strings.Count(last, "UNION ALL"))
}

func TestWriteTimeout(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]time.Duration{"none": 0, "some": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			seen := &contexts{}
			r := runner{dialect: &Dialect{WriteTimeout: limit}, on: seen}
			require.NoError(t, r.write(ctx, Write{}))
			require.NoError(t, r.do("COMMIT"))
			require.Len(t, seen.given, 2)
			for _, ctx := range seen.given {
				end, bounded := ctx.Deadline()
				require.Equal(t, limit > 0, bounded)
				require.True(t, end.Before(time.Now().Add(limit+time.Second)), "it is not the caller's, which would end the transaction")
			}
		})
	}
}

// contexts notes the contexts of what it runs.
type contexts struct {
	*sql.Conn
	given []context.Context
}

func (c *contexts) ExecContext(ctx context.Context, _ string, _ ...any) (sql.Result, error) {
	c.given = append(c.given, ctx)
	return driver.RowsAffected(1), nil
}

func TestTurnsAreForgotten(t *testing.T) {
	t.Parallel()
	store := scripted(&script{})
	count := func() (n int) {
		store.turns.Range(func(any, any) bool { n++; return true })
		return n
	}
	tx := new(sql.Tx)
	one, two := store.newBound(tx), store.newBound(tx)
	require.Same(t, one.turn, two.turn)
	require.Equal(t, 1, count())
	runtime.KeepAlive(tx)
	require.Eventually(t, func() bool { runtime.GC(); return count() == 0 }, 10*time.Second, time.Millisecond,
		"along with their transactions")
}

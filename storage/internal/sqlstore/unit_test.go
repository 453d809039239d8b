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
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
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
	onRead  func(context.Context) error
	// commit is called when the commit is sent.
	commit func() error
}

func (s *script) Read(ctx context.Context, _ ...Read) error {
	if s.onRead == nil {
		return nil
	}
	return s.onRead(ctx)
}

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

func (s *script) Commit(context.Context) error {
	if s.commit == nil {
		return nil
	}
	return s.commit()
}
func (s *script) Rollback() error { return nil }

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
		err := scripted(&script{commit: func() error { cancel(); return errLost }}).Update(ctx, unit.Scope{}, func(context.Context, storage.Tx) error {
			runs++
			return nil
		})
		require.ErrorIs(t, err, storage.ErrOutcomeUnknown)
		require.ErrorIs(t, err, errLost)
		require.NotErrorIs(t, err, context.Canceled)
		require.Equal(t, 1, runs)
	})

	t.Run("of a commit that is not sent is known", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		err := scripted(&script{commit: func() error { return errLost }}).Update(ctx, unit.Scope{}, func(context.Context, storage.Tx) error {
			cancel()
			return nil
		})
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
	})

	t.Run("before the commit there is nothing to know", func(t *testing.T) {
		t.Parallel()
		err := scripted(&script{onWrite: func(Write) error { return errLost }}).Update(t.Context(), unit.Scope{},
			func(ctx context.Context, tx storage.Tx) error {
				return tx.UpdateMiniProgram(ctx, miniprogram.MiniProgram{}, nil)
			})
		require.ErrorIs(t, err, storage.ErrUnreachable)
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
			require.ErrorIs(t, change(ctx, inner), storage.ErrUnreachable, "also the one nested in it, and whatever the context was")
			return nil
		}), storage.ErrUnreachable)
		require.ErrorIs(t, change(ctx, outer), storage.ErrUnreachable)
		return nil
	})
	require.ErrorIs(t, err, storage.ErrUnreachable)
	require.Empty(t, s.writes, "nothing reaches the engine any more")
}

func TestWriteTimeout(t *testing.T) {
	t.Parallel()
	t.Run("what a pool writes ends with the context or the timeout", func(t *testing.T) {
		t.Parallel()
		seen := &contexts{}
		r := runner{dialect: &Dialect{WriteTimeout: time.Minute}, on: seen}
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, r.write(ctx, Write{}))
		_, bounded := seen.given[0].Deadline()
		require.True(t, bounded)
		cancel()
		require.Error(t, r.write(ctx, Write{}))
		require.Len(t, seen.given, 1)
	})
	for name, limit := range map[string]time.Duration{"none": 0, "some": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			seen := &contexts{}
			r := runner{dialect: &Dialect{WriteTimeout: limit}, on: seen, host: true}
			require.NoError(t, r.write(ctx, Write{}))
			require.NoError(t, r.Finish("COMMIT"))
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
	one, two := store.BindTx(tx), store.BindTx(tx)
	require.Same(t, one.db.(*bound).turn, two.db.(*bound).turn)
	require.Equal(t, 1, count())
	runtime.KeepAlive(tx)
	require.Eventually(t, func() bool { runtime.GC(); return count() == 0 }, 10*time.Second, time.Millisecond,
		"along with their transactions")
}

// fragile is a script on an engine that refuses everything after an error.
func fragile(s *script) *Store {
	store := scripted(s)
	store.dialect.Aborts = true
	store.dialect.Classify = func(error) (Class, string) { return Duplicate, "member_open_email" }
	return store
}

func TestAnErrorAbortsUpToTheSavepoint(t *testing.T) {
	t.Parallel()
	refuse := func(w Write) error {
		if strings.HasPrefix(w.SQL, "UPDATE") {
			return errLost
		}
		return nil
	}
	change := func(ctx context.Context, tx storage.Tx) error {
		return tx.UpdateMiniProgram(ctx, miniprogram.MiniProgram{}, nil)
	}

	t.Run("what is hidden fails the unit all the same", func(t *testing.T) {
		t.Parallel()
		s := &script{onWrite: refuse}
		err := fragile(s).Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.ErrorIs(t, change(ctx, tx), member.ErrPresent)
			n := len(s.writes)
			require.ErrorIs(t, change(ctx, tx), member.ErrPresent, "as does everything after it")
			require.Len(t, s.writes, n, "without asking the engine")
			return nil
		})
		require.ErrorIs(t, err, member.ErrPresent)
	})

	t.Run("a nested unit fails alone", func(t *testing.T) {
		t.Parallel()
		s := &script{onWrite: refuse}
		require.NoError(t, fragile(s).Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			require.ErrorIs(t, tx.Nest(ctx, unit.Scope{}, change), member.ErrPresent)
			require.Equal(t, "RELEASE SAVEPOINT superapp_nested_1", s.writes[len(s.writes)-1].SQL)
			s.onWrite = nil
			return change(ctx, tx)
		}))
	})
}

// TestInterrupted: a context that ends in the middle of a statement.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ask := func(ctx context.Context, tx storage.Tx) error {
		_, err := tx.Workspace(ctx, id.Workspace{UUID: id.New()})
		return err
	}

	t.Run("the engine may have had it: nothing more is asked, whatever the function hides", func(t *testing.T) {
		t.Parallel()
		brief, cancel := context.WithCancel(t.Context())
		s := &script{commit: func() error { panic("of half a unit") }}
		s.onRead = func(ctx context.Context) error { cancel(); return ctx.Err() }
		require.ErrorIs(t, fragile(s).Update(t.Context(), unit.Scope{}, func(_ context.Context, tx storage.Tx) error {
			require.ErrorIs(t, ask(brief, tx), context.Canceled)
			return nil
		}), context.Canceled)
	})

	t.Run("one that had ended before is not told to the engine", func(t *testing.T) {
		t.Parallel()
		brief, cancel := context.WithCancel(t.Context())
		cancel()
		s := &script{}
		require.NoError(t, fragile(s).Update(t.Context(), unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			s.onRead = func(context.Context) error { panic("asked") }
			require.ErrorIs(t, ask(brief, tx), context.Canceled)
			s.onRead = nil
			return tx.UpdateMiniProgram(ctx, miniprogram.MiniProgram{}, nil)
		}))
	})

	t.Run("goes before what came of it", func(t *testing.T) {
		for class, busy := range map[Class]bool{Failed: false, Unknown: false, Busy: true} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				s := &script{onRead: func(context.Context) error { <-ctx.Done(); return errLost }}
				store := scripted(s)
				store.dialect.Classify = func(error) (Class, string) { return class, "" }
				err := store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
					require.ErrorIs(t, ask(ctx, tx), context.DeadlineExceeded)
					return nil
				})
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, busy, errors.Is(err, storage.ErrBusy), class)
				require.NotErrorIs(t, err, storage.ErrFailed)
				require.NotErrorIs(t, err, storage.ErrUnreachable)
			})
		}
	})

	t.Run("a nested unit is rolled back all the same, but not for ever", func(t *testing.T) {
		t.Parallel()
		s := &script{}
		store := fragile(s)
		store.dialect.WriteTimeout = time.Minute
		ctx, cancel := context.WithCancel(t.Context())
		require.ErrorIs(t, store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			return tx.Nest(ctx, unit.Scope{}, func(context.Context, storage.Tx) error {
				cancel()
				s.onRead = func(ctx context.Context) error {
					_, bounded := ctx.Deadline()
					require.True(t, bounded)
					return ctx.Err()
				}
				return errAsked
			})
		}), errAsked)
		require.Equal(t, "RELEASE SAVEPOINT superapp_nested_1", s.writes[len(s.writes)-1].SQL)
	})
}

// TestBoundOutcome: in the host's transaction nothing was kept yet.
func TestBoundOutcome(t *testing.T) {
	t.Parallel()
	store := scripted(&script{commit: func() error { return errLost }})
	store.bound = true
	err := store.Update(t.Context(), unit.Scope{}, func(context.Context, storage.Tx) error { return nil })
	require.ErrorIs(t, err, storage.ErrUnreachable)
	require.NotErrorIs(t, err, storage.ErrOutcomeUnknown)
}

func TestARowThatDidNotChangeIsThere(t *testing.T) {
	t.Parallel()
	w := update("member", "name = ?", id.New(), member.ErrNotFound, "Mo")
	for name, c := range map[string]struct {
		counts bool
		want   error
	}{"an engine that counts what it found": {false, member.ErrNotFound}, "an engine that counts what it changed": {true, errAsked}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := runner{dialect: &Dialect{CountsChanged: c.counts, ID: func(u id.UUID) any { return u[:] }}, on: &unchanged{}}
			require.ErrorIs(t, r.write(t.Context(), w), c.want)
		})
	}
}

// unchanged is a connection that changes no row, and is asked whether it is
// there.
type unchanged struct{ *sql.Conn }

var errAsked = errors.New("asked for the row")

func (unchanged) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return driver.RowsAffected(0), nil
}

func (unchanged) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	if query != "SELECT 1 FROM member WHERE id = ?" || len(args) != 1 {
		return nil, errors.New("asked for something else: " + query)
	}
	return nil, errAsked
}

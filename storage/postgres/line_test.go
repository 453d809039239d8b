package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/storage/internal/sqlstore"
)

// A sent is a wire that notes the statements of every batch, and answers each
// with the next of its errors.
type sent struct {
	errs    []error
	batches [][]string
	// tag is what a statement by itself is answered with.
	tag string
}

func (s *sent) SendBatch(_ context.Context, b *pgx.Batch) pgx.BatchResults {
	var batch []string
	for _, q := range b.QueuedQueries {
		batch = append(batch, q.SQL)
	}
	if err := s.note(batch...); err != nil {
		return pgx.FailedBatchResults(b, err)
	}
	return done{}
}

// done are the results of writes that all went well.
type done struct{ pgx.BatchResults }

func (done) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, nil }
func (done) Close() error                     { return nil }

func (s *sent) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return pgconn.NewCommandTag(s.tag), s.note(sql)
}

func (s *sent) note(batch ...string) error {
	s.batches = append(s.batches, batch)
	if len(s.errs) == 0 {
		return nil
	}
	err := s.errs[0]
	s.errs = s.errs[1:]
	return err
}

// refusing is an error of a driver that has sent nothing.
type refusing struct{}

func (refusing) Error() string     { return "refused" }
func (refusing) SafeToRetry() bool { return true }

func newLine(s *sent) *line {
	return &line{dialect: dialect(Options{WriteTimeout: time.Second}), wire: s}
}

func write(statements ...string) (writes []sqlstore.Write) {
	for _, s := range statements {
		writes = append(writes, sqlstore.Write{SQL: s, Args: []any{1}})
	}
	return writes
}

func TestLine(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cut := errors.New("cut")

	t.Run("what was not sent is not lost", func(t *testing.T) {
		t.Parallel()
		s := &sent{errs: []error{refusing{}, cut}}
		l := newLine(s)
		require.NoError(t, l.Write(ctx, write("a")...))
		gone, cancel := context.WithCancel(ctx)
		cancel()
		require.ErrorIs(t, l.Read(gone), context.Canceled)
		require.Empty(t, s.batches)
		require.ErrorIs(t, l.Read(ctx), refusing{})
		require.ErrorIs(t, l.Read(ctx), cut)
		require.Equal(t, [][]string{{"a"}, {"a"}}, s.batches, "or a commit would keep half of a unit")
	})

	t.Run("nor is there anything to undo", func(t *testing.T) {
		t.Parallel()
		s := &sent{errs: []error{refusing{}}}
		l := newLine(s)
		require.NoError(t, l.Write(ctx, write("SAVEPOINT x")...))
		require.ErrorIs(t, l.Read(ctx), refusing{})
		require.NoError(t, l.Undo("ROLLBACK TO SAVEPOINT x"))
		require.Len(t, s.batches, 1, "there is no savepoint: the host's transaction would fail")
	})

	t.Run("a commit that rolled back is none", func(t *testing.T) {
		t.Parallel()
		s := &sent{errs: []error{cut}, tag: "ROLLBACK"}
		l := newLine(s)
		require.ErrorIs(t, l.Read(ctx, sqlstore.Read{}), cut)
		require.ErrorIs(t, l.Finish("COMMIT"), pgx.ErrTxCommitRollback)
	})

	t.Run("what travels with a commit waits for others as long as the unit may", func(t *testing.T) {
		t.Parallel()
		s := &sent{}
		l := newLine(s)
		l.used, l.until = true, time.Now().Add(time.Hour)
		require.NoError(t, l.Write(ctx, write("a")...))
		require.NoError(t, l.Finish("COMMIT"))
		require.NoError(t, l.Finish("COMMIT"))
		require.Equal(t, [][]string{{l.dialect.Text(l.dialect.LockTimeout(time.Second).SQL), "a", "COMMIT"}, {"COMMIT"}}, s.batches)
	})

	t.Run("what is sent again goes once", func(t *testing.T) {
		t.Parallel()
		s := &sent{errs: []error{refusing{}, nil}}
		l := newLine(s)
		l.renew = func(context.Context) (bool, error) { return true, nil }
		require.NoError(t, l.Write(ctx, write("a")...))
		require.NoError(t, l.Read(ctx))
		require.NoError(t, l.Write(ctx, write("b")...))
		require.NoError(t, l.Read(ctx))
		require.Equal(t, [][]string{{"a"}, {"a"}, {"b"}}, s.batches)
	})

	t.Run("what failed is dropped", func(t *testing.T) {
		t.Parallel()
		s := &sent{errs: []error{cut}}
		l := newLine(s)
		require.NoError(t, l.Write(ctx, write("a", "b")...))
		require.ErrorIs(t, l.Read(ctx), cut)
		require.NoError(t, l.Read(ctx))
		require.Len(t, s.batches, 1)
	})

	t.Run("after an error what rolls back goes alone", func(t *testing.T) {
		t.Parallel()
		s := &sent{errs: []error{cut, nil, cut}}
		l := newLine(s)
		require.NoError(t, l.Write(ctx, write("a")...))
		require.ErrorIs(t, l.Read(ctx), cut)
		require.NoError(t, l.Write(ctx, sqlstore.Write{SQL: "ROLLBACK TO SAVEPOINT x"}, sqlstore.Write{SQL: "RELEASE SAVEPOINT x"}))
		require.NoError(t, l.Write(ctx, write("b")...))
		require.ErrorIs(t, l.Read(ctx), cut)
		require.Equal(t, [][]string{{"a"}, {"ROLLBACK TO SAVEPOINT x"}, {"RELEASE SAVEPOINT x", "b"}}, s.batches)
	})

	t.Run("nothing that reached the server is to be undone by nothing", func(t *testing.T) {
		t.Parallel()
		s := &sent{}
		l := newLine(s)
		require.NoError(t, l.Write(ctx, write("a")...))
		require.NoError(t, l.Undo("ROLLBACK"))
		require.Empty(t, s.batches)
	})

	t.Run("a commit is never sent twice", func(t *testing.T) {
		t.Parallel()
		for name, used := range map[string]bool{"first": false, "later": true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				// The first connection is dead, the second one breaks at the commit.
				s := &sent{errs: []error{cut, cut, cut}}
				l := newLine(s)
				renewed := 0
				l.renew = func(context.Context) (bool, error) { renewed++; return renewed < 2, nil }
				l.used = used
				require.NoError(t, l.Write(ctx, write("a")...))
				require.ErrorIs(t, l.Finish("COMMIT"), cut)
				commits := 0
				for _, batch := range s.batches {
					for _, statement := range batch {
						if statement == "COMMIT" {
							commits++
						}
					}
				}
				require.LessOrEqual(t, commits, 1)
				require.Equal(t, used, commits == 1, "it does not go along with what is sent again")
			})
		}
	})
}

package sqlstore

import (
	"context"
	"database/sql"
)

// maxStatements bounds the prepared statements of one connection.
const maxStatements = 200

// A runner runs statements on one *sql.Conn or *sql.Tx.
type runner struct {
	dialect *Dialect
	on      interface {
		PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	// prepared are the statements that are kept, by their text as the domain
	// files have it; nil keeps none, for a connection that is not the store's.
	prepared map[string]*sql.Stmt
}

// statement returns the prepared statement of a text, nil for a runner that
// keeps none.
func (r *runner) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if r.prepared == nil {
		return nil, nil
	}
	if s, ok := r.prepared[text]; ok {
		return s, nil
	}
	s, err := r.on.PrepareContext(ctx, r.dialect.Text(text))
	if err != nil {
		return nil, err
	}
	for old, victim := range r.prepared {
		if len(r.prepared) < maxStatements {
			break
		}
		victim.Close()
		delete(r.prepared, old)
	}
	r.prepared[text] = s
	return s, nil
}

// read runs one Read.
func (r *runner) read(ctx context.Context, q Read) error {
	s, err := r.statement(ctx, q.SQL)
	if err != nil {
		return err
	}
	var rows *sql.Rows
	if s != nil {
		rows, err = s.QueryContext(ctx, q.Args...)
	} else {
		rows, err = r.on.QueryContext(ctx, r.dialect.Text(q.SQL), q.Args...)
	}
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := q.Scan(rows); err != nil {
		return err
	}
	return rows.Err()
}

// steady returns a context for what goes on to its end when ctx is done
// meanwhile: to interrupt a write would end the transaction, the host's too.
func (r *runner) steady(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if r.dialect.WriteTimeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, r.dialect.WriteTimeout)
}

// write runs one Write.
func (r *runner) write(ctx context.Context, w Write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := r.steady(ctx)
	defer cancel()
	s, err := r.statement(ctx, w.SQL)
	if err != nil {
		return err
	}
	var result sql.Result
	if s != nil {
		result, err = s.ExecContext(ctx, w.Args...)
	} else {
		result, err = r.on.ExecContext(ctx, r.dialect.Text(w.SQL), w.Args...)
	}
	if err != nil || w.None == nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return w.None
}

// do writes whatever the context, for statements that end or undo something.
func (r *runner) do(statements ...string) error {
	for _, s := range statements {
		if err := r.write(context.Background(), Write{SQL: s}); err != nil {
			return err
		}
	}
	return nil
}

// close gives the kept statements back.
func (r *runner) close() {
	for _, s := range r.prepared {
		s.Close()
	}
}

// A session is the Session of a runner.
type session struct {
	*runner
	// commit and rollback are the statements that end it.
	commit, rollback []string
	// ended gives the runner back; err is that of a rollback.
	ended func(err error)
	done  bool
	// lost is the error of the rollback.
	lost error
}

func (s *session) Read(ctx context.Context, reads ...Read) error {
	for _, r := range reads {
		if err := s.read(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Write(ctx context.Context, writes ...Write) error {
	for _, w := range writes {
		if err := s.write(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		s.Rollback()
		return err
	}
	if err := s.do(s.commit...); err != nil {
		s.Rollback()
		return err
	}
	s.done = true
	s.ended(nil)
	return nil
}

func (s *session) Rollback() error {
	if !s.done {
		s.done = true
		s.lost = s.do(s.rollback...)
		s.ended(s.lost)
	}
	return s.lost
}

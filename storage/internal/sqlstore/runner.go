package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
)

// maxStatements bounds the prepared statements of one connection.
const maxStatements = 200

// A runner is the Line of database/sql: it runs each statement at once, on a
// *sql.Conn or *sql.Tx.
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
	// host says that the transaction is the host's.
	host bool
	// share makes reads see what is committed now: see [Dialect].Share.
	share bool
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

func (r *runner) Read(ctx context.Context, reads ...Read) error {
	for _, q := range reads {
		if err := r.read(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) read(ctx context.Context, q Read) error {
	s, err := r.statement(ctx, q.SQL)
	if err != nil {
		return err
	}
	args := r.dialect.Asked(q.Args)
	var rows *sql.Rows
	switch {
	case s != nil:
		rows, err = s.QueryContext(ctx, args...)
	case r.share:
		rows, err = r.on.QueryContext(ctx, r.dialect.sharedText(q.SQL), args...)
	default:
		rows, err = r.on.QueryContext(ctx, r.dialect.Text(q.SQL), args...)
	}
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := q.Scan(rows); err != nil {
		return err
	}
	// Whoever wants one row does not see an error that comes behind it.
	return cmp.Or(rows.Close(), rows.Err())
}

// steady returns the context of a write. To interrupt one ends the transaction:
// that of the host, who would not expect it, or on an engine in the same
// process, which needs no interruption. There it goes on to its end when ctx is
// done meanwhile; a connection of a pool over a network is given up instead.
func (r *runner) steady(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.host || r.dialect.WriteTimeout == 0 {
		ctx = context.WithoutCancel(ctx)
	}
	return r.dialect.Bounded(ctx)
}

func (r *runner) Write(ctx context.Context, writes ...Write) error {
	for _, w := range writes {
		if err := r.write(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) write(ctx context.Context, w Write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !w.Long {
		var cancel context.CancelFunc
		ctx, cancel = r.steady(ctx)
		defer cancel()
	}
	s, err := r.statement(ctx, w.SQL)
	if err != nil {
		return err
	}
	args := r.dialect.Values(w.Args)
	var result sql.Result
	if s != nil {
		result, err = s.ExecContext(ctx, args...)
	} else {
		result, err = r.on.ExecContext(ctx, r.dialect.Text(w.SQL), args...)
	}
	if err != nil || w.None == nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	if w.Row == "" || !r.dialect.CountsChanged {
		return w.None
	}
	found := false
	err = r.read(ctx, Read{SQL: w.Row, Args: args[len(args)-1:], Scan: func(rows Rows) error { found = rows.Next(); return nil }})
	if err == nil && !found {
		err = w.None
	}
	return err
}

// Finish runs the statements: nothing was held back.
func (r *runner) Finish(statements ...string) error {
	for _, s := range statements {
		if err := r.write(context.Background(), Write{SQL: s}); err != nil {
			return err
		}
	}
	return nil
}

// Undo runs the statements: everything has reached the engine.
func (r *runner) Undo(statements ...string) error { return r.Finish(statements...) }

// close gives the kept statements back.
func (r *runner) close() {
	for _, s := range r.prepared {
		s.Close()
	}
}

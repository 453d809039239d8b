package schema

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"regexp"
)

// A Statement is what was sent to SQLite, and the steps of its plan.
type Statement struct {
	SQL  string
	Plan []string
}

// Record opens a database of SQLite, and adds every statement that reads or
// changes rows there to a list. It is for one goroutine.
func Record(d driver.Driver, name string, into *[]Statement) *sql.DB {
	return sql.OpenDB(recorder{d, name, into})
}

type recorder struct {
	driver driver.Driver
	name   string
	into   *[]Statement
}

func (r recorder) Driver() driver.Driver { return r.driver }

func (r recorder) Connect(context.Context) (driver.Conn, error) {
	c, err := r.driver.Open(r.name)
	if err != nil {
		return nil, err
	}
	return recorded{c.(conn), r.into}, nil
}

// conn is what a connection has to be, so that nothing is prepared.
type conn interface {
	driver.Conn
	driver.QueryerContext
	driver.ExecerContext
	driver.SessionResetter
	driver.Validator
}

type recorded struct {
	conn
	into *[]Statement
}

func (c recorded) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.note(ctx, query, args); err != nil {
		return nil, err
	}
	return c.conn.QueryContext(ctx, query, args)
}

func (c recorded) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.note(ctx, query, args); err != nil {
		return nil, err
	}
	return c.conn.ExecContext(ctx, query, args)
}

var aboutRows = regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE)\b`)

func (c recorded) note(ctx context.Context, query string, args []driver.NamedValue) error {
	if !aboutRows.MatchString(query) {
		return nil
	}
	rows, err := c.conn.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	s, step := Statement{SQL: query}, make([]driver.Value, len(rows.Columns()))
	for err = rows.Next(step); err == nil; err = rows.Next(step) {
		s.Plan = append(s.Plan, step[len(step)-1].(string))
	}
	if err != io.EOF {
		return err
	}
	*c.into = append(*c.into, s)
	return nil
}

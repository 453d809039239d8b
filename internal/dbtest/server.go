package dbtest

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"testing"
	"time"
)

// patience is how long a server may take over anything a test waits for.
const patience = 30 * time.Second

// A server is an engine that tests run against, and what it says differently.
type server struct {
	name     string
	driver   string
	variable string // the environment variable that holds its DSN
	example  string // a DSN
	start    string // how to start one on Debian
	// create, drop and names make, drop and list schemas; tables lists the
	// tables of one.
	create, drop, names, tables string
	// own returns the DSN for whoever uses a schema, and the DSN to make,
	// empty and drop it with.
	own func(dsn, schema string) (user, owner string, err error)
	// empty returns the statements that delete every row of the tables.
	empty func(schema string, tables []string) []string

	sweep sync.Once
}

// dsn returns the DSN of the server, or ends the test.
func (s *server) dsn(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(s.variable)
	if dsn == "" {
		missing(t, "no %s server to test with: set %s to a DSN such as %s (to start one on Debian: %s)",
			s.name, s.variable, s.example, s.start)
	}
	return dsn
}

// connect returns a pool on a DSN of the server, or ends the test.
func (s *server) connect(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	db, err := sql.Open(s.driver, dsn)
	if err == nil {
		db.SetMaxIdleConns(1)
		db.SetConnMaxIdleTime(time.Second) // many tests wait at a time, and connections are few
		if err = db.PingContext(ctx); err == nil {
			return db
		}
		db.Close()
	}
	t.Fatalf("the %s server of %s cannot be reached: start it (on Debian: %s) or mend the variable: %v", s.name, s.variable, s.start, err)
	return nil
}

// missing skips the test, or fails it where nothing may be missing.
func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

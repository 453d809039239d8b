package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Schema is a test's own place for tables: a schema on PostgreSQL; a database
// on MySQL, which calls that a schema as well.
type Schema struct {
	DSN  string
	Name string
}

// A holding is a schema with the connection of who made it.
type holding struct {
	Schema
	server *server
	db     *sql.DB
	empty  []string // statements, once it is migrated
}

// prefix begins the names of all schemas; the time they were made follows.
const prefix = "superapp_test_"

var schemaName = regexp.MustCompile("^" + prefix + `(\d+)_[a-z0-9]+$`)

// abandoned is the age at which a schema was left behind by a run that was
// killed.
const abandoned = time.Hour

// fresh makes a schema for test t, which lasts until owner ends.
func (s *server) fresh(t, owner testing.TB) Schema {
	t.Helper()
	return s.make(t, owner).Schema
}

func (s *server) make(t, owner testing.TB) *holding {
	t.Helper()
	dsn := s.dsn(t)
	name := fmt.Sprintf("%s%d_%s", prefix, time.Now().Unix(), strings.ToLower(rand.Text()[:12]))
	own, admin, err := s.own(dsn, name)
	if err != nil {
		t.Fatalf("%s holds no DSN of %s such as %s: %v", s.variable, s.name, s.example, err)
	}
	h := &holding{Schema: Schema{DSN: own, Name: name}, server: s, db: s.connect(t, admin)}
	owner.Cleanup(func() { h.end(owner) })
	s.sweep.Do(func() { s.sweepAbandoned(t, h.db) })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := h.db.ExecContext(ctx, fmt.Sprintf(s.create, name)); err != nil {
		t.Fatalf("make schema %s: the user of %s must be allowed to: %v", name, s.variable, err)
	}
	return h
}

// end drops the schema.
func (h *holding) end(t testing.TB) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	defer h.db.Close()
	if _, err := h.db.ExecContext(ctx, fmt.Sprintf(h.server.drop, h.Name)); err != nil {
		t.Errorf("drop schema %s: is a transaction still open in it? %v", h.Name, err)
	}
}

// sweepAbandoned drops what killed runs left behind. Another process may be at
// it too, so that errors only show in the log.
func (s *server) sweepAbandoned(t testing.TB, db *sql.DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	names, err := texts(ctx, db, s.names)
	if err != nil {
		t.Logf("list the schemas: %v", err)
	}
	for _, name := range names {
		parts := schemaName.FindStringSubmatch(name)
		if parts == nil {
			continue
		}
		made, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil || time.Since(time.Unix(made, 0)) < abandoned {
			continue
		}
		if _, err := db.ExecContext(ctx, fmt.Sprintf(s.drop, name)); err != nil {
			t.Logf("drop the abandoned schema %s: %v", name, err)
		}
	}
}

// texts reads a column of texts.
func texts(ctx context.Context, db *sql.DB, query string, args ...any) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

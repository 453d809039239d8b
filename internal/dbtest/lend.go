package dbtest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
)

// migrations ends the name of the table whose rows stay, whatever its prefix.
const migrations = "superapp_migration"

// lend returns the function behind [MigratedPostgres] and [MigratedMySQL].
func (s *server) lend(owner testing.TB, migrate func(context.Context, Schema) error) func(testing.TB) Schema {
	var mu sync.Mutex
	var free []*holding
	take := func() (h *holding) {
		mu.Lock()
		defer mu.Unlock()
		if n := len(free); n > 0 {
			h, free = free[n-1], free[:n-1]
		}
		return h
	}
	return func(t testing.TB) Schema {
		t.Helper()
		h := take()
		if h == nil {
			h = s.make(t, owner)
			if err := migrate(t.Context(), h.Schema); err != nil {
				t.Fatalf("migrate schema %s: %v", h.Name, err)
			}
			h.prepare(t)
		}
		t.Cleanup(func() {
			if h.clear(t) {
				mu.Lock()
				defer mu.Unlock()
				free = append(free, h)
			}
		})
		return h.Schema
	}
}

// prepare finds out how to empty the schema.
func (h *holding) prepare(t testing.TB) {
	t.Helper()
	tables, err := texts(t.Context(), h.db, h.server.tables, h.Name)
	if err != nil {
		t.Fatalf("list the tables of schema %s: %v", h.Name, err)
	}
	tables = slices.DeleteFunc(tables, func(name string) bool { return strings.HasSuffix(name, migrations) })
	if len(tables) == 0 {
		t.Fatalf("schema %s has no table after it was migrated", h.Name)
	}
	h.empty = h.server.empty(h.Name, tables)
}

// clear deletes every row, and reports whether that went well.
func (h *holding) clear(t testing.TB) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tx, err := h.db.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback()
		for _, statement := range h.empty {
			if _, err = tx.ExecContext(ctx, statement); err != nil {
				break
			}
		}
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		t.Errorf("empty schema %s: is a transaction still open in it? %v", h.Name, err)
	}
	return err == nil
}

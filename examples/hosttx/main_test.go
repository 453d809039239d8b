package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/internal/dbtest"
)

// story is what is told on every engine, and each time anew on one database.
const story = `A seat for dee@lake.example is sold: the order and the invitation are committed together.
  sold, and a link was mailed
  stored: 1 orders; invited: dee@lake.example
A seat for eve@lake.example: the card is declined after she was invited, and the host rolls back.
  failed: the card was declined
  stored: 1 orders; invited: dee@lake.example
Another seat for dee@lake.example: she is invited already, her second invitation is refused, and the order still stands.
  sold
  stored: 2 orders; invited: dee@lake.example
`

func TestStory(t *testing.T) {
	t.Parallel()
	for engine, dsn := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "host.db") },
		"postgres": func(t *testing.T) string { return dbtest.Postgres(t).DSN },
		"mysql":    func(t *testing.T) string { return dbtest.MySQL(t).DSN },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			place := dsn(t)
			for range 2 {
				var out, errs bytes.Buffer
				require.Equal(t, 0, run([]string{"-db", engine, "-dsn", place}, &out, &errs), &errs)
				require.Equal(t, story, out.String())
				require.Empty(t, errs.String())
			}
		})
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a server needs an address", []string{"-db", "postgres"}, 2, "-dsn"},
		{"nothing else is taken", []string{"more"}, 2, "-dsn"},
		{"no such flag", []string{"-x"}, 2, "-x"},
		{"help", []string{"-h"}, 0, "-db"},
		{"no such engine", []string{"-db", "oracle", "-dsn", "x"}, 1, "want sqlite, postgres or mysql"},
		{"nobody answers", []string{"-db", "postgres", "-dsn", "postgres://127.0.0.1:1/none"}, 1, "the database cannot be reached"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			require.Equal(t, c.code, run(c.args, &out, &errs))
			require.Contains(t, errs.String(), c.says)
			require.Empty(t, out.String())
		})
	}
}

package dbtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A borrower is a test of which a benchmark runs many.
type borrower struct {
	testing.TB
	cleanups []func()
}

func (b *borrower) Cleanup(fn func()) { b.cleanups = append(b.cleanups, fn) }

func (b *borrower) end() {
	for i := len(b.cleanups) - 1; i >= 0; i-- {
		b.cleanups[i]()
	}
}

// BenchmarkSchema shows what it saves to lend a schema again: fresh makes,
// migrates and drops one, lent empties one.
func BenchmarkSchema(b *testing.B) {
	for _, e := range engines {
		b.Run(e.name+"/fresh", func(b *testing.B) {
			for b.Loop() {
				t := &borrower{TB: b}
				require.NoError(b, e.migrate(b.Context(), e.fresh(t)))
				t.end()
			}
		})
		b.Run(e.name+"/lent", func(b *testing.B) {
			lend := e.migrated(b, e.migrate)
			borrow := func() {
				t := &borrower{TB: b}
				lend(t)
				t.end()
			}
			borrow() // makes it
			for b.Loop() {
				borrow()
			}
		})
	}
}

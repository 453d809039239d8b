package memory

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
)

// key is that of the n-th name that somebody made up.
func (t *town) key(n int) (key [32]byte) {
	binary.BigEndian.PutUint64(key[:], uint64(n)+1)
	return key
}

// invented counts a failure of it at a time.
func (t *town) invented(ctx context.Context, tx storage.Tx, n int, at time.Time) error {
	return tx.PutAttempts(ctx, signin.Attempts{Workspace: t.tenant.ID, Key: t.key(n), Failures: 1, Until: at.Add(15 * time.Minute)}, at)
}

// BenchmarkAttempts counts a try where few and where many names were tried lately.
// It takes about as long, or whoever invents names would make everybody wait.
func BenchmarkAttempts(b *testing.B) {
	for _, names := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("names=%d", names), func(b *testing.B) {
			town := newTown(b, 0, 0)
			town.do(b, func(ctx context.Context, tx storage.Tx) error {
				for n := range names {
					if err := town.invented(ctx, tx, n, now); err != nil {
						return err
					}
				}
				return nil
			})
			for i := 0; b.Loop(); i++ {
				town.do(b, func(ctx context.Context, tx storage.Tx) error { return town.invented(ctx, tx, i%10, now) })
			}
		})
	}
}

// TestAttemptsIndex: what was replaced, cleared or has ended is in no index, and
// each that is counted is forgotten in its time.
func TestAttemptsIndex(t *testing.T) {
	t.Parallel()
	town := newTown(t, 0, 0)
	keys := func() (at, ends []signin.Attempts) {
		s := town.store.root.Load()
		for _, a := range s.attempts.Items() {
			at = append(at, *a.record)
		}
		for _, a := range s.attemptEnds.Items() {
			ends = append(ends, *a.record)
		}
		return at, ends
	}
	for i, want := range []int{1, 2, 3, 3, 3, 1} {
		town.do(t, func(ctx context.Context, tx storage.Tx) error {
			at := now.Add(time.Duration(i) * time.Minute)
			if i == 5 {
				at = at.Add(14 * time.Minute)
			}
			return town.invented(ctx, tx, i%3, at)
		})
		at, ends := keys()
		require.Len(t, at, want)
		require.ElementsMatch(t, at, ends)
	}
	town.do(t, func(ctx context.Context, tx storage.Tx) error {
		return tx.PutAttempts(ctx, signin.Attempts{Workspace: town.tenant.ID, Key: town.key(2)}, now)
	})
	at, ends := keys()
	require.Empty(t, at)
	require.Empty(t, ends)
}

package storagetest

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// guessRaces are the cases about concurrency for passwords.
var guessRaces = []testCase{
	{"no more guesses than are allowed", "of units that read the failures of one name and count another, no two see the same number: so that of guesses at the same time as many are looked at as a workspace allows (M14)", guesses},
}

// guesses are units that count the failures of one name at the same time.
func guesses(b *bench) {
	t, key := b.newTown(), [32]byte{9}
	const racers, limit = 24, 5
	allowed := make([]bool, racers)
	lock := unit.Scope{Query: rbac.Query{Object: rbac.OnWorkspace(t.developer.ID)}}
	errs := b.race(racers, func(i int, s storage.Store) error {
		return s.Update(b.Context(), lock, func(ctx context.Context, tx storage.Tx) error {
			found, err := tx.Passwords(ctx, signin.Query{Workspace: t.developer.ID, Key: key})
			if err != nil {
				return err
			}
			a := found.Attempts
			if allowed[i] = a.Failures < limit; !allowed[i] {
				return nil
			}
			a.Failures, a.Until = a.Failures+1, now.Add(time.Hour)
			return tx.PutAttempts(ctx, a, now)
		})
	})
	n := 0
	for i, err := range errs {
		b.ok(err)
		if allowed[i] {
			n++
		}
	}
	b.same("the guesses that were looked at", n, limit)
	b.same("the failures", b.attempts(t.developer, key), signin.Attempts{
		Workspace: t.developer.ID, Key: key, Failures: limit, Until: now.Add(time.Hour),
	})
}

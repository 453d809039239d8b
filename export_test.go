package superapp

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// Recording is a store that tells the events and effects of each unit before it is
// committed.
type Recording struct {
	storage.Store
	Done func([]audit.Event, Effects)
}

func (s Recording) Update(ctx context.Context, scope unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return s.Store.Update(ctx, scope, func(ctx context.Context, tx storage.Tx) error {
		var r recording
		if err := fn(ctx, recorder{tx, &r}); err != nil {
			return err
		}
		e, err := r.effects(ctx, tx)
		if err == nil {
			s.Done(r.events, e)
		}
		return err
	})
}

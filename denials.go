package superapp

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A watched is a store that tells what its units were denied, once they have ended.
type watched struct {
	storage.Store
	denied func(context.Context, ...*rbac.DeniedError)
}

func (w watched) View(ctx context.Context, fn func(context.Context, storage.Reader) error) error {
	return w.tell(ctx, w.Store.View(ctx, fn))
}

func (w watched) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return w.tell(ctx, w.Store.Update(ctx, s, fn))
}

func (w watched) tell(ctx context.Context, err error) error {
	if denied, ok := errors.AsType[*rbac.DeniedError](err); ok {
		w.denied(ctx, denied)
	}
	return err
}

// recordTime is how long whoever was denied waits for the record of it.
const recordTime = 2 * time.Second

// recordDenials records what verbs were denied. They do not fail for it, and a caller
// who leaves is recorded nevertheless.
func (p *Platform) recordDenials(ctx context.Context, all ...*rbac.DeniedError) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	for _, denied := range all {
		if err := p.Audit.RecordDenial(ctx, denied); err != nil {
			p.env.Log.LogAttrs(ctx, slog.LevelWarn, "denial not recorded", slog.String("permission", denied.Decision.Name()),
				slog.String("request", denied.Actor.Request()), slog.Any("error", err))
		}
	}
}

// nest runs fn in a unit with a maker of platforms within it. What their verbs are
// denied is told when the unit has ended: written inside, it would be rolled back
// with it, and would lock workspaces that the unit does not name.
func (p *Platform) nest(ctx context.Context, s unit.Scope, fn func(ctx context.Context, tx storage.Tx, within func(storage.Tx) *Platform) error) error {
	var all []*rbac.DeniedError
	err := p.bare.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error {
		all = nil // the unit may run again
		return fn(ctx, tx, func(tx storage.Tx) *Platform {
			return p.over(storage.Within(tx), func(_ context.Context, denied ...*rbac.DeniedError) { all = append(all, denied...) })
		})
	})
	if p.denied != nil && len(all) > 0 {
		p.denied(ctx, all...)
	}
	return err
}

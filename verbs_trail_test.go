package superapp_test

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// trailVerbs are those of the trail, and of what is delivered from it.
var trailVerbs = map[string]verb{
	"Audit.Export": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Audit.Export(ctx, k.As(rbac.DeveloperAdmin), audit.Filter{Workspace: k.Merchant}, io.Discard)
		return err
	}},
	"Audit.Denials": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Audit.Denials(ctx, k.As(rbac.DeveloperAdmin), audit.DenialFilter{Workspace: k.Merchant}, page.Request{})
		return err
	}},
	// Where denials are switched off, as in most tests, it does nothing. See TestDenials.
	"Audit.RecordDenial": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		err := p.Access.Check(ctx, k.As(rbac.Developer), rbac.BlockMember, rbac.OnWorkspace(k.Merchant))
		if !errors.Is(err, rbac.ErrDenied) {
			return err
		}
		return p.Audit.RecordDenial(ctx, err)
	}},
	"Audit.On": {nil, nil}, // gives a service another store, and asks nothing of it
	// What happened to the member is one page, which is one unit; nothing else names
	// him.
	"Audit.Erase": {[]audit.Verb{audit.EventErased}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Audit.Erase(ctx, superapptest.System, audit.Erase{Workspace: k.Merchant, Account: superapptest.Account(rbac.Developer)})
		return err
	}},

	// It makes a dispatcher, and asks nothing of the store.
	"Delivery.Dispatcher": {nil, nil},
	"Delivery.DeadLetters": {nil, withLetter(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Delivery.DeadLetters(ctx, superapptest.System, delivery.Filter{Handler: "crm"}, page.Request{})
		return err
	})},
	"Delivery.Retry": {[]audit.Verb{delivery.EventRetried}, withLetter(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Delivery.Retry(ctx, superapptest.System, "crm", k.Tenant, 1)
	})},
	"Delivery.Drop": {[]audit.Verb{delivery.EventDropped}, withLetter(func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Delivery.Drop(ctx, superapptest.System, "crm", k.Tenant, 1)
	})},
}

// withLetter calls with a dead letter of the tenant's first event in the store.
func withLetter(call func(context.Context, *superapptest.Kit, *superapp.Platform) error) func(context.Context, *superapptest.Kit, *superapp.Platform) error {
	return func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if err := k.Store.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			if err := tx.RegisterHandler(ctx, delivery.Registration{Handler: "crm", At: k.Clock.Now()}); err != nil {
				return err
			}
			return tx.PutDeadLetter(ctx, delivery.DeadLetter{Handler: "crm", Workspace: k.Tenant, Seq: 1, Attempts: 20, Error: "down", FailedAt: k.Clock.Now()})
		}); err != nil {
			return err
		}
		return call(ctx, k, p)
	}
}

// inSteps are the verbs of several units, of which each leaves nothing if it fails:
// those before it stand.
var inSteps = map[string]bool{"Audit.Erase": true}

// furtherTrail are lists of another kind.
var furtherTrail = map[string][]call{
	"Audit.Denials": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
		for _, f := range []audit.DenialFilter{{Actor: superapptest.System}, {Object: rbac.OnWorkspace(k.Merchant)}} {
			f.Workspace = k.Merchant
			_, e := p.Audit.Denials(ctx, superapptest.System, f, page.Request{})
			err = errors.Join(err, e)
		}
		return err
	}},
	"Audit.List": {func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) (err error) {
		for _, f := range []audit.Filter{
			{Actor: superapptest.System}, {Object: rbac.OnWorkspace(k.Merchant)}, {Verbs: []audit.Verb{"member.invited", "member.left"}}, {From: superapptest.Start},
		} {
			f.Workspace = k.Merchant
			_, e := p.Audit.List(ctx, superapptest.System, f, page.Request{})
			err = errors.Join(err, e)
		}
		return err
	}},
}

// dispatched asks a store what a dispatcher does that has nothing to deliver.
func dispatched(ctx context.Context, s storage.Store) error {
	return s.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
		now := superapptest.Start
		err := tx.RegisterHandler(ctx, delivery.Registration{Handler: "crm", At: now})
		_, errClaim := tx.ClaimDeliveries(ctx, delivery.Claim{Handler: "crm", Lease: id.New(), Now: now, Until: now.Add(time.Minute), Limit: 8})
		errSave := tx.SaveDelivery(ctx, delivery.Progress{Handler: "crm", Workspace: id.Workspace{UUID: id.New()}, Lease: id.New()})
		if errors.Is(errSave, delivery.ErrLease) {
			errSave = nil
		}
		_, errLetters := tx.DeadLetters(ctx, delivery.Query{Handler: "crm", Workspace: id.Workspace{UUID: id.New()}, Again: true, Limit: 20})
		return errors.Join(err, errClaim, errSave, errLetters, tx.RestDeliveries(ctx, 10))
	})
}

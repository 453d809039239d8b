package feature

import (
	"context"
	"encoding/json"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// A Change is one change of a feature, whose states are [Past], or of a JSAPI,
// whose states are [PastJSAPI].
type Change[S any] struct {
	Verb audit.Verb
	At   time.Time
	// By made it; "" if the platform operator did.
	By id.Account
	// Before and After are what it was and what it became; Before is nil for what
	// was new.
	Before, After *S
}

// Past is what a feature was at some time.
type Past struct {
	Snapshot
	SnapshotPersonal
}

// PastJSAPI is what a JSAPI was at some time.
type PastJSAPI struct {
	JSAPISnapshot
	SnapshotPersonal
}

// History returns a page of what became of a feature, oldest first (F1). It is for
// those who hold feature.catalog.view in the tenant itself: anyone else gets a
// *rbac.DeniedError, or [ErrNotFound] if he is no member there.
func (s *Service) History(ctx context.Context, actor rbac.Actor, f id.Feature, req page.Request) (page.Page[Change[Past]], error) {
	return history[Past](ctx, s, actor, rbac.OnFeature(f), ErrNotFound, req)
}

// JSAPIHistory returns a page of what became of a JSAPI, oldest first (F1). It is
// for those who hold feature.catalog.view in the tenant itself: anyone else gets a
// *rbac.DeniedError, or [ErrJSAPINotFound] if he is no member there.
func (s *Service) JSAPIHistory(ctx context.Context, actor rbac.Actor, j id.JSAPI, req page.Request) (page.Page[Change[PastJSAPI]], error) {
	return history[PastJSAPI](ctx, s, actor, rbac.OnJSAPI(j), ErrJSAPINotFound, req)
}

func history[S any](ctx context.Context, s *Service, actor rbac.Actor, on rbac.Object, notFound error, req page.Request) (p page.Page[Change[S]], err error) {
	defer fault.Wrap(&err, "feature: history")
	list := "feature.history:" + on.ID.String()
	q, err := audit.Query{Object: on}.At(list, req)
	if err != nil {
		return p, err
	}
	var found page.Page[audit.Event]
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ViewFeatureCatalog, on, notFound)
		if err != nil {
			return err
		}
		q.Workspace = facts.Owner
		found, err = q.Page(ctx, r, list)
		return err
	})
	if err != nil {
		return p, err
	}
	p.Next = found.Next
	for _, e := range found.Items {
		c, err := changeOf[S](e)
		if err != nil {
			return page.Page[Change[S]]{}, err
		}
		p.Items = append(p.Items, c)
	}
	return p, nil
}

// changeOf reads an event.
func changeOf[S any](e audit.Event) (c Change[S], err error) {
	c = Change[S]{Verb: e.Verb, At: e.At}
	if !e.System {
		c.By = id.Account(e.Actor)
	}
	data, err := e.DecodeData()
	if err != nil {
		return c, err
	}
	personal, err := e.DecodePersonal()
	if err != nil {
		return c, err
	}
	if c.Before, err = past[S](data.Before, personal.Before); err != nil {
		return c, err
	}
	c.After, err = past[S](data.After, personal.After)
	return c, err
}

// past joins the two parts of a state; nil if there was none.
func past[S any](state, personal json.RawMessage) (*S, error) {
	if state == nil {
		return nil, nil
	}
	s := new(S)
	if err := json.Unmarshal(state, s); err != nil {
		return nil, err
	}
	if personal == nil {
		return s, nil
	}
	return s, json.Unmarshal(personal, s)
}

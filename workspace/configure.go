package workspace

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Configuration is what a workspace sets, and what holds in it.
type Configuration struct {
	// Own is what the workspace sets, Tenant what its tenant does: the same for a
	// tenant.
	Own, Tenant Settings
	// Effective is what holds: every field is set, but for Security.MaxAge where
	// nobody sets one.
	Effective Settings
}

// Settings returns what a workspace sets and what holds in it (W8). The caller
// needs workspace.settings.manage.
func (s *Service) Settings(ctx context.Context, actor rbac.Actor, w id.Workspace) (c Configuration, err error) {
	defer fault.Wrap(&err, "workspace: settings")
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		if _, err := s.env.Authorize(ctx, r, actor, rbac.ManageWorkspaceSettings, rbac.OnWorkspace(w), ErrNotFound); err != nil {
			return err
		}
		c, err = s.configuration(ctx, r, w)
		return err
	})
	if err != nil {
		return Configuration{}, err
	}
	return c, nil
}

func (s *Service) configuration(ctx context.Context, r Reader, w id.Workspace) (Configuration, error) {
	own, tenant, err := r.Settings(ctx, w)
	return Configuration{own, tenant, Effective(own, tenant, s.defaults)}, err
}

// SetSettings replaces what a workspace sets: a zero field is set no more (W8).
// The caller needs workspace.settings.manage. A developer workspace cannot be laxer
// than its tenant allows; if the tenant becomes stricter later, that holds at once,
// and what the workspace set comes back when the tenant is laxer again. How long
// an invitation is valid was fixed when it was sent; who may accept it is what holds
// when he does. Errors: *fault.InvalidError, *rbac.DeniedError,
// [ErrNotFound]. The same settings a second time change nothing.
func (s *Service) SetSettings(ctx context.Context, actor rbac.Actor, w id.Workspace, set Settings) (c Configuration, err error) {
	defer fault.Wrap(&err, "workspace: set settings")
	var problems fault.Problems
	if set.check(&problems); len(problems) > 0 {
		return c, problems.Err()
	}
	on := rbac.OnWorkspace(w)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.ManageWorkspaceSettings, on, ErrNotFound)
		if err != nil {
			return err
		}
		if c, err = s.configuration(ctx, tx, w); err != nil {
			return err
		}
		before := c.Own
		c.Own = set
		if facts.Owner == facts.Tenant {
			c.Tenant = set
		} else {
			var problems fault.Problems
			if set.checkWithin(&problems, Effective(c.Tenant, c.Tenant, s.defaults)); len(problems) > 0 {
				return problems.Err()
			}
		}
		c.Effective = Effective(c.Own, c.Tenant, s.defaults)
		if before == set {
			return nil
		}
		if err := tx.PutSettings(ctx, w, set); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			Workspace: w, Verb: EventSettingsSet, Object: on, Actor: actor, At: s.env.Now(), Before: before, After: set,
		})
	})
	if err != nil {
		return Configuration{}, err
	}
	return c, nil
}

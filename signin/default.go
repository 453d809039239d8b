package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// SetDefault sets the password that a reset gives in a workspace, of which the hash
// alone is kept (M14). It holds in that workspace, not in those under it. Without
// one, which is safer, a reset makes a one-time password. The caller needs
// workspace.settings.manage. Errors: *fault.InvalidError for one that breaks the
// workspace's own policy; workspace.ErrNotFound. A second call replaces it; members
// who have the one before keep it until it expires.
func (s *Service) SetDefault(ctx context.Context, actor rbac.Actor, w id.Workspace, p Password) (err error) {
	defer fault.Wrap(&err, "signin: set default")
	if err := s.on(); err != nil {
		return err
	}
	prepared, ok := p.prepared()
	if !ok {
		return unusable("default_password")
	}
	// Why first in a snapshot: see SetPassword.
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		_, err := s.standard(ctx, r, actor, w, prepared)
		return err
	})
	if err != nil {
		return err
	}
	hash, err := s.options.Hasher.Hash(ctx, prepared)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(w)), func(ctx context.Context, tx Tx) error {
		policy, err := s.standard(ctx, tx, actor, w, prepared)
		if err != nil {
			return err
		}
		now := s.env.Now()
		if err := tx.PutDefaultPassword(ctx, w, Default{Hash: hash, Policy: policy, SetAt: now}); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, EventDefaultSet, w, now)
	})
}

// standard returns the policy that the default password was checked by.
func (s *Service) standard(ctx context.Context, r Reader, actor rbac.Actor, w id.Workspace, p Password) (policy Policy, err error) {
	if _, err := s.env.Authorize(ctx, r, actor, rbac.ManageWorkspaceSettings, rbac.OnWorkspace(w), workspace.ErrNotFound); err != nil {
		return policy, err
	}
	own, above, err := r.Settings(ctx, w)
	if err != nil {
		return policy, err
	}
	policy = PolicyOf(s.security(own, above))
	var problems fault.Problems
	policy.check(&problems, "default_password", p)
	return policy, problems.Err()
}

// ClearDefault takes the default password of a workspace away, so that a reset makes
// a one-time password. The caller needs workspace.settings.manage. Errors:
// workspace.ErrNotFound. It changes nothing where there is none, so the second time.
func (s *Service) ClearDefault(ctx context.Context, actor rbac.Actor, w id.Workspace) (err error) {
	defer fault.Wrap(&err, "signin: clear default")
	if err := s.on(); err != nil {
		return err
	}
	on := rbac.OnWorkspace(w)
	return s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		if _, err := s.env.Authorize(ctx, tx, actor, rbac.ManageWorkspaceSettings, on, workspace.ErrNotFound); err != nil {
			return err
		}
		before, err := tx.Passwords(ctx, Query{Workspace: w, Default: true})
		if err != nil || before.Default.Hash == "" {
			return err
		}
		if err := tx.PutDefaultPassword(ctx, w, Default{}); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, EventDefaultCleared, w, s.env.Now())
	})
}

// tell reports that a workspace has another default password, or none.
func (s *Service) tell(ctx context.Context, tx Tx, actor rbac.Actor, verb audit.Verb, w id.Workspace, now time.Time) error {
	return audit.Append(ctx, tx, audit.Entry{Workspace: w, Verb: verb, Object: rbac.OnWorkspace(w), Actor: actor, At: now})
}

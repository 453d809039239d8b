package signin

import (
	"context"
	"crypto/rand"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
)

// A Given is what a reset has set.
type Given struct {
	// Member is whose password it is, Credential says until when it works. Its hash
	// is left out.
	Member     member.Member
	Credential Credential
	// Password is the one-time password: it is returned once, and stored nowhere.
	// It is "" if the workspace's default password was set.
	Password Password
}

// oneTime is the length of a one-time password: 80 bits, in capitals and digits.
const oneTime = 16

// Reset sets an active member's password to the workspace's default or, if it has
// none, to a one-time password, which is returned once (M14). It must be changed
// first, within the period that the workspace sets; failures are forgotten. It is
// also how a member gets his first one from somebody else. Sessions that the host
// keeps go on: end them.
//
// The caller needs member.password.reset. Errors: member.ErrNotFound; member.ErrSelf;
// a *member.StateError unless he is active; a *member.CeilingError for somebody who
// holds more than the caller (M12); [ErrDefaultOutdated]. A second reset gives another
// password, and starts the period again.
func (s *Service) Reset(ctx context.Context, actor rbac.Actor, m id.Member, reason string) (g Given, err error) {
	defer fault.Wrap(&err, "signin: reset")
	if err := s.on(); err != nil {
		return g, err
	}
	var problems fault.Problems
	reason = text.Line(&problems, "reason", reason, 0, member.MaxReason)
	if err := problems.Err(); err != nil {
		return g, err
	}
	// Why first in a snapshot: see SetPassword.
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		_, _, err := s.resettable(ctx, r, actor, m)
		return err
	})
	if err != nil {
		return g, err
	}
	p := Password(rand.Text()[:oneTime])
	hash, err := s.options.Hasher.Hash(ctx, p)
	if err != nil {
		return g, err
	}
	err = s.store.Update(ctx, unit.On(actor, rbac.OnMember(m)), func(ctx context.Context, tx Tx) error {
		on, before, err := s.resettable(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		after := Credential{Member: m, Hash: hash, MustChange: true, SetAt: on.now, ExpiresAt: on.now.Add(on.security.ResetValidity)}
		g = Given{Member: on.Member, Password: p}
		standard := before.Default.Hash
		if standard != "" {
			after.Hash, g.Password = standard, ""
		}
		g.Credential = after
		g.Credential.Hash = ""
		if err := tx.PutCredential(ctx, after); err != nil {
			return err
		}
		if err := tx.PutAttempts(ctx, Attempts{Workspace: on.Workspace, Key: on.key()}, on.now); err != nil {
			return err
		}
		return s.append(ctx, tx, actor, EventReset, on.Member, reason, on.now, before.Credential.snapshot(), reset{after, standard != ""})
	})
	if err != nil {
		return Given{}, err
	}
	return g, nil
}

// resettable returns the member whose password the actor may reset now, with the
// present one and the default that he gets, if there is one.
func (s *Service) resettable(ctx context.Context, r Reader, actor rbac.Actor, m id.Member) (on upon, kept Kept, err error) {
	if on, err = s.upon(ctx, r, actor, m); err != nil {
		return on, kept, err
	}
	if err := active(on.Member, ActionResetPassword, on.now); err != nil {
		return on, kept, err
	}
	if kept, err = r.Passwords(ctx, Query{Member: m, Workspace: on.Workspace, Default: true}); err != nil {
		return on, kept, err
	}
	return on, kept, kept.Default.usable(PolicyOf(on.security))
}

// Unlock lets a member try again who is locked out by wrong passwords. The caller
// needs member.password.reset. Errors: member.ErrNotFound; member.ErrSelf; a
// *member.CeilingError. It changes nothing if there were no failures, so the second
// time.
func (s *Service) Unlock(ctx context.Context, actor rbac.Actor, m id.Member) (err error) {
	defer fault.Wrap(&err, "signin: unlock")
	if err := s.on(); err != nil {
		return err
	}
	return s.store.Update(ctx, unit.On(actor, rbac.OnMember(m)), func(ctx context.Context, tx Tx) error {
		on, err := s.upon(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		found, err := tx.Passwords(ctx, Query{Workspace: on.Workspace, Key: on.key()})
		a := found.Attempts
		if err != nil || a.live(on.now).Failures == 0 {
			return err
		}
		a.Failures = 0
		if err := tx.PutAttempts(ctx, a, on.now); err != nil {
			return err
		}
		return s.append(ctx, tx, actor, EventUnlocked, on.Member, "", on.now, nil, nil)
	})
}

// upon returns the member if the actor may do something about his password: he has
// the right, is not the member himself, and holds no less than he (M12).
func (s *Service) upon(ctx context.Context, r Reader, actor rbac.Actor, m id.Member) (on upon, err error) {
	facts, err := s.env.Authorize(ctx, r, actor, rbac.ResetMemberPassword, rbac.OnMember(m), member.ErrNotFound)
	if err != nil {
		return on, err
	}
	if on, err = s.subject(ctx, r, facts, m); err != nil {
		return on, err
	}
	if on.Account != "" && on.Account == actor.Account() {
		return on, member.ErrSelf
	}
	return on, member.Ceiling(ctx, s.env, r, actor, facts, on.Member)
}

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
	p := Password(rand.Text()[:oneTime])
	hash, err := s.options.Hasher.Hash(ctx, p)
	if err != nil {
		return g, err
	}
	err = s.upon(ctx, actor, m, func(ctx context.Context, tx Tx, on upon) error {
		if err := active(on.Member, ActionResetPassword, on.now); err != nil {
			return err
		}
		standard, err := tx.DefaultPassword(ctx, on.Member.Workspace)
		if err != nil {
			return err
		}
		if err := standard.usable(PolicyOf(on.security)); err != nil {
			return err
		}
		before, err := tx.Credential(ctx, m)
		if err != nil {
			return err
		}
		after := Credential{Member: m, Hash: hash, MustChange: true, SetAt: on.now, ExpiresAt: on.now.Add(on.security.ResetValidity)}
		g = Given{Member: on.Member, Password: p}
		if standard.Hash != "" {
			after.Hash, g.Password = standard.Hash, ""
		}
		g.Credential = after
		g.Credential.Hash = ""
		if err := tx.PutCredential(ctx, after); err != nil {
			return err
		}
		if err := tx.PutAttempts(ctx, Attempts{Workspace: on.Member.Workspace, Key: on.key()}, on.now); err != nil {
			return err
		}
		return s.append(ctx, tx, actor, EventReset, on.Member, reason, on.now, before.snapshot(), reset{after, standard.Hash != ""})
	})
	if err != nil {
		return Given{}, err
	}
	return g, nil
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
	return s.upon(ctx, actor, m, func(ctx context.Context, tx Tx, on upon) error {
		a, err := tx.Attempts(ctx, on.Member.Workspace, on.key())
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

// upon runs one verb upon a member's password in a unit: the right, nobody upon
// himself, and nobody upon somebody who holds more (M12).
func (s *Service) upon(ctx context.Context, actor rbac.Actor, m id.Member, do func(context.Context, Tx, upon) error) error {
	object := rbac.OnMember(m)
	return s.store.Update(ctx, unit.On(actor, object), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.ResetMemberPassword, object, member.ErrNotFound)
		if err != nil {
			return err
		}
		on, err := s.subject(ctx, tx, facts, m)
		if err != nil {
			return err
		}
		if on.Member.Account != "" && on.Member.Account == actor.Account() {
			return member.ErrSelf
		}
		if err := member.Ceiling(ctx, s.env, tx, actor, facts, on.Member); err != nil {
			return err
		}
		return do(ctx, tx, on)
	})
}
